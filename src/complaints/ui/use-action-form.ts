import { useState } from 'react'
import { useDrafts } from '../../web/ui/session.ts'
import type { ComplaintPage } from '../contract.ts'
import type { CommandName } from './use-command.ts'

export type Values = Readonly<Record<string, unknown>>

export type ActionForm = {
  /** What was touched, over what is known of the complaint at this moment: what others change shows where nobody typed. */
  readonly values: Values
  readonly set: (field: string, value: unknown) => void
  /** Fields others changed since the form was opened. `mine`: touched here too, and otherwise. */
  readonly changed: readonly { readonly field: string; readonly now: unknown; readonly mine: boolean }[]
  /** Theirs is taken over for this field. */
  readonly take: (field: string) => void
  /** What was typed before the form was closed, or the page died, is there again. */
  readonly restored: boolean
  readonly drop: () => void
}

type Kept = { readonly base: Values; readonly typed: Values }

/** The fields of one action, kept like a draft until it is done or dropped. */
export function useActionForm(name: CommandName, page: ComplaintPage, given: Values = {}): ActionForm {
  const { id, confidentiality } = page.complaint
  const drafts = useDrafts(confidentiality !== 'normal' || name === 'restrict')
  const place = ['form', id, name, given.pointId ?? given.clockId].filter(Boolean).join('.')
  const [before] = useState(() => keptIn(drafts.read(place)))
  const [base, setBase] = useState(() => before?.base ?? startValues(name, page, given))
  const [typed, setTyped] = useState<Values>(before?.typed ?? {})
  const now = startValues(name, page, { ...given, ...typed })
  const keep = (next: Values, from = base) => {
    setTyped(next)
    drafts.keep(place, Object.keys(next).length === 0 ? '' : JSON.stringify({ base: from, typed: next } satisfies Kept))
  }
  const set = (field: string, value: unknown) => {
    const next = { ...typed, [field]: value }
    if (field !== 'pointId') return keep(next)
    // Another point is another text to begin with.
    const from = startValues(name, page, { ...given, ...next })
    setBase(from)
    keep(next, from)
  }
  const differing = Object.keys(now).filter((field) => !same(base[field], now[field]))
  return {
    values: { ...now, ...typed },
    set,
    changed: differing.map((field) => ({
      field,
      now: now[field],
      mine: field in typed && !same(typed[field], now[field]),
    })),
    take: (field) => keep(Object.fromEntries(Object.entries(typed).filter(([one]) => one !== field))),
    restored: before !== undefined && Object.keys(typed).length > 0,
    drop: () => keep({}),
  }
}

/** What is known already stands in the form. */
function startValues(name: CommandName, page: ComplaintPage, given: Values): Values {
  const c = page.complaint
  if (name === 'assess') {
    const { impact, likelihood, flags, title, typeCode, productId, placeId, orderNo } = c
    return { impact, likelihood, flags, title, typeCode, productId, placeId, orderNo, ...given }
  }
  if (name === 'assign') return { ownerId: c.owner?.id ?? null, teamId: c.teamId, ...given }
  if (name === 'restrict') return { confidentiality: c.confidentiality, staffIds: page.access.map((p) => p.id) }
  if (name === 'name_subject') return { staffIds: page.subjects.map((p) => p.id) }
  if (name === 'decide' || name === 'finalise') return { outcomeCode: c.outcomeCode, ...given }
  if (name === 'start_remedy' || name === 'propose')
    return { remedyCode: c.remedyCode, ...(c.remedyAmount ? { amount: c.remedyAmount } : {}), ...given }
  if (name === 'edit_point') return pointValues(page, given)
  return given
}

/** The words of the point that is chosen, as they stand now. */
function pointValues({ points }: ComplaintPage, { pointId }: Values): Values {
  const [only] = points
  const point = points.find((p) => p.id === pointId) ?? (points.length === 1 ? only : undefined)
  return point ? { pointId: point.id, text: point.text } : {}
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
}

function keptIn(text: string): Kept | undefined {
  try {
    const kept = JSON.parse(text || 'null') as Partial<Kept> | null
    return kept?.base && kept.typed ? { base: kept.base, typed: kept.typed } : undefined
  } catch {
    return undefined
  }
}
