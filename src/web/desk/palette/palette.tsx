import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { harmless } from '../../../kit/pure/markup.ts'
import { readings } from '../../../language/contract.ts'
import { searchComplaints } from '../../../search/contract.ts'
import { call } from '../../../kit/client/call.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { isComposing } from '../../ui/keys.ts'
import { useMay } from '../../ui/session.ts'
import { read } from '../../ui/use-call.ts'
import { useNow } from '../../ui/use-now.ts'
import { useTyped } from '../../ui/use-typed.ts'
import { takeTypedAhead } from '../typed-ahead.tsx'
import type { Opens } from '../use-shortcuts.ts'
import { useComplaintItems, useItems } from './items.ts'
import { type Group, groups, type Item, numberMeant, ranked } from './match.ts'
import './palette.css'

type Props = { readonly close: () => void; readonly open: (what: Opens | 'my-desk') => void }
const mostShown = 60
const mostActions = 6

/** Everything one can do and everywhere one can go, by name, by key, or by how it sounds. */
export default function Palette({ close, open }: Props) {
  const { t } = useTranslation()
  const typed = useTyped()
  // oxlint-disable-next-line react/exhaustive-deps -- once, when the field stands
  useEffect(() => typed.put(takeTypedAhead()), [])
  const complaint = useComplaintItems()
  const all = useItems(open)
  const found = useFound(typed.q, typed.meant)
  const keysOf = useSounds([...complaint.items, ...all].map((i) => i.label))
  const empty = typed.meant === ''
  const items = empty
    ? [...complaint.items.slice(0, mostActions), ...all]
    : [...ranked([...complaint.items, ...all], typed.meant, keysOf), ...found]
  const titles: Record<Group, string> = {
    found: t('palette.found'),
    complaint: complaint.number ?? '',
    recent: t('palette.recent'),
    go: t('palette.go'),
    do: t('palette.do'),
  }
  const [at, setAt] = useState(0)
  const shown = items.slice(0, mostShown)
  const lists = grouped(shown, empty)
  const flat = lists.flatMap(([, list]) => list)
  const chosen = flat[Math.min(at, flat.length - 1)]
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  // oxlint-disable-next-line react/exhaustive-deps -- another word begins at its best
  useEffect(() => setAt(0), [typed.meant])
  useEffect(() => {
    box.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [chosen?.id])
  const run = (item: Item | undefined) => {
    if (!item) return
    close()
    // The dialog gives the focus back first; what is begun now takes it from there.
    setTimeout(() => void item.run())
  }
  const onKeyDown = (e: React.KeyboardEvent) => {
    if (isComposing(e.nativeEvent)) return
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[e.key]
    if (step !== undefined) setAt(Math.max(0, Math.min(flat.length - 1, Math.min(at, flat.length - 1) + step)))
    else if (e.key === 'Home' && e.ctrlKey) setAt(0)
    else if (e.key === 'Enter') run(chosen)
    else return
    e.preventDefault()
  }
  return (
    <Dialog label={t('palette.title')} close={close} kind="palette" bare>
      <input
        {...typed.field}
        className="palette-words"
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}list`}
        aria-activedescendant={chosen ? `${id}${chosen.id}` : undefined}
        aria-label={t('palette.title')}
        placeholder={t('palette.hint')}
        autoComplete="off"
        spellCheck={false}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- it is opened to type into
        autoFocus
        onKeyDown={onKeyDown}
      />
      <div className="palette-list" id={`${id}list`} role="listbox" aria-label={t('palette.title')} ref={box}>
        {lists.map(([group, list]) => (
          <div key={group} role="group" aria-label={titles[group]}>
            <p className="menu-label" aria-hidden="true">
              {titles[group]}
            </p>
            {list.map((item) => (
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the field has the keys
              <div
                key={item.id}
                id={`${id}${item.id}`}
                role="option"
                tabIndex={-1}
                aria-selected={item === chosen}
                className={item === chosen ? 'palette-item on' : 'palette-item'}
                onPointerMove={() => setAt(flat.indexOf(item))}
                onClick={() => run(item)}
              >
                <span>{item.label}</span>
                {item.hint && <kbd>{item.hint}</kbd>}
              </div>
            ))}
          </div>
        ))}
      </div>
      <p className="spoken" role="status">
        {empty ? '' : t('palette.count', { count: flat.length })}
      </p>
      {flat.length === 0 && <p className="palette-none quiet">{t('common.nothing-found')}</p>}
    </Dialog>
  )
}

/** With nothing typed in the order of the groups; else the best group first. */
function grouped(items: readonly Item[], inOrder: boolean): [Group, Item[]][] {
  const order = inOrder ? groups : [...new Set(items.map((i) => i.group))]
  return order.flatMap((group): [Group, Item[]][] => {
    const list = items.filter((i) => i.group === group)
    return list.length > 0 ? [[group, list]] : []
  })
}

/** Complaints with this number or these words, and the way to the whole search. */
function useFound(q: string, meant: string): Item[] {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const reads = useMay('complaint.read')
  const number = numberMeant(q, new Date(useNow()).getFullYear())
  const words = number ?? q
  const enabled = reads && (number !== undefined || [...q].length >= 2)
  const hits = useQuery({ ...read(searchComplaints, { query: { q: words, limit: 5 } }), enabled }).data?.items ?? []
  if (!reads || meant === '') return []
  return [
    ...(enabled ? hits : []).map(
      ({ complaint }): Item => ({
        id: `found.${complaint.id}`,
        label: `${complaint.number}　${harmless(complaint.title)}`,
        group: 'found',
        run: () => navigate({ to: '/complaints/$id', params: { id: complaint.id }, search: { view: 'all' } }),
      }),
    ),
    {
      id: 'found.more',
      label: t('palette.search-for', { words: meant }),
      group: 'found',
      run: () => navigate({ to: '/search', search: { q: meant } }),
    },
  ]
}

/** How the Chinese names sound; asked once a language, and until it is there names are found as they are written. */
function useSounds(labels: readonly string[]): (label: string) => readonly string[] {
  const { i18n } = useTranslation()
  const chinese = i18n.language.startsWith('zh')
  const texts = [...new Set(labels)].filter((l) => l.length <= 80 && /\p{Script=Han}/u.test(l)).slice(0, 200)
  const { data } = useQuery({
    queryKey: [readings.id, texts],
    queryFn: ({ signal }) => call(readings, { body: { texts } }, { signal }),
    enabled: chinese && texts.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (label) => data?.keys[texts.indexOf(label)] ?? []
}
