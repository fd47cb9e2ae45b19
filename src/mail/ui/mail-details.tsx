import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addressOf } from '../../kit/client/address.ts'
import { call } from '../../kit/client/call.ts'
import { harmless } from '../../kit/pure/markup.ts'
import { ProblemNote } from '../../web/ui/problem-note.tsx'
import { useSend } from '../../web/ui/use-call.ts'
import { judgeSideNote, type MailOfMessage, mailsOfComplaint, wholeMail } from '../contract.ts'
import './mail.css'

type Props = { readonly complaintId: string; readonly version: number; readonly messageId: string }

/** The mails of a complaint, asked once for all its messages, and again when it has changed. */
function useMail({ complaintId, version, messageId }: Props): MailOfMessage | undefined {
  const answer = useQuery({
    queryKey: [mailsOfComplaint.id, complaintId, version],
    queryFn: ({ signal }) => call(mailsOfComplaint, { params: { id: complaintId } }, { signal }),
    placeholderData: (before) => before,
  })
  return answer.data?.items.find((m) => m.messageId === messageId)
}

/** Subject, sender, whether the sender could be shown to be genuine; the whole mail and its layout one press away. */
export function MailDetails(props: Props) {
  const { t } = useTranslation()
  const mail = useMail(props)
  if (!mail) return null
  const from = mail.from[0]?.address
  const subject = harmless(mail.subject)
  return (
    <div className="mail">
      <p className="small quiet mail-line">
        {subject && <span className="mail-subject">{t('mail.subject', { subject })}</span>}
        {from && <bdi>{harmless(from)}</bdi>}
        {mail.replyTo.length > 0 && (
          <bdi>{t('mail.reply-to', { who: mail.replyTo.map((a) => harmless(a.address)).join(t('common.comma')) })}</bdi>
        )}
        <Genuine mail={mail} />
        {mail.class !== 'human' && <span className="tag">{t(`fact-values.mailClass.${mail.class}`)}</span>}
        {mail.standing === 'admitted' && <span className="tag">{t('mail.third-party')}</span>}
        {mail.standing === 'dismissed' && <span className="tag">{t('mail.dismissed')}</span>}
        {mail.cc.length > 0 && (
          <bdi>{t('mail.cc', { who: mail.cc.map((a) => harmless(a.address)).join(t('common.comma')) })}</bdi>
        )}
      </p>
      {mail.standing === 'waiting' && <Waiting {...props} />}
      <Whole mail={mail} complaintId={props.complaintId} />
    </div>
  )
}

/** In words, from what the sender's domain vouches for. */
function Genuine({ mail }: { mail: MailOfMessage }) {
  const { t } = useTranslation()
  const { spf, dkim, dmarc, author } = mail.authenticity
  const kind = author ?? (dmarc === 'pass' ? 'pass' : dmarc === 'fail' ? 'fail' : 'unknown')
  return (
    <span
      className={kind === 'fail' || kind === 'unclear' ? 'tag late' : ''}
      title={`SPF ${spf}, DKIM ${dkim}, DMARC ${dmarc}`}
    >
      {t(`mail.genuine-${kind}`)}
    </span>
  )
}

/** Somebody who is not known at the complaint wrote: let in as a third party, or set aside. */
function Waiting({ complaintId, messageId }: Props) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const judge = useSend(judgeSideNote, () => client.invalidateQueries({ queryKey: [mailsOfComplaint.id] }))
  const send = (admitted: boolean) => judge.mutate({ params: { id: complaintId }, body: { messageId, admitted } })
  return (
    <div className="note-box mail-waiting">
      <p>{t('mail.waiting')}</p>
      <div className="row-flex">
        <Button size="compact-sm" loading={judge.isPending} onClick={() => send(true)}>
          {t('mail.admit')}
        </Button>
        <Button size="compact-sm" variant="default" disabled={judge.isPending} onClick={() => send(false)}>
          {t('mail.set-aside')}
        </Button>
      </div>
      <ProblemNote error={judge.error} />
    </div>
  )
}

type Shown = 'nothing' | 'text' | 'page'

function Whole({ mail, complaintId }: { mail: MailOfMessage; complaintId: string }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState<Shown>('nothing')
  const [remote, setRemote] = useState(false)
  const toggle = (what: Shown) => setShown(shown === what ? 'nothing' : what)
  if (!mail.more && !mail.html) return null
  const { messageId } = mail
  return (
    <>
      <p className="mail-acts">
        {mail.more && (
          <button
            type="button"
            className="plain link small"
            aria-expanded={shown === 'text'}
            onClick={() => toggle('text')}
          >
            {t(shown === 'text' ? 'mail.hide' : 'mail.show-all')}
          </button>
        )}
        {mail.html && (
          <button
            type="button"
            className="plain link small"
            aria-expanded={shown === 'page'}
            onClick={() => toggle('page')}
          >
            {t(shown === 'page' ? 'mail.hide' : 'mail.show-layout')}
          </button>
        )}
        {shown === 'page' && !remote && (
          <button type="button" className="plain link small" onClick={() => setRemote(true)}>
            {t('mail.load-pictures')}
          </button>
        )}
      </p>
      {shown === 'text' && <WholeText complaintId={complaintId} messageId={messageId} />}
      {shown === 'page' && (
        <iframe
          className="mail-page"
          title={t('mail.layout')}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          referrerPolicy="no-referrer"
          src={addressOf(
            '/api/v1/complaints/:id/mail-page',
            { id: complaintId },
            { messageId, ...(remote ? { remote: '1' } : {}) },
          )}
        />
      )}
    </>
  )
}

function WholeText({ complaintId, messageId }: { complaintId: string; messageId: string }) {
  const answer = useQuery({
    queryKey: [wholeMail.id, complaintId, messageId],
    queryFn: ({ signal }) => call(wholeMail, { params: { id: complaintId }, query: { messageId } }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (answer.error) return <ProblemNote error={answer.error} />
  return (
    <pre className="plain-words mail-whole" dir="auto">
      {harmless(answer.data?.text ?? '')}
    </pre>
  )
}
