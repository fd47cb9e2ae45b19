import { Button, Popover } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Due } from '../../web/ui/when.tsx'
import { urgency } from '../../web/ui/time.ts'
import { useNow } from '../../web/ui/use-now.ts'
import type { Clock, ComplaintPage } from '../contract.ts'
import { ClockWhy } from './clock-why.tsx'
import { showMessage } from './show-message.ts'
import { waitingNotes } from './side-notes.ts'
import type { CommandName } from './use-command.ts'
import { useNames } from './use-names.ts'

/** The action that meets a clock of this kind. */
const meets: Record<string, CommandName> = {
  acknowledge: 'acknowledge',
  first_reply: 'reply',
  next_update: 'reply',
  resolve: 'reply',
  statutory: 'reply',
  promise: 'keep_promise',
  callback: 'call',
  handover: 'accept_handover',
  authority: 'answer_authority',
  containment: 'contain',
}
/** What must be done here before any answer: it comes first, whatever clock is nearest. */
const heldBack = new Set(['proposal', 'approval'])
/** Where no clock runs: what the state itself asks for. */
const asks: Record<string, CommandName | readonly CommandName[]> = {
  wrote_again: ['reopen', 'leave_ended'],
  received: 'assess',
  acknowledged: 'assess',
  assessed: 'assign',
  assigned: 'investigate',
  awaiting_info: 'resume',
  proposal: 'request_approval',
  approval: 'approve',
  approved: 'reply',
  decided: 'reply',
  responded: 'confirm',
  remedy_in_progress: 'finish_remedy',
  follow_up: 'close',
  review: 'finalise',
  assign_reviewer: ['assign', 'finalise'],
  remedy_owed: 'start_remedy',
  closed: 'reopen',
}

type Props = { page: ComplaintPage; act: (name: CommandName) => void }

/** The loudest thing on the page: what next, by when, and why. */
export function NextStep({ page, act }: Props) {
  const { t } = useTranslation()
  const names = useNames()
  const now = useNow()
  const clock = nearest(sinceEnd(page))
  const { state, open, waitingFor, withdrawalAskedAt } = page.complaint
  const asked = askedOf(page)
  const step = stepsOf(page, clock)
  const [note, ...more] = waitingNotes(page.timeline)
  const brake = open ? brakeOf(page) : undefined
  const tone = clock?.dueAt ? urgency(Date.parse(clock.dueAt), now) : 'calm'
  return (
    <div className={`next ${tone}`}>
      <p>
        {clock?.dueAt && open && clock.kind !== 'follow_up' && !heldBack.has(asked) ? (
          <>
            {t('next.by')} <b>{names.clockOf(clock)}</b> <Due at={clock.dueAt} />
          </>
        ) : (
          <b>
            {open
              ? t(`next.state.${asked}`, { defaultValue: names.state(state) })
              : t('next.ended', { state: names.state(state) })}
            {open && clock?.dueAt && <Due at={clock.dueAt} />}
          </b>
        )}
        {open && ['assign_reviewer', 'remedy_owed'].includes(asked) && clock?.kind !== 'follow_up' && (
          <span> {t(`next.state.${asked}`)}</span>
        )}
        {withdrawalAskedAt && open && <span> {t('next.state.withdrawal')}</span>}
        {state === 'wrote_again' && clock && <span> {t('next.state.wrote_again')}</span>}
        {clock?.milestone === 'not_arrived' && <span> {t('next.not-arrived')}</span>}
        {brake && <span> {t('next.not-acknowledged', { why: t(`fact-values.brake.${brake}`) })}</span>}
        {note !== undefined && (
          <>
            {' '}
            <button type="button" className="plain link" onClick={() => showMessage(note)}>
              {t('mail.to-look-at', { count: more.length + 1 })}
            </button>
          </>
        )}
        {waitingFor && open && (
          <span> {t('next.waiting', { who: t(`waiting.${waitingFor}`, { defaultValue: waitingFor }) })}</span>
        )}
      </p>
      {clock && open && (
        <Popover width={340} position="bottom-end" trapFocus>
          <Popover.Target>
            <Button variant="default" size="compact-md">
              {t('next.why')}
            </Button>
          </Popover.Target>
          <Popover.Dropdown>
            <ClockWhy clock={clock} assessed={page.complaint.assessed} />
          </Popover.Dropdown>
        </Popover>
      )}
      {step.map((name, i) => (
        <Button key={name} size="compact-md" variant={i === 0 ? 'filled' : 'default'} onClick={() => act(name)}>
          {t(`actions.${name}`)}
        </Button>
      ))}
    </div>
  )
}

/** Why nothing was acknowledged by itself, as long as nobody did it instead. */
function brakeOf({ complaint, timeline }: ComplaintPage): string | undefined {
  if (complaint.acknowledgedAt !== null) return undefined
  for (const item of timeline)
    if (item.kind === 'event' && item.type === 'acknowledgement_withheld') return String(item.facts?.brake)
  return undefined
}

/** What its state asks for; a review without a reviewer, and a remedy nobody has begun, ask for that first. */
function askedOf({ complaint }: ComplaintPage): string {
  const { state, owner, finalAt, remedyStartedAt } = complaint
  if (state === 'review' && owner === null) return 'assign_reviewer'
  if (state === 'remedy_in_progress' && finalAt !== null && remedyStartedAt === null) return 'remedy_owed'
  return state
}

/** Of a complaint that had ended, only what is owed since. */
function sinceEnd({ complaint, clocks }: ComplaintPage): Clock[] {
  const { endedAs, closedAt } = complaint
  return clocks.filter((c) => endedAs === null || closedAt === null || c.startedAt >= closedAt)
}

/** The running clock that is due first. */
export function nearest(clocks: readonly Clock[]): Clock | undefined {
  return clocks
    .filter((c) => (c.state === 'running' || (c.state === 'breached' && !c.endedAt)) && c.dueAt)
    .sort((a, b) => Date.parse(a.dueAt ?? '') - Date.parse(b.dueAt ?? ''))[0]
}

function stepsOf(page: ComplaintPage, clock: Clock | undefined): CommandName[] {
  const allowed = new Set(page.actions.filter((a) => a.allowed).map((a) => a.name))
  const asked = [asks[askedOf(page)] ?? []].flat()
  if (page.complaint.withdrawalAskedAt) asked.push('withdraw')
  const met = [clock && (clock.milestone === 'containment' ? 'contain' : meets[clock.kind])].filter(
    (n) => n !== undefined,
  )
  // What they wrote is looked at before it is answered, and what waits for approval is approved first.
  const first = page.complaint.endedAs !== null || heldBack.has(askedOf(page))
  const wanted = first ? [...asked, ...met] : [...met, ...asked]
  return [...new Set(wanted)].filter((name) => allowed.has(name))
}
