import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useRouterState } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { openComplaint } from '../../../complaints/contract.ts'
import { actionsShown, askAct, focusedComplaint, recentComplaints } from '../../../complaints/ui/index.ts'
import { formats } from '../../../export/contract.ts'
import { addressOfFile, useCaseFiles } from '../../../export/ui/index.ts'
import { harmless } from '../../../kit/pure/markup.ts'
import { patchMe } from '../../../people/contract.ts'
import { themes } from '../../../preferences/contract.ts'
import { usePreferences } from '../../../preferences/ui/index.ts'
import { useViews } from '../../../views/ui/index.ts'
import { locales, switchLocale } from '../../ui/i18n.ts'
import { type KeyName, keyIn, useKeys } from '../../ui/keys.ts'
import { keyCap } from '../../ui/key.tsx'
import { languageNames } from '../../ui/language-names.ts'
import { useMay } from '../../ui/session.ts'
import { read, useSend } from '../../ui/use-call.ts'
import { useRooms } from '../nav.tsx'
import type { Opens } from '../use-shortcuts.ts'
import { useSignOut } from '../use-sign-out.ts'
import type { Item } from './match.ts'

const keyOfAction: Readonly<Record<string, KeyName>> = { reply: 'reply', note: 'note', assign: 'assign' }
const views = ['mine', 'team', 'unassigned', 'review', 'all'] as const

/** The complaint that is open, or has the focus of the keys, with what the server says can be done. */
export function useComplaintItems(): { items: readonly Item[]; number: string | undefined } {
  const { t } = useTranslation()
  const keyOf = useKeyOf()
  const navigate = useNavigate()
  const { id: open } = useParams({ strict: false })
  const id = open ?? focusedComplaint()
  const { data } = useQuery({ ...read(openComplaint, { params: { id: id ?? '' } }), enabled: id !== null })
  const caseFiles = useCaseFiles(id ?? '').map(
    ({ key, label, href, form }): Item => ({
      id: `case-file.${key}`,
      label: `${t('case-file.menu')}${t('common.dot')}${label}`,
      group: 'complaint',
      run: () => take(href, form === 'html'),
    }),
  )
  if (!data || id === null) return { items: [], number: undefined }
  const items = actionsShown(data)
    .filter((a) => a.allowed)
    .map(
      (a): Item => ({
        id: `act.${a.name}`,
        label: t(`actions.${a.name}`),
        group: 'complaint',
        hint: keyOf(keyOfAction[a.name]),
        run: async () => {
          if (open !== id) await navigate({ to: '/complaints/$id', params: { id }, search: true })
          askAct(id, a.name)
        },
      }),
    )
  return { items: [...items, ...caseFiles], number: data.complaint.number }
}

/** A page opens beside the desk, a file is saved. */
const take = (href: string, beside: boolean) => (beside ? open(href, '_blank', 'noreferrer') : location.assign(href))

/** The list that is on the screen, as a file. */
function useListFiles(): Item[] {
  const { t, i18n } = useTranslation()
  const search = useRouterState({
    select: ({ location: { pathname, search: now } }) => (/\/complaints\/?$/.test(pathname) ? now : undefined),
  })
  if (!search) return []
  const { rest: _, ...shown } = search as Record<string, string>
  return formats.map((format) => ({
    id: `export.${format}`,
    label: `${t('export.menu')}${t('common.dot')}${t(`export.${format}`)}`,
    group: 'do',
    run: () => take(addressOfFile({ of: 'list', search: shown }, format, i18n.language), false),
  }))
}

/** Everything else one can do, and everywhere one can go. */
export function useItems(open: (what: Opens | 'my-desk') => void): readonly Item[] {
  const { t } = useTranslation()
  const keyOf = useKeyOf()
  const navigate = useNavigate()
  const saved = useViews()
  const rooms = useRooms()
  const [reads, creates, reviews] = [useMay('complaint.read'), useMay('complaint.create'), useMay('complaint.review')]
  const leave = useSignOut()
  const files = useListFiles()
  const item = (group: Item['group'], id: string, label: string, run: () => unknown, key?: KeyName): Item => ({
    id,
    label,
    group,
    hint: keyOf(key),
    run,
  })
  const toView = (search: object) => () => navigate({ to: '/complaints', search })
  const go = [
    ...(reads
      ? [
          ...views
            .filter((view) => view !== 'review' || reviews)
            .map((view) => item('go', `view.${view}`, t(`views.${view}`), toView({ view }))),
          ...(['overdue', 'soon'] as const).map((due) =>
            item('go', `due.${due}`, t(`views.${due}`), toView({ view: 'all', due })),
          ),
          ...saved.map((v) => item('go', `saved.${v.id}`, v.name, toView(v.filter))),
          item('go', 'search', t('nav.search'), () => navigate({ to: '/search', search: {} }), 'search'),
        ]
      : []),
    ...rooms.map(([to, label]) => item('go', to, t(label), () => navigate({ to }))),
    item('go', '/account', t('palette.account'), () => navigate({ to: '/account' })),
    item('go', '/account/keys', t('my-keys.title'), () => navigate({ to: '/account/keys' })),
  ]
  const recent = recentComplaints().map((r) =>
    item('recent', r.id, `${r.number}　${harmless(r.title)}`, () =>
      navigate({ to: '/complaints/$id', params: { id: r.id }, search: { view: 'all' } }),
    ),
  )
  const create = creates
    ? [
        item('do', '/new', t('nav.new'), () => navigate({ to: '/new' }), 'new'),
        item('do', '/call', t('call.title'), () => navigate({ to: '/call' })),
      ]
    : []
  const own = [
    item('do', 'notices', t('notices.title'), () => open('notices'), 'notices'),
    item('do', 'help', t('my-keys.help'), () => open('help'), 'help'),
    item('do', 'my-desk', t('my-desk.title'), () => open('my-desk')),
    ...useTastes(t),
    item('do', 'sign-out', t('nav.sign-out'), leave),
  ]
  return [...recent, ...go, ...create, ...files, ...own]
}

function useTastes(t: TFunction): Item[] {
  const { change } = usePreferences()
  const save = useSend(patchMe)
  return [
    ...themes.map(
      (theme): Item => ({
        id: `theme.${theme}`,
        label: t('palette.theme', { name: t(`my-desk.themes.${theme}`) }),
        group: 'do',
        run: () => change({ theme }),
      }),
    ),
    ...locales.map(
      (locale): Item => ({
        id: `language.${locale}`,
        label: t('palette.language', { name: languageNames[locale] }),
        group: 'do',
        run: () => {
          save.mutate({ body: { locale } })
          return switchLocale(locale)
        },
      }),
    ),
  ]
}

function useKeyOf(): (name: KeyName | undefined) => string | undefined {
  const keys = useKeys()
  return (name) => {
    const key = name && keys.on ? keyIn(keys, name) : null
    return key ? keyCap(key) : undefined
  }
}
