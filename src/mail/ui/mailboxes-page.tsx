import { Button, NumberInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { UndoStrip, useUndo } from '../../catalogue/ui/index.ts'
import { useNames } from '../../complaints/ui/index.ts'
import { TestMail } from '../../templates/ui/index.ts'
import { call } from '../../kit/client/call.ts'
import { randomUuid } from '../../kit/client/uuid.ts'
import { harmless } from '../../kit/pure/markup.ts'
import { Page } from '../../web/ui/page.tsx'
import { keyOf, ProblemNote } from '../../web/ui/problem-note.tsx'
import { useMay } from '../../web/ui/session.ts'
import { Answer } from '../../web/ui/states.tsx'
import { read } from '../../web/ui/use-call.ts'
import { When } from '../../web/ui/when.tsx'
import { addMailbox, changeMailbox, listMailboxes, type MailboxItem, setGrace } from '../contract.ts'
import { FetchingPart } from './fetching-part.tsx'
import { MailboxGuide } from './mailbox-guide.tsx'
import { MailboxForm, type MailboxGiven } from './mailbox-form.tsx'
import './mail.css'

const once = () => ({ idempotencyKey: randomUuid() })
/** Whoever connects a mailbox sends a mail to it and looks whether it comes. */
const AGAIN_MS = 5_000

/** The mailboxes people write to: where their mails go, and what came last. */
export function MailboxesPage() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const writes = useMay('settings.write')
  const answer = useQuery({ ...read(listMailboxes, {}), refetchInterval: AGAIN_MS })
  const undo = useUndo()
  const [editing, setEditing] = useState<MailboxItem | null>(null)
  const [adding, setAdding] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const doing = async (said: string, work: () => Promise<(() => Promise<unknown>) | undefined>): Promise<boolean> => {
    setError(null)
    const again = () => client.invalidateQueries({ queryKey: [listMailboxes.id] })
    try {
      const back = await work()
      if (back) undo.tell(said, () => back().finally(again))
      return true
    } catch (problem) {
      setError(problem)
      return false
    } finally {
      await again()
    }
  }
  const change = (id: string, body: Partial<MailboxGiven> & { version: number; off?: boolean }) =>
    call(changeMailbox, { params: { id }, body }, once())
  const save = async (given: MailboxGiven) => {
    const done = await doing(t('mailboxes.done-saved', { address: given.address }), async () => {
      if (!editing) {
        const made = await call(addMailbox, { body: given }, once())
        return () => change(made.id, { version: made.version, off: true })
      }
      const { id, version, address, name, teamId, typeCode, locale, signature } = editing
      const before = { address, name, teamId, typeCode, locale, signature }
      const now = await change(id, { ...given, version })
      return () => change(id, { ...before, version: now.version })
    })
    if (done) {
      setEditing(null)
      setAdding(false)
    }
    return done
  }
  const turn = ({ id, version, off, address }: MailboxItem) =>
    doing(t(off ? 'mailboxes.done-on' : 'mailboxes.done-off', { address }), async () => {
      const now = await change(id, { version, off: !off })
      return () => change(id, { version: now.version, off })
    })
  return (
    <Page title={t('nav.mailboxes')} hint={t('mailboxes.hint')}>
      <UndoStrip undo={undo} />
      <ProblemNote error={error} />
      <Answer of={answer}>
        {({ items, graceDays }) => (
          <>
            <ul className="mailboxes">
              {items.map((item) => (
                <Mailbox
                  key={item.id}
                  item={item}
                  edit={writes ? () => setEditing(item) : undefined}
                  turn={writes ? () => void turn(item) : undefined}
                  fetching={<FetchingPart item={item} writes={writes} doing={doing} />}
                  form={
                    editing?.id === item.id ? (
                      <MailboxForm item={editing} save={save} cancel={() => setEditing(null)} />
                    ) : null
                  }
                />
              ))}
            </ul>
            {items.length === 0 && <p className="note-box">{t('mailboxes.none')}</p>}
            {writes && items.length > 0 && !adding && (
              <Button variant="default" mt={14} onClick={() => setAdding(true)}>
                {t('mailboxes.add')}
              </Button>
            )}
            {writes && (adding || items.length === 0) && (
              <section>
                <h2>{t('mailboxes.add')}</h2>
                <MailboxForm item={null} save={save} cancel={adding ? () => setAdding(false) : undefined} />
              </section>
            )}
            <Grace
              key={graceDays}
              days={graceDays}
              may={writes}
              save={(days) =>
                doing(t('mailboxes.done-grace'), async () => {
                  await call(setGrace, { body: { graceDays: days } }, once())
                  return () => call(setGrace, { body: { graceDays } }, once())
                })
              }
            />
          </>
        )}
      </Answer>
    </Page>
  )
}

type MailboxProps = {
  readonly item: MailboxItem
  readonly edit: (() => void) | undefined
  readonly turn: (() => void) | undefined
  readonly fetching: ReactNode
  /** Being changed. */
  readonly form: ReactNode
}

function Mailbox({ item, edit, turn, fetching, form }: MailboxProps) {
  const { t } = useTranslation()
  const names = useNames()
  const [first] = useState(item.last === null)
  return (
    <li className={item.off ? 'off' : ''}>
      <div>
        <p>
          <b>{item.address}</b> <span className="quiet">{harmless(item.name)}</span>
          {item.off && <span className="tag"> {t('mailboxes.off')}</span>}
        </p>
        <p className="small quiet">
          {item.teamId ? t('mailboxes.to-team', { team: names.team(item.teamId) }) : t('mailboxes.by-routing')}
          {t('common.dot')}
          {t('mailboxes.came', { count: item.came })}
        </p>
        {item.former.length > 0 && (
          <p className="small quiet">{t('mailboxes.former', { addresses: item.former.join(t('common.comma')) })}</p>
        )}
        <Came item={item} first={first} />
      </div>
      <div className="row-flex">
        {edit && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={edit}
            aria-label={t('mailboxes.change-of', { address: item.address })}
          >
            {t('mailboxes.change')}
          </Button>
        )}
        {turn && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={turn}
            aria-label={t(item.off ? 'mailboxes.turn-on-of' : 'mailboxes.turn-off-of', { address: item.address })}
          >
            {t(item.off ? 'mailboxes.turn-on' : 'mailboxes.turn-off')}
          </Button>
        )}
      </div>
      {form && <div className="mailbox-whole">{form}</div>}
      {!item.off && (
        <div className="mailbox-whole">
          {fetching}
          {edit && (
            <details open={first}>
              <summary>{t('mailboxes.connect', { address: item.address })}</summary>
              <MailboxGuide
                address={item.address}
                test={
                  <Suspense>
                    <TestMail kind="notice" locale={item.locale} mailboxId={item.id} />
                  </Suspense>
                }
              />
            </details>
          )}
        </div>
      )}
    </li>
  )
}

/** What came last; before anything did, that it is waited for. `first`: nothing had come when the page was opened. */
function Came({ item: { last, off }, first }: { item: MailboxItem; first: boolean }) {
  const { t } = useTranslation()
  if (!last)
    return (
      <p className={off ? 'small' : 'small mailbox-waits'} role="status">
        {t(off ? 'mailboxes.nothing-yet' : 'mailboxes.waits')}
      </p>
    )
  return (
    <p className="small" role="status">
      {first && <b className="yes">{t('mailboxes.first-came')} </b>}
      {t('mailboxes.last')} <When at={last.at} />
      {t('common.dot')}
      {t(`mailboxes.state-${last.state}`, { defaultValue: last.state })}
      {last.reason && t('mailboxes.because', { reason: t([`problem.${keyOf(last.reason)}`, 'parked.unreadable']) })}
    </p>
  )
}

/** For how long an answer still belongs to what has ended. */
function Grace({ days, may, save }: { days: number; may: boolean; save: (days: number) => Promise<boolean> }) {
  const { t } = useTranslation()
  const [value, setValue] = useState<number>(days)
  return (
    <section>
      <h2>{t('mailboxes.grace')}</h2>
      <form
        className="row-flex"
        onSubmit={(e) => {
          e.preventDefault()
          void save(value)
        }}
      >
        <NumberInput
          label={t('mailboxes.grace-days')}
          description={t('mailboxes.grace-hint')}
          min={0}
          max={3650}
          allowDecimal={false}
          readOnly={!may}
          value={value}
          onChange={(v) => setValue(Number(v) || 0)}
        />
        {may && value !== days && <Button type="submit">{t('common.save')}</Button>}
      </form>
    </section>
  )
}
