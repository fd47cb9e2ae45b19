import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Due, When } from '../../web/ui/when.tsx'
import type { ComplaintRow } from '../contract.ts'
import { HandoverTag } from './handover-note.tsx'
import { isThin } from './thin-pages.ts'
import type { Names } from './use-names.ts'

export type RowProps = {
  readonly row: ComplaintRow
  /** Its address, in this list. */
  readonly href: string
  readonly open: boolean
  readonly focused: boolean
  readonly selected: boolean
  readonly busy: boolean
  readonly names: Names
  readonly pointed: (id: string, how: 'focus' | 'toggle' | 'range' | 'open') => void
}

/**
 * One complaint in the list: a box to select it, and the way to it. A plain link: a router's own works out its address and
 * whether it is active again with each row and each complaint opened.
 */
export const Row = memo(function Row(props: RowProps) {
  const { row, href, open, focused, selected, busy, pointed } = props
  const { t } = useTranslation()
  if (isThin(row)) return <div className="row thin" aria-hidden="true" />
  const classes = [
    'row',
    open && 'on',
    focused && 'at',
    selected && 'chosen',
    busy && 'busy',
    row.open || 'ended',
  ].filter((c) => typeof c === 'string')
  return (
    <>
      <button
        type="button"
        role="checkbox"
        className="check"
        tabIndex={focused ? 0 : -1}
        aria-checked={selected}
        aria-label={t('inbox.select', { number: row.number })}
        onClick={(e) => pointed(row.id, e.shiftKey ? 'range' : 'toggle')}
      />
      <a
        href={href}
        className={classes.join(' ')}
        tabIndex={focused ? 0 : -1}
        data-row={row.id}
        aria-current={open ? 'page' : undefined}
        aria-busy={busy || undefined}
        onFocus={() => pointed(row.id, 'focus')}
        onClick={(e) => {
          if (e.metaKey || e.ctrlKey || e.altKey) return
          e.preventDefault()
          pointed(row.id, e.shiftKey ? 'range' : 'open')
        }}
      >
        <Said {...props} />
      </a>
    </>
  )
})

function Said({ row, names }: RowProps) {
  const { t } = useTranslation()
  const where = [row.number, names.channel(row.channel), names.place(row.placeId)].filter(Boolean)
  return (
    <>
      <span className="t">
        {row.restricted && <span className="tag">{t('complaint.restricted')}</span>}{' '}
        {row.title || row.snippet || row.number}
      </span>
      {row.open && row.nextDueAt ? (
        <Due at={row.nextDueAt} />
      ) : (
        <span className="due calm">{row.open ? <When at={row.receivedAt} /> : names.state(row.state)}</span>
      )}
      <span className="s">{row.snippet}</span>
      <span className="m">
        <HandoverTag row={row} />
        {row.nextClock && row.open && <span className="w">{names.clock(row.nextClock)}</span>}
        {row.open && (!row.assessed || row.severity === 'high' || row.severity === 'critical') && (
          <span className="w" title={names.severityOf(row)}>
            {row.assessed ? names.severityOf(row) : t('context.not-assessed')}
          </span>
        )}
        <span className="where">{where.join(t('common.dot'))}</span>
        <span className="who">{row.owner?.name ?? t('complaint.unassigned')}</span>
      </span>
    </>
  )
}
