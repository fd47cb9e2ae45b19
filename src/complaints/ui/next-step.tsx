import { Button, Popover } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Due } from '../../web/ui/when.tsx'
import { urgency } from '../../web/ui/time.ts'
import { useNow } from '../../web/ui/use-now.ts'
import type { Clock, ComplaintPage } from '../contract.ts'
import { ClockWhy } from './clock-why.tsx'
import type { CommandName } from './use-command.ts'
import { useNames } from './use-names.ts'

/** The action that meets a clock of this kind. */
const meets: Record<string, CommandName> = {
  acknowledge: 'acknowledge',
  first_reply: 'reply',
  next_update: 'reply',
  resolve: 'reply',
  statutory: 'reply',
  authority: 'reply',
}
/** Where no clock runs: what the state itself asks for. */
const asks: Record<string, CommandName> = {
  received: 'assess',
  acknowledged: 'assess',
  assessed: 'assign',
  assigned: 'investigate',
  awaiting_info: 'resume',
  proposal: 'request_approval',
  approval: 'approve',
  decided: 'reply',
  responded: 'confirm',
  remedy_in_progress: 'finish_remedy',
  follow_up: 'close',
  review: 'finalise',
  closed: 'reopen',
}

type Props = { page: ComplaintPage; act: (name: CommandName) => void }

/** The loudest thing on the page: what next, by when, and why. */
export function NextStep({ page, act }: Props) {
  const { t } = useTranslation()
  const names = useNames()
  const now = useNow()
  const clock = nearest(page.clocks)
  const { state, open, waitingFor } = page.complaint
  const step = stepsOf(page, clock)
  const tone = clock?.dueAt ? urgency(Date.parse(clock.dueAt), now) : 'calm'
  return (
    <div className={`next ${tone}`}>
      <p>
        {clock?.dueAt && open ? (
          <>
            {t('next.by')} <b>{names.clockOf(clock)}</b> <Due at={clock.dueAt} />
          </>
        ) : (
          <b>
            {open
              ? t(`next.state.${state}`, { defaultValue: names.state(state) })
              : t('next.ended', { state: names.state(state) })}
          </b>
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

/** The running clock that is due first. */
export function nearest(clocks: readonly Clock[]): Clock | undefined {
  return clocks
    .filter((c) => (c.state === 'running' || (c.state === 'breached' && !c.endedAt)) && c.dueAt)
    .sort((a, b) => Date.parse(a.dueAt ?? '') - Date.parse(b.dueAt ?? ''))[0]
}

function stepsOf(page: ComplaintPage, clock: Clock | undefined): CommandName[] {
  const allowed = new Set(page.actions.filter((a) => a.allowed).map((a) => a.name))
  const wanted = [
    clock && (clock.milestone === 'containment' ? 'contain' : meets[clock.kind]),
    asks[page.complaint.state],
  ].filter((n) => n !== undefined)
  return [...new Set(wanted)].filter((name) => allowed.has(name))
}
