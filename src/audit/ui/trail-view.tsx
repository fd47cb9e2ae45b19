import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ComplaintPage } from '../../complaints/contract.ts'
import { useEventWords, useNames } from '../../complaints/ui/index.ts'
import { call } from '../../kit/client/call.ts'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { Answer, Empty } from '../../web/ui/states.tsx'
import { absolute } from '../../web/ui/time.ts'
import { useReader } from '../../web/ui/when.tsx'
import { readTrail } from '../contract.ts'
import { useChangeWords } from './change-words.ts'

export type TrailItem = ReplyOf<typeof readTrail>['items'][number]

function useTrail(id: string) {
  return useInfiniteQuery({
    queryKey: [readTrail.id, id],
    queryFn: ({ pageParam, signal }) => call(readTrail, { params: { id }, query: { after: pageParam } }, { signal }),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next,
    refetchOnMount: 'always',
  })
}

/** Every event: what, what it changed, who and from where, when and why; newest first. */
export function TrailView({ page }: { page: ComplaintPage }) {
  const { t } = useTranslation()
  const { id } = page.complaint
  const trail = useTrail(id)
  return (
    <Answer of={trail}>
      {({ pages }) => (
        <>
          <Events page={page} items={pages.flatMap((p) => p.items)} total={pages[0]?.total ?? 0} />
          {trail.hasNextPage && (
            <Button
              mt={12}
              variant="default"
              loading={trail.isFetchingNextPage}
              onClick={() => void trail.fetchNextPage()}
            >
              {t('audit.more')}
            </Button>
          )}
        </>
      )}
    </Answer>
  )
}

/** Who has it, and which team, stand among the changes of an assignment; its sentence needs them. */
function factsOf({ type, facts, changes }: TrailItem, page: ComplaintPage): TrailItem['facts'] {
  if (type !== 'assigned') return facts
  const after = (field: string) => changes.find((c) => c.field === field)?.after
  return { ownerId: after('ownerId'), teamId: after('teamId') ?? page.complaint.teamId, ...facts }
}

type EventsProps = { page: ComplaintPage; items: readonly TrailItem[]; total: number }

function Events({ page, items, total }: EventsProps) {
  const { t } = useTranslation()
  const words = useEventWords(page)
  const change = useChangeWords(words.value)
  const reader = useReader()
  // Names stand there once the catalogue has come.
  const { catalogue } = useNames()
  const [type, setType] = useState('')
  const [who, setWho] = useState('')
  const [text, setText] = useState('')
  const from = (e: TrailItem) => e.actor.name || t(`audit.from.${e.actor.kind}`, { defaultValue: e.actor.kind })
  const told = useMemo(
    () =>
      items
        .map((item) => {
          const event = { ...item, facts: factsOf(item, page), kind: 'event' as const }
          return { item, said: words.sentence(event), facts: words.facts(event), changes: item.changes.map(change) }
        })
        .toReversed(),
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the words follow the language, which draws the page anew
    [items, reader.locale, page, catalogue],
  )
  const wanted = text.trim().toLowerCase()
  const shown = told.filter(
    ({ item, said, facts, changes }) =>
      (type === '' || item.type === type) &&
      (who === '' || from(item) === who) &&
      (wanted === '' || JSON.stringify([said, facts, changes, item.hash]).toLowerCase().includes(wanted)),
  )
  const types = [...new Set(items.map((e) => e.type))]
  const people = [...new Set(items.map(from))]
  const typeName = (name: string) => told.find((x) => x.item.type === name)?.said ?? name
  return (
    <section>
      <div className="row-flex audit-filter">
        <NativeSelect
          label={t('audit.filter-type')}
          value={type}
          onChange={(e) => setType(e.currentTarget.value)}
          data={[{ value: '', label: t('audit.all') }, ...types.map((value) => ({ value, label: typeName(value) }))]}
        />
        <NativeSelect
          label={t('audit.filter-who')}
          value={who}
          onChange={(e) => setWho(e.currentTarget.value)}
          data={[{ value: '', label: t('audit.all') }, ...people]}
        />
        <TextInput label={t('audit.filter-text')} value={text} onChange={(e) => setText(e.currentTarget.value)} />
        <span className="quiet" role="status">
          {t('audit.shown', { shown: shown.length, total })}
        </span>
      </div>
      {shown.length === 0 ? (
        <Empty title={t('audit.none')} />
      ) : (
        <div className="table-box">
          <table className="table audit-table">
            <thead>
              <tr>
                <th>#</th>
                <th>{t('audit.columns.what')}</th>
                <th>{t('audit.columns.changed')}</th>
                <th>{t('audit.columns.who')}</th>
                <th>{t('audit.columns.when')}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ item, said, facts, changes }) => (
                <tr key={item.seq} id={`event-${item.seq}`}>
                  <td>{item.seq}</td>
                  <td>
                    {said}
                    {facts.length > 0 && (
                      <details>
                        <summary>{t('audit.why')}</summary>
                        <dl className="kv">
                          {facts.map(([name, value]) => (
                            <div key={name + value}>
                              <dt>{name}</dt>
                              <dd>{value}</dd>
                            </div>
                          ))}
                        </dl>
                      </details>
                    )}
                  </td>
                  <td>
                    {changes.map((c) => (
                      <div key={c.name} className="audit-change">
                        <span className="quiet">{c.name}</span> <del>{c.before}</del> → <ins>{c.after}</ins>
                      </div>
                    ))}
                  </td>
                  <td>
                    {item.actor.name && <b>{item.actor.name}</b>}{' '}
                    <span className="quiet small whole">
                      {t(`audit.from.${item.actor.kind}`, { defaultValue: item.actor.kind })}
                    </span>
                  </td>
                  <td>
                    <time dateTime={item.at}>{absolute(Date.parse(item.at), reader)}</time>
                    <code className="small quiet whole" title={item.hash}>
                      {t('audit.hash')} {item.hash.slice(0, 12)}
                    </code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
