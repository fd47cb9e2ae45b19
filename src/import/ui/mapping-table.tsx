import { NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Target, targets } from '../domain/mapping.ts'
import { columnOf, type Draft, formats, isDate, type Looked, ruleOf, withColumn, withRule } from './mapping.ts'

type Props = {
  readonly looked: Looked
  readonly draft: Draft
  readonly zone: string
  readonly change: (draft: Draft) => void
}

/** Which column is what: a column is dragged onto its meaning, or chosen beside it. */
export function MappingTable({ looked, draft, zone, change }: Props) {
  const { t } = useTranslation()
  const [over, setOver] = useState('')
  const examples = (name: string) =>
    looked.columns
      .find((c) => c.name === name)
      ?.cells.filter(Boolean)
      .slice(0, 2)
      .join(' · ') ?? ''
  const used = new Set(targets.map((target) => columnOf(draft, target)))
  const drop = (target: Target) => ({
    onDragOver: (e: React.DragEvent) => {
      e.preventDefault()
      setOver(target)
    },
    onDragLeave: () => setOver(''),
    onDrop: (e: React.DragEvent) => {
      e.preventDefault()
      setOver('')
      const name = e.dataTransfer.getData('text/plain')
      if (looked.columns.some((c) => c.name === name)) change(withColumn(draft, target, name, looked, zone))
    },
  })
  return (
    <div className="import-mapping">
      <div className="import-columns" aria-hidden="true">
        <p className="small quiet">{t('import.drag')}</p>
        <ul>
          {looked.columns.map(({ name }) => (
            <li key={name}>
              <button
                type="button"
                tabIndex={-1}
                draggable
                className={used.has(name) ? 'plain used' : 'plain'}
                onDragStart={(e) => e.dataTransfer.setData('text/plain', name)}
              >
                {name}
              </button>
            </li>
          ))}
        </ul>
      </div>
      <ul className="import-targets">
        {targets.map((target) => (
          <li key={target} className={over === target ? 'over' : ''} {...drop(target)}>
            <NativeSelect
              label={t(`import.target.${target}`)}
              value={columnOf(draft, target)}
              required={target === 'received'}
              data={[
                { value: '', label: t('import.no-column') },
                ...looked.columns.map(({ name }) => ({ value: name, label: name })),
              ]}
              onChange={(e) => change(withColumn(draft, target, e.currentTarget.value, looked, zone))}
            />
            <span className="small quiet import-example">{examples(columnOf(draft, target))}</span>
            {isDate(target) && columnOf(draft, target) !== '' && (
              <DateRule target={target} draft={draft} zone={zone} change={change} />
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Formats that are no pattern have a name. */
const named: ReadonlySet<string> = new Set(['iso', 'excel', 'unix', 'unix-ms'])

function DateRule({ target, draft, zone, change }: Omit<Props, 'looked'> & { target: Target }) {
  const { t } = useTranslation()
  const rule = ruleOf(draft, target) ?? { format: 'iso', zone }
  const all = formats.some((f) => f === rule.format) ? [...formats] : [rule.format, ...formats]
  const name = t(`import.target.${target}`)
  return (
    <div className="import-dates">
      <NativeSelect
        aria-label={t('import.format-of', { name })}
        value={rule.format}
        data={all.map((f) => ({ value: f, label: named.has(f) ? t(`import.formats.${f}`) : f }))}
        onChange={(e) => change(withRule(draft, target, { ...rule, format: e.currentTarget.value }))}
      />
      <TextInput
        aria-label={t('import.zone-of', { name })}
        value={rule.zone}
        onChange={(e) => change(withRule(draft, target, { ...rule, zone: e.currentTarget.value }))}
      />
    </div>
  )
}
