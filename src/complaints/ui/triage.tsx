import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { harmless } from '../../kit/pure/markup.ts'
import { searchComplaints } from '../../search/contract.ts'
import { labelOf } from '../../web/ui/i18n.ts'
import { useMe } from '../../web/ui/session.ts'
import { read } from '../../web/ui/use-call.ts'
import { useAway } from '../../people/ui/index.ts'
import { type ComplaintRow, owners } from '../contract.ts'
import { type Choice, Pick } from './pick.tsx'
import { rankOwners, recentFirst, scoresOf, type SeverityName } from './rank.ts'
import type { Step } from './use-bulk.ts'
import { useNames } from './use-names.ts'

/** What can be picked for rows of the list. `triage`: severity, then the owner. */
export type PickKind = 'assign' | 'severity' | 'type' | 'helper' | 'link' | 'note' | 'triage'

type Props = {
  readonly kind: PickKind
  readonly rows: readonly ComplaintRow[]
  /** `over`: the gesture is complete; the second step of one goes with `more`. */
  readonly act: (step: Step, given: { more: boolean; over: boolean }) => void
  readonly close: () => void
  readonly left: () => void
}

const triaging = ['severity', 'assign'] as const

/** The picker of one gesture, its steps one after the other. */
export function Triage({ kind, rows, act, close, left }: Props) {
  const { t } = useTranslation()
  const [done, setDone] = useState(0)
  if (kind === 'note')
    return <NotePick act={(step) => act(step, { more: false, over: true })} close={close} rows={rows} />
  const steps = kind === 'triage' ? triaging : ([kind] as const)
  const now = steps[done]
  if (!now) return null
  const chosen = (step: Step) => {
    const over = done + 1 >= steps.length
    act(step, { more: done > 0, over })
    setDone(done + 1)
  }
  const step = steps.length > 1 ? t('pick.step', { no: done + 1, of: steps.length }) : undefined
  const given = { rows, chosen, close, left, about: aboutOf(rows), ...(step ? { step } : {}) }
  if (now === 'severity') return <SeverityPick key={now} {...given} />
  if (now === 'type') return <TypePick key={now} {...given} />
  if (now === 'link') return <LinkPick key={now} {...given} />
  return <PersonPick key={now} {...given} helper={now === 'helper'} />
}

/** The one complaint it is for: the list may have moved since the eyes were there. */
function aboutOf([row, ...others]: readonly ComplaintRow[]): string | undefined {
  return row && others.length === 0 ? `${row.number}　${harmless(row.title)}` : undefined
}

type StepProps = {
  readonly rows: readonly ComplaintRow[]
  readonly about: string | undefined
  readonly chosen: (step: Step) => void
  readonly close: () => void
  readonly left: () => void
  readonly step?: string
}

function SeverityPick({ rows, chosen, ...rest }: StepProps) {
  const { t } = useTranslation()
  const names = Object.keys(scoresOf) as SeverityName[]
  const choices = names.map((value) => ({ value, label: t(`severity.${value}`), also: value }))
  const choose = (value: string) => {
    const name = names.find((n) => n === value)
    if (name)
      chosen({
        action: { name: 'assess', ...scoresOf[name] },
        label: t('bulk.severity', { what: t(`severity.${name}`) }),
      })
  }
  return <Pick title={t('pick.severity', { count: rows.length })} choices={choices} choose={choose} {...rest} />
}

const recentKey = 'redress.recent-types'
const recentTypes = (): string[] => (localStorage.getItem(recentKey) ?? '').split(' ').filter(Boolean)

function TypePick({ rows, chosen, ...rest }: StepProps) {
  const { t } = useTranslation()
  const names = useNames()
  const all = names.catalogue?.codes.issue
  const parents = new Set(all?.map((c) => c.parent))
  const choices = all
    ?.filter((c) => c.parent !== null || !parents.has(c.code))
    .map(({ code, parent, labels }): Choice => {
      const { zhHant, zhHans, en } = labels
      const hint = parent ? names.code('issue', parent) : ''
      return { value: code, label: labelOf(labels, code), hint, also: `${code} ${zhHant} ${zhHans} ${en}` }
    })
  const choose = (typeCode: string) => {
    localStorage.setItem(recentKey, [...new Set([typeCode, ...recentTypes()])].slice(0, 9).join(' '))
    chosen({ action: { name: 'classify', typeCode }, label: t('bulk.type', { what: names.code('issue', typeCode) }) })
  }
  return (
    <Pick
      title={t('pick.type', { count: rows.length })}
      choices={choices && recentFirst(choices, recentTypes())}
      choose={choose}
      {...rest}
    />
  )
}

function PersonPick({ rows, chosen, helper, ...rest }: StepProps & { helper: boolean }) {
  const { t } = useTranslation()
  const names = useNames()
  const me = useMe().id
  const away = useAway()
  const found = useQuery({ ...read(owners, {}), staleTime: 30_000 }).data?.items
  const teamIds = [...new Set(rows.map((r) => r.teamId))]
  const people = found && rankOwners(found, teamIds, me)
  const choices = people?.map((o): Choice => {
    const load = t('pick.load', { count: o.open })
    const hint =
      o.id === me
        ? t('pick.me', { load })
        : o.teamIds.some((x) => teamIds.includes(x))
          ? load
          : [load, ...o.teamIds.map(names.team).filter(Boolean)].join(' · ')
    return { value: o.id, label: o.name, hint: [away(o.id), hint].filter(Boolean).join(' · ') }
  })
  const others = helper
    ? []
    : [
        { value: 'nobody', label: t('pick.nobody') },
        ...(names.catalogue?.teams ?? []).map((x) => ({
          value: `team:${x.id}`,
          label: t('pick.team', { team: labelOf(x.name) }),
        })),
      ]
  const choose = (value: string) => {
    if (value === 'nobody') return chosen({ action: { name: 'assign', ownerId: null }, label: t('bulk.to-queue') })
    if (value.startsWith('team:')) {
      const teamId = value.slice(5)
      return chosen({
        action: { name: 'assign', ownerId: null, teamId },
        label: t('bulk.to', { who: names.team(teamId) }),
      })
    }
    const who = people?.find((o) => o.id === value)?.name ?? ''
    chosen(
      helper
        ? { action: { name: 'helper', staffId: value }, label: t('bulk.helper', { who }) }
        : { action: { name: 'assign', ownerId: value }, label: t('bulk.to', { who }) },
    )
  }
  return (
    <Pick
      title={t(helper ? 'pick.helper' : 'pick.assign', { count: rows.length })}
      choices={choices && [...choices, ...others]}
      choose={choose}
      {...rest}
    />
  )
}

function LinkPick({ rows, chosen, ...rest }: StepProps) {
  const { t } = useTranslation()
  const [q, setQ] = useState('')
  const found = useQuery({ ...read(searchComplaints, { query: { q } }), enabled: q.trim().length > 1 })
  const mine = new Set(rows.map((r) => r.id))
  const items = q.trim().length > 1 ? found.data?.items.map((i) => i.complaint) : []
  const choices = items?.filter((c) => !mine.has(c.id)).map((c) => ({ value: c.id, label: c.number, hint: c.title }))
  const choose = (otherId: string) => {
    const number = items?.find((i) => i.id === otherId)?.number ?? ''
    chosen({ action: { name: 'link', otherId, kind: 'related' }, label: t('bulk.link', { number }) })
  }
  return (
    <Pick title={t('pick.link', { count: rows.length })} choices={choices} choose={choose} typed={setQ} {...rest} />
  )
}

type NoteProps = { rows: readonly ComplaintRow[]; act: (step: Step) => void; close: () => void }

function NotePick({ rows, act, close }: NoteProps) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const send = () => text.trim() && act({ action: { name: 'note', text }, label: t('bulk.note') })
  return (
    <form
      className="pick note-pick"
      role="dialog"
      aria-label={t('pick.note', { count: rows.length })}
      onSubmit={(e) => {
        e.preventDefault()
        send()
      }}
    >
      <p className="pick-title">
        <b>{t('pick.note', { count: rows.length })}</b>
      </p>
      {aboutOf(rows) && <p className="pick-about">{aboutOf(rows)}</p>}
      <textarea
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- opened to be written in
        autoFocus
        rows={4}
        aria-label={t('pick.note', { count: rows.length })}
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.key === 'Escape') close()
          if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && !e.nativeEvent.isComposing) send()
        }}
      />
      <div className="row-flex">
        <button type="button" className="plain" onClick={close}>
          {t('common.cancel')}
        </button>
        <button type="submit" className="chip on" disabled={text.trim() === ''}>
          {t('bulk.note')}
        </button>
      </div>
    </form>
  )
}
