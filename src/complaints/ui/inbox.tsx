import { getRouteApi, Outlet, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ExportList } from '../../export/ui/index.ts'
import { SaveView, useSavedViewOf } from '../../views/ui/index.ts'
import { keyCap } from '../../web/ui/key.tsx'
import { keyIn, useKeys } from '../../web/ui/keys.ts'
import { Answer, Empty } from '../../web/ui/states.tsx'
import { ComplaintList } from './complaint-list.tsx'
import { Filters } from './filters.tsx'
import { asked, type InboxSearch } from './inbox-search.ts'
import { useComplaints } from './use-complaints.ts'
import './inbox.css'

const route = getRouteApi('/shell/complaints')

/** The list on the left, the complaint on the right; on a phone one at a time. */
export function Inbox() {
  const { t } = useTranslation()
  const search = route.useSearch()
  const { id } = useParams({ strict: false })
  const { list, rows, more, inSight, refresh } = useComplaints(search)
  const saved = useSavedViewOf(asked(search))
  const title = saved?.name ?? titleOf(search, t)
  return (
    <div className={id ? 'inbox reading' : 'inbox'}>
      <section className="list" aria-label={title} aria-busy={list.isPlaceholderData || undefined}>
        <header>
          <div className="list-head">
            <h1>{title}</h1>
            <SaveView search={asked(search)} saved={saved} />
            <ExportList asked={{ of: 'list', search: asked(search) }} />
          </div>
          <Filters search={search} />
        </header>
        <Answer of={list}>
          {() => (
            <ComplaintList
              rows={rows}
              search={search}
              openId={id}
              more={list.hasNextPage ? more : undefined}
              loading={list.isFetchingNextPage}
              refresh={refresh}
              inSight={inSight}
            />
          )}
        </Answer>
      </section>
      {id ? (
        <Outlet />
      ) : (
        <div className="pane none">
          <Empty title={t('inbox.nothing-open')}>
            <KeysHint />
          </Empty>
        </div>
      )}
    </div>
  )
}

function titleOf(search: InboxSearch, t: (key: string) => string): string {
  if (search.due) return t(`views.${search.due}`)
  if (search.waitingFor) return t(`views.waiting-${search.waitingFor.replace('_', '-')}`)
  return t(`views.${search.view ?? 'all'}`)
}

/** The keys one begins with, as one has them; all of them stand behind the one for help. */
function KeysHint() {
  const { t } = useTranslation()
  const keys = useKeys()
  const [next, previous, help] = (['next', 'previous', 'help'] as const).map((name) => keyCap(keyIn(keys, name) ?? '–'))
  return keys.on ? t('inbox.keys', { next, previous, help }) : t('inbox.choose')
}
