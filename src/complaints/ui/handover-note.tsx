import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { keyIn, useKeys } from '../../web/ui/keys.ts'
import { useMe } from '../../web/ui/session.ts'
import { When } from '../../web/ui/when.tsx'
import type { ComplaintPage, ComplaintRow } from '../contract.ts'
import type { CommandName } from './use-command.ts'

type Reader = { readonly id: string; readonly teams: readonly { readonly id: string }[] }

/** Whether what was handed over waits for this person: for them by name, or for whoever of their team takes it. */
export function handedTo({ handover }: Pick<ComplaintRow, 'handover'>, reader: Reader): boolean {
  if (!handover) return false
  return handover.staffId === null ? reader.teams.some((t) => t.id === handover.teamId) : handover.staffId === reader.id
}

/** In a row of the list: waiting for me, or for somebody else; too long is said. */
export function HandoverTag({ row }: { row: ComplaintRow }) {
  const { t } = useTranslation()
  const me = useMe()
  const keys = useKeys()
  if (!row.handover) return null
  const mine = handedTo(row, me)
  return (
    <span className={row.handover.late ? 'w late' : mine ? 'w soon' : 'w'}>
      ⇄ {t(mine ? 'handover.to-you' : 'handover.waits')}
      {row.handover.late && `${t('common.dot')}${t('handover.late')}`}
      {mine && keys.on && (
        <>
          {' '}
          <kbd aria-hidden="true">{keyIn(keys, 'accept')}</kbd> <kbd aria-hidden="true">{keyIn(keys, 'decline')}</kbd>
        </>
      )}
    </span>
  )
}

/** On the page of what was handed to me: take it, or give it back with a reason. */
export function HandoverNote({ page, act }: { page: ComplaintPage; act: (name: CommandName) => void }) {
  const { t } = useTranslation()
  const me = useMe()
  const { handover } = page.complaint
  if (!handover || !handedTo(page.complaint, me)) return null
  const may = (name: string) => page.actions.some((a) => a.name === name && a.allowed)
  return (
    <div className="note-box row-flex">
      <b className={handover.late ? 'late' : ''}>⇄ {t('handover.to-you')}</b>
      <span className="quiet">
        <When at={handover.since} />
      </span>
      <span className="grow" />
      {may('accept_handover') && (
        <Button size="compact-md" onClick={() => act('accept_handover')}>
          {t('actions.accept_handover')}
        </Button>
      )}
      {may('return_handover') && (
        <Button size="compact-md" variant="default" onClick={() => act('return_handover')}>
          {t('actions.return_handover')}
        </Button>
      )}
    </div>
  )
}
