import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { harmless } from '../../kit/pure/markup.ts'
import { isQuiet } from '../../preferences/domain/index.ts'
import { usePreferences } from '../../preferences/ui/index.ts'
import { Dialog } from '../../web/ui/dialog.tsx'
import { Answer, Empty } from '../../web/ui/states.tsx'
import { read } from '../../web/ui/use-call.ts'
import { useNow } from '../../web/ui/use-now.ts'
import { useReader, When } from '../../web/ui/when.tsx'
import { listNotices, type NoticeGroup } from '../contract.ts'
import { markRead } from './mark.ts'
import { newestWords } from './news.ts'
import { clockIn } from './clock.ts'

/** What is new for me, by complaint; the unread first. */
export default function NoticePanel({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const list = useQuery(read(listNotices, {}))
  return (
    <Dialog label={t('notices.title')} close={close} kind="beside">
      <Answer of={list}>
        {({ items, unread }) => (
          <>
            <div className="row-flex notice-acts">
              <button
                type="button"
                className="plain link"
                disabled={unread === 0}
                onClick={() => void markRead(client, null)}
              >
                {t('notices.all-read')}
              </button>
              <QuietNow />
            </div>
            {items.length === 0 ? (
              <Empty title={t('notices.none')}>{t('notices.none-hint')}</Empty>
            ) : (
              <ul className="notice-list">
                {items.map((group) => (
                  <Group key={group.complaintId} group={group} close={close} />
                ))}
              </ul>
            )}
          </>
        )}
      </Answer>
    </Dialog>
  )
}

function Group({ group, close }: { group: NoticeGroup; close: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { complaintId, number, title, what, unread, at } = group
  const mark = t(unread ? 'notices.mark-read' : 'notices.mark-unread')
  const earlier = what.slice(1, 4)
  return (
    <li className={unread ? 'notice unread' : 'notice'}>
      <Link
        to="/complaints/$id"
        params={{ id: complaintId }}
        search={{ view: 'all' }}
        onClick={() => {
          void markRead(client, complaintId)
          close()
        }}
      >
        <span className="notice-what">
          {unread && <span className="spoken">{t('notices.unread')} </span>}
          {newestWords(group, t)}
        </span>
        <span className="notice-title">
          <span className="quiet">{number}</span> <bdi>{harmless(title)}</bdi>
        </span>
        <span className="quiet small">
          <When at={at} />
          {earlier.length > 0 &&
            t('notices.before', { what: earlier.map((w) => t(`notices.kinds.${w.kind}`)).join(t('common.comma')) })}
        </span>
      </Link>
      <button
        type="button"
        className="plain notice-mark"
        title={mark}
        aria-label={`${mark} ${number}`}
        onClick={() => void markRead(client, complaintId, unread)}
      />
    </li>
  )
}

const hour = 3_600_000

/** Whether it is quiet now, and one press for an hour of it. */
function QuietNow() {
  const { t } = useTranslation()
  const { preferences, change } = usePreferences()
  const reader = useReader()
  const now = useNow()
  const { quiet } = preferences
  const on = isQuiet(quiet, now, clockIn(reader.zone, now))
  const until = quiet.until !== null && Date.parse(quiet.until) > now ? quiet.until : null
  return (
    <button
      type="button"
      className="plain link"
      onClick={() => change({ quiet: { ...quiet, until: until ? null : new Date(Date.now() + hour).toISOString() } })}
    >
      {until ? t('notices.quiet-end', { time: clockIn(reader.zone, Date.parse(until)) }) : t('notices.quiet-hour')}
      {on && !until && <span className="quiet small"> {t('notices.quiet-now')}</span>}
    </button>
  )
}
