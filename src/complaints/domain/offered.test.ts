import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ActionName, type CommandOf, rules } from './decide/index.ts'
import { Case, hour, type Person } from './case-world.ts'

// What is offered is never refused as not possible now: whatever `actions` says is allowed, with fields as they should be,
// is done, or refused for what those fields say.

type Fields = { readonly [N in ActionName]?: (c: Case) => CommandOf<N> }

/** Valid fields of each action, as a careful person fills them in. */
const fields: Fields = {
  acknowledge: (c) => ({ spoken: c.spoken() }),
  assess: () => ({ impact: 3, likelihood: 3, flags: [] }),
  assign: () => ({ owner: { id: 'rui', chain: ['rui'], teams: ['t'], mayReview: true }, why: {} }),
  helper: () => ({ staffId: 'jun', chain: ['jun'], kind: 'helper' }),
  investigate: () => ({}),
  ask_info: (c) => ({ of: 'customer', spoken: c.spoken() }),
  resume: () => ({}),
  find: (c) => ({ findings: c.findings() }),
  add_point: (c) => ({ point: { id: c.newId(), hash: 'h' } }),
  edit_point: (c) => ({ pointId: c.state.points.find((p) => !p.gone)?.id ?? '', words: c.written() }),
  remove_point: (c) => ({ pointId: c.state.points.find((p) => !p.gone && !p.finding)?.id ?? '', reason: c.spoken() }),
  propose: (c) => ({ remedyCode: 'A3', amount: { minor: 100, currency: 'GBP' }, spoken: c.spoken() }),
  request_approval: () => ({}),
  approve: () => ({ approved: true }),
  decide: (c) => ({ outcomeCode: 'O1', findings: c.findings() }),
  reply: (c) => ({ spoken: c.spoken(), decision: false, findings: [] }),
  note: (c) => ({ spoken: c.spoken() }),
  append: (c) => ({ spoken: c.spoken(), channel: 'phone' }),
  contain: (c) => ({ spoken: c.spoken() }),
  start_remedy: () => ({}),
  finish_remedy: (c) => ({ evidence: c.spoken() }),
  confirm: () => ({ stance: 'accepted' }),
  try_to_reach: () => ({ channel: 'phone' }),
  close: (c) => ({ reasonCode: 'C2', summary: c.written() }),
  reopen: () => ({ reasonHash: 'h' }),
  leave_ended: () => ({ reasonHash: 'h' }),
  request_review: () => ({ reasonHash: 'h', reviewer: null, keepers: [] }),
  finalise: (c) => ({ outcomeCode: 'O2', findings: c.findings(), spoken: c.spoken() }),
  external: () => ({ bodyHash: 'h' }),
  withdraw: () => ({ reasonHash: 'h' }),
  redirect: (c) => ({ reasonHash: 'h', spoken: c.spoken() }),
}
const names = Object.keys(fields) as (keyof typeof fields)[]
const people: readonly Person[] = ['mei', 'jun', 'lead', 'chief', 'rui', 'complainant']

function attempt<N extends ActionName>(c: Case, who: Person, name: N): string | undefined {
  const command = fields[name]?.(c)
  return command && c.try(who, name, command)
}

function answering(c: Case, who: Person): string | undefined {
  const findings = c.findings('not_upheld')
  return c.try(who, 'reply', { spoken: c.spoken(), decision: true, outcomeCode: 'O3', findings })
}

const asked = { reasonHash: 'h', reviewer: null, keepers: [] }
const remedy = { remedyCode: 'A3', amount: { minor: 100, currency: 'GBP' } }
const beginnings: readonly ((c: Case) => Case)[] = [
  (c) => c,
  (c) => c.do('mei', 'investigate', {}),
  (c) =>
    c
      .do('mei', 'investigate', {})
      .do('mei', 'propose', { ...remedy, spoken: c.spoken() })
      .do('mei', 'request_approval', {}),
  (c) => c.answer(),
  (c) => c.answer().do('complainant', 'request_review', asked),
  (c) => c.answer().do('mei', 'close', { reasonCode: 'C2', summary: c.written() }),
  (c) =>
    c
      .answer()
      .do('complainant', 'request_review', asked)
      .do('rui', 'finalise', fields.finalise?.(c) as never),
]

describe('what is offered', () => {
  it('is never refused as not possible now, in whatever state and after whatever was done', () => {
    const move = fc.record({
      who: fc.constantFrom(...people),
      name: fc.constantFrom(...names),
      wait: fc.integer({ min: 0, max: 50 }),
    })
    const start = fc.record({
      impact: fc.constantFrom(1, 3, 5),
      likelihood: fc.constantFrom(1, 5),
      points: fc.constantFrom(1, 3),
    })
    const beginning = fc.constantFrom(...beginnings)
    const reached = new Set<string>()
    fc.assert(
      fc.property(start, beginning, fc.array(move, { maxLength: 40 }), (given, begin, moves) => {
        const c = begin(new Case(given))
        for (const { who, name, wait } of moves) {
          c.later(wait * hour)
          reached.add(c.state.state)
          const before = c.state.state
          if (name === 'reply' && c.may(who, 'respond') === true)
            expect(answering(c, who), `${who}: answer in ${before}`).not.toBe('complaints.not-now')
          if (c.may(who, name) !== true) continue
          expect(attempt(c, who, name), `${who}: ${name} in ${before}`).not.toBe('complaints.not-now')
        }
      }),
      { numRuns: 1500 },
    )
    const common = [
      'received',
      'investigating',
      'proposal',
      'approval',
      'decided',
      'responded',
      'review',
      'closed',
      'final',
    ]
    expect([...reached]).toEqual(expect.arrayContaining(common))
  })

  it('is tried here as far as one complaint goes', () => {
    const elsewhere = ['merge', 'unmerge', 'link', 'unlink', 'dismiss', 'restrict', 'name_subject', 'classify', 'undo']
    const apart = ['call', 'promise', 'keep_promise', 'move_promise', 'drop_promise', 'hand_over', 'accept_handover']
    const beside = ['return_handover', 'answer_authority', 'fold', 'translate', 'judge_note', ...elsewhere, ...apart]
    expect(Object.keys(rules).filter((n) => !(n in fields) && !beside.includes(n))).toEqual([])
  })
})
