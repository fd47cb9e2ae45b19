import { NativeSelect, Textarea, Button } from '@mantine/core'
import { memo, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../kit/client/call.ts'
import { harmless } from '../../kit/pure/markup.ts'
import { MailDetails } from '../../mail/ui/index.ts'
import { OutboxState } from '../../replies/ui/index.ts'
import { locales } from '../../web/ui/i18n.ts'
import { moment } from '../../web/ui/time.ts'
import { useReader, When } from '../../web/ui/when.tsx'
import { type ComplaintPage, readMessage, type TimelineItem } from '../contract.ts'
import { AttachmentLinks } from './attachment-links.tsx'
import { MessageWords } from './message-words.tsx'
import type { Recorded } from './recorders.ts'
import { CommandProblem } from './stale-note.tsx'
import { useCommand } from './use-command.ts'
import { useNames } from './use-names.ts'

export type Message = Extract<TimelineItem, { kind: 'message' }>
export type MessageProps = { item: Message; page: ComplaintPage; recorded?: Recorded | undefined }

/** What we sent ourselves, and what was told in person, are two things. */
function directionOf({ direction, channel }: Message): string {
  if (direction !== 'out') return `timeline.dir-${direction}`
  return channel === 'portal' ? 'timeline.dir-out' : 'timeline.dir-told'
}

/** One utterance. A note differs by colour, border, indent and label at once. */
export const MessageItem = memo(function MessageItem({ item, page, recorded }: MessageProps) {
  const { t } = useTranslation()
  const names = useNames()
  const toAuthority = item.direction === 'out' && item.visibility === 'internal' && !item.call
  const inside = item.visibility === 'internal' && !toAuthority
  const kind = inside || item.direction === 'note' ? 'note' : item.direction
  // What a machine or somebody unknown wrote is kept beside the conversation: no note of ours.
  const aside = kind === 'note' && item.channel === 'email'
  const nameless = kind === 'in' ? 'complaint.complainant' : aside ? 'mail.automatic' : 'timeline.system'
  const author = harmless(item.authorName) || t(nameless)
  const files = page.attachments.filter((a) => a.messageId === item.id)
  return (
    <li className={`msg ${kind}`} id={`m-${item.id}`}>
      <span className="av" aria-hidden="true">
        {[...author][0]}
      </span>
      <article aria-label={t(aside ? 'mail.says-aside' : `timeline.says-${kind}`, { name: author })}>
        <p className="by">
          <bdi>
            <b>{author}</b>
          </bdi>{' '}
          {kind === 'note' ? (
            <span className="label">{t(aside ? 'mail.aside' : 'timeline.internal')}</span>
          ) : toAuthority ? (
            <ToAuthority item={item} page={page} />
          ) : (
            <span>{t(directionOf(item), { channel: names.channel(item.channel) })}</span>
          )}
          {t('common.dot')}
          <When at={item.at} exact />
          <RecordedLater item={item} recorded={recorded} />
          {item.flags.map((flag) => (
            <span className="tag" key={flag}>
              {t(`message-flags.${flag}`, { defaultValue: flag })}
            </span>
          ))}
        </p>
        <Words item={item} page={page} ours={kind !== 'in'} />
        {item.channel === 'email' && (
          <Suspense>
            <MailDetails complaintId={page.complaint.id} version={page.complaint.version} messageId={item.id} />
          </Suspense>
        )}
        <AttachmentLinks files={files} />
        {item.outbox && <OutboxState outbox={item.outbox} complaintId={page.complaint.id} />}
      </article>
    </li>
  )
})

/** Which authority was answered, by which way, under which numbers; the complainant does not read it. */
function ToAuthority({ item, page }: Pick<MessageProps, 'item' | 'page'>) {
  const { t } = useTranslation()
  const names = useNames()
  const { body = '', number = '' } = page.complaint.authority ?? {}
  const ours = page.letterNos[item.id]
  return (
    <span>
      {t('timeline.to-authority', {
        body: harmless(body) || t('composer.to-authority'),
        channel: names.channel(item.channel),
      })}
      {ours && (
        <>
          {t('common.dot')}
          {t('timeline.our-number', { number: harmless(ours) })}
        </>
      )}
      {number && (
        <>
          {t('common.dot')}
          {t('timeline.their-number', { number: harmless(number) })}
        </>
      )}
    </span>
  )
}

/** Who wrote it down, and when, where that is another moment than when it was said. */
export function RecordedLater({ item, recorded }: Pick<MessageProps, 'item' | 'recorded'>) {
  const { t } = useTranslation()
  const reader = useReader()
  if (!recorded) return null
  const later = Date.parse(recorded.at) - Date.parse(item.at) - (item.call?.seconds ?? 0) * 1000 >= 60_000
  if (!later)
    return recorded.by ? (
      <span>
        {t('common.dot')}
        {t('timeline.recorded-by', { name: recorded.by })}
      </span>
    ) : null
  const at = moment(Date.parse(recorded.at), reader)
  return (
    <span>
      {t('common.dot')}
      {t(recorded.by ? 'timeline.recorded-by-at' : 'timeline.recorded-at', { name: recorded.by, at })}
    </span>
  )
}

/** The words; folded away where they are abuse, with the facts first; beside them what they say in another language. */
export function Words({ item, page, ours }: { item: Message; page: ComplaintPage; ours: boolean }) {
  const { t } = useTranslation()
  const folded = page.folds[item.id] ?? item.flags.includes('abusive')
  const [shown, setShown] = useState(false)
  const [translating, setTranslating] = useState(false)
  const fold = useCommand('fold', page)
  const may = page.actions.some((a) => a.name === 'fold' && a.allowed)
  const translations = page.translations.filter((x) => x.messageId === item.id)
  const whole = async () =>
    (await call(readMessage, { params: { id: page.complaint.id }, query: { messageId: item.id } })).body
  if (folded && !shown)
    return (
      <div className="abuse">
        <p>{t('timeline.abuse', { count: item.length })}</p>
        <button type="button" className="plain link small" onClick={() => setShown(true)}>
          {t('timeline.abuse-show')}
        </button>
        {may && <FoldButton folded command={fold} id={item.id} />}
      </div>
    )
  return (
    <>
      <div className={translations.length > 0 ? 'side-by-side' : undefined}>
        <MessageWords text={item.body} length={item.length} ours={ours} whole={whole} />
        {translations.map((x) => (
          <div key={x.locale} className="translation" lang={x.locale}>
            <p className="by">
              {t('timeline.translated', { language: t(`locales.${x.locale}`), name: x.by })}
              {t('common.dot')}
              <When at={x.at} />
            </p>
            <MessageWords text={x.text} length={x.text.length} ours={false} />
          </div>
        ))}
      </div>
      {may && item.direction !== 'note' && (
        <p className="msg-acts">
          <button type="button" className="plain link small" onClick={() => setTranslating(!translating)}>
            {t('timeline.translate')}
          </button>
          {item.direction === 'in' && <FoldButton folded={folded} command={fold} id={item.id} />}
        </p>
      )}
      {translating && <Translate item={item} page={page} done={() => setTranslating(false)} />}
      <CommandProblem command={fold} page={page} />
    </>
  )
}

function FoldButton({ folded, command, id }: { folded: boolean; command: ReturnType<typeof useCommand>; id: string }) {
  const { t } = useTranslation()
  return (
    <button
      type="button"
      className="plain link small"
      disabled={command.pending}
      onClick={() => void command.send({ messageId: id, folded: !folded })}
    >
      {t(folded ? 'timeline.abuse-not' : 'timeline.abuse-fold')}
    </button>
  )
}

function Translate({ item, page, done }: { item: Message; page: ComplaintPage; done: () => void }) {
  const { t, i18n } = useTranslation()
  const command = useCommand('translate', page)
  const [locale, setLocale] = useState(i18n.language)
  const [text, setText] = useState('')
  const save = async () => {
    if (await command.send({ messageId: item.id, locale, text })) done()
  }
  return (
    <div className="translate">
      <NativeSelect
        size="xs"
        label={t('timeline.translate-into')}
        value={locale}
        onChange={(e) => setLocale(e.currentTarget.value)}
        data={locales.map((value) => ({ value, label: t(`locales.${value}`) }))}
      />
      <Textarea
        size="xs"
        autosize
        minRows={2}
        maxRows={12}
        label={t('timeline.translate-text')}
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
      />
      <div className="row-flex">
        <Button size="compact-sm" disabled={text.trim() === ''} loading={command.pending} onClick={() => void save()}>
          {t('timeline.translate-save')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={done}>
          {t('common.cancel')}
        </Button>
      </div>
      <CommandProblem command={command} page={page} />
    </div>
  )
}
