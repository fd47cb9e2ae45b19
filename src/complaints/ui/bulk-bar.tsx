import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Key } from '../../web/ui/key.tsx'
import type { KeyName } from '../../web/ui/keys.ts'
import type { Mays } from './complaint-list.tsx'
import type { PickKind } from './triage.tsx'

type Props = {
  readonly count: number
  readonly most: number
  readonly mays: Mays
  readonly running: boolean
  readonly begin: (kind: PickKind) => boolean
  readonly clear: () => void
  /** Selects all that the filter finds, as many as can be. */
  readonly all: () => Promise<void>
}

/** What can be done with what is selected. */
export function BulkBar({ count, most, mays, running, begin, clear, all }: Props) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState(false)
  const kinds: [PickKind, boolean, KeyName?][] = [
    ['assign', mays.assign, 'assign'],
    ['severity', mays.assess, 'severity'],
    ['type', mays.assess, 'type'],
    ['helper', mays.assign],
    ['link', mays.merge],
    ['note', mays.note],
  ]
  return (
    <div className="bulk-bar" role="toolbar" aria-label={t('bulk.label')}>
      <b role="status">{t('bulk.selected', { count })}</b>
      {count < most && (
        <button
          type="button"
          className="plain link"
          disabled={asking}
          onClick={() => {
            setAsking(true)
            void all().finally(() => setAsking(false))
          }}
        >
          {t('bulk.select-all', { most })}
        </button>
      )}
      <button type="button" className="plain link" onClick={clear}>
        {t('bulk.clear')} <kbd aria-hidden="true">Esc</kbd>
      </button>
      <span className="bulk-kinds">
        {kinds.map(
          ([kind, may, key]) =>
            may && (
              <button key={kind} type="button" className="chip" disabled={running} onClick={() => begin(kind)}>
                {t(`bulk-kinds.${kind}`)} {key && <Key of={key} />}
              </button>
            ),
        )}
      </span>
    </div>
  )
}
