import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { labelOf } from '../../web/ui/i18n.ts'
import type { tryImport } from '../contract.ts'
import { CreateTypes } from './create-types.tsx'
import { type Draft, type Looked, withDefaultType, withValue } from './mapping.ts'

type Trial = ReplyOf<typeof tryImport>

const states = ['open', 'closed', 'withdrawn'] as const
const severities = ['low', 'medium', 'high', 'critical'] as const

/** Values of the file that mean nothing here, the most frequent first: each is given a meaning, or left empty. */
export function ValuesTable({
  trial,
  looked,
  draft,
  change,
  again,
}: {
  trial: Trial
  looked: Looked
  draft: Draft
  change: (draft: Draft) => void
  /** Tries it anew. */
  again: () => void
}) {
  const { t } = useTranslation()
  // What has to be said stands first; nothing leaves its place while somebody goes down the list.
  const [order] = useState(() => new Map<string, number>())
  const shown = trial.unknown
    .slice(0, 40)
    .toSorted((a, b) => Number(b.target === 'state') - Number(a.target === 'state'))
  const set = Object.entries((draft.values ?? {}) as Record<string, Record<string, string | null>>).flatMap(
    ([target, values]) =>
      Object.keys(values)
        .filter((value) => !shown.some((u) => u.target === target && u.value === value))
        .map((value) => ({ target, value, count: 0 })),
  )
  const rows = [...shown, ...set]
  const keyOf = (row: { target: string; value: string }) => `${row.target} ${row.value}`
  const placeOf = (row: { target: string; value: string }) => order.get(keyOf(row)) ?? 0
  for (const row of rows) if (!order.has(keyOf(row))) order.set(keyOf(row), order.size)
  rows.sort((a, b) => placeOf(a) - placeOf(b))
  if (rows.length === 0) return null
  const optionsOf = (target: string) => {
    if (target === 'state') return states.map((s) => ({ value: s, label: t(`import.state.${s}`) }))
    if (target === 'severity') return severities.map((s) => ({ value: s, label: t(`severity.${s}`) }))
    return (looked.lists[target] ?? []).map(({ id, name, labels }) => ({
      value: id,
      label: labels ? labelOf({ zhHant: '', zhHans: '', en: '', ...labels }, name) : name,
    }))
  }
  const means = (target: string, value: string) => {
    const said = ((draft.values ?? {}) as Record<string, Record<string, string | null>>)[target]?.[value]
    return said === null ? 'none' : (said ?? '')
  }
  const types = trial.unknown.filter((u) => u.target === 'type' && means('type', u.value) === '').map((u) => u.value)
  return (
    <section aria-label={t('import.values')}>
      <h2>{t('import.values')}</h2>
      <p className="small quiet">
        {t('import.values-hint')} {t('import.values-kept')}
      </p>
      {types.length > 0 && (
        <div className="row-flex import-types">
          <NativeSelect
            label={t('import.default-type')}
            value={draft.defaults?.type ?? ''}
            data={[{ value: '', label: t('import.no-default') }, ...optionsOf('type')]}
            onChange={(e) => change(withDefaultType(draft, e.currentTarget.value))}
          />
          <CreateTypes names={types} again={again} />
        </div>
      )}
      <ul className="import-values">
        {rows.map(({ target, value, count }) => (
          <li key={`${target} ${value}`}>
            <span className={target === 'state' && means(target, value) === '' ? 'small late' : 'small quiet'}>
              {t(`import.target.${target}`)}
            </span>
            <b>{value}</b>
            <span className="small quiet">{count > 0 ? t('import.times', { count }) : ''}</span>
            <div className="import-meaning">
              <NativeSelect
                aria-label={t('import.means', { value })}
                value={means(target, value)}
                data={[
                  { value: '', label: t('import.unmapped') },
                  { value: 'none', label: t('import.left-empty') },
                  ...optionsOf(target),
                ]}
                onChange={(e) => change(withValue(draft, target, value, e.currentTarget.value))}
              />
              {target === 'type' && count > 0 && means(target, value) === '' && (
                <CreateTypes names={[value]} again={again} alone />
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
