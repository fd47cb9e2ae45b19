import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../kit/client/call.ts'
import { randomUuid } from '../../kit/client/uuid.ts'
import { harmless } from '../../kit/pure/markup.ts'
import { keyOf } from '../../web/ui/problem-note.tsx'
import { read } from '../../web/ui/use-call.ts'
import { When } from '../../web/ui/when.tsx'
import { type Fetching, listFetching, type MailboxItem, setFetching } from '../contract.ts'
import { FetchingForm, type FetchingGiven } from './fetching-form.tsx'

type Doing = (said: string, work: () => Promise<(() => Promise<unknown>) | undefined>) => Promise<boolean>

type Props = {
  readonly item: MailboxItem
  readonly writes: boolean
  readonly doing: Doing
}

const AGAIN_MS = 5_000

/** Whether a mailbox is fetched by IMAP, how that goes, and the settings of it. */
export function FetchingPart({ item, writes, doing }: Props) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [open, setOpen] = useState(false)
  const { data } = useQuery({ ...read(listFetching, {}), refetchInterval: AGAIN_MS })
  const fetching = data?.items.find((f) => f.mailboxId === item.id)
  const { id, address } = item
  const set = async (body: FetchingGiven & { version: number; on: boolean }) => {
    const now = await call(setFetching, { params: { id }, body }, { idempotencyKey: randomUuid() })
    await client.invalidateQueries({ queryKey: [listFetching.id] })
    return now
  }
  const save = async (given: FetchingGiven) => {
    const done = await doing(t('fetching.done-on', { address }), async () => {
      const now = await set({ ...given, version: item.version, on: true })
      // Another password cannot be taken back: nobody knows the one of before.
      if (fetching && given.password !== undefined) return undefined
      const before = fetching ?? { ...now, on: false }
      return () => set({ ...before.settings, version: now.version, on: before.on })
    })
    if (done) setOpen(false)
    return done
  }
  const stop = (f: Fetching) =>
    doing(t('fetching.done-off', { address }), async () => {
      const now = await set({ ...f.settings, version: item.version, on: false })
      setOpen(false)
      return () => set({ ...f.settings, version: now.version, on: true })
    })
  return (
    <div className="fetching">
      {fetching && !item.off && <State of={fetching} />}
      {writes && data && !open && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => setOpen(true)}
          aria-label={t(fetching ? 'fetching.change-of' : 'fetching.open-of', { address })}
        >
          {t(fetching ? 'fetching.change' : 'fetching.open')}
        </Button>
      )}
      {open && (
        <FetchingForm mailboxId={id} address={address} fetching={fetching} save={save}>
          {fetching?.on && (
            <Button variant="default" onClick={() => void stop(fetching)}>
              {t('fetching.stop')}
            </Button>
          )}
          <Button variant="default" onClick={() => setOpen(false)}>
            {t('common.cancel')}
          </Button>
        </FetchingForm>
      )}
    </div>
  )
}

function State({ of: { on, lookedAt, failing } }: { of: Fetching }) {
  const { t } = useTranslation()
  if (!on) return <p className="small quiet">{t('fetching.stopped')}</p>
  if (!failing)
    return (
      <p className="small">
        {lookedAt ? (
          <>
            {t('fetching.since')} <When at={lookedAt} />
          </>
        ) : (
          t('fetching.never')
        )}
      </p>
    )
  const works = failing.problem === 'mail.imap-cannot-mark'
  return (
    <div className={`note-box ${works ? 'warn' : 'problem'}`} role="alert">
      <p className="small">
        {works ? (
          t('fetching.partly')
        ) : (
          <>
            {t('fetching.failing')} <When at={failing.since} exact />
          </>
        )}
      </p>
      <p>{t(`problem.${keyOf(failing.problem)}`)}</p>
      {failing.said && <p className="small">{t('fetching.said', { said: harmless(failing.said) })}</p>}
    </div>
  )
}
