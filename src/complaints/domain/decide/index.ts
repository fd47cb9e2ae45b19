import { refuse, type Result } from '../../../kit/pure/result.ts'
import type { NewEvent } from '../event.ts'
import type { ComplaintState } from '../state.ts'
import { nextState, workflowOf } from '../workflow.ts'
import { answerAuthority, contain, decide as decideOutcome, reply, respond } from './answering.ts'
import { approve, propose, requestApproval } from './approving.ts'
import { confirm, finishRemedy, startRemedy, tryToReach } from './carrying-out.ts'
import { call } from './calling.ts'
import { withDates } from './dates.ts'
import { close, external, finalise, redirect, reopen, requestReview, withdraw } from './ending.ts'
import { type Facts, notNow, type Rule } from './facts.ts'
import {
  acknowledge,
  addPoint,
  append,
  askInfo,
  assess,
  assign,
  find,
  helper,
  investigate,
  resume,
} from './handling.ts'
import { acceptHandover, endingHandover, handOver, returnHandover } from './handing-over.ts'
import { dropPromise, keepPromise, movePromise, promise, whilePromised, withPromise } from './promising.ts'
import { fold, judgeNote, note, translate } from './marking.ts'
import { editPoint, removePoint } from './points.ts'
import { nameSubject, restrict } from './protection.ts'
import { dismiss, link, merge, unlink, unmerge } from './relations.ts'
import { withStageClock } from './stage-two.ts'
import { whileOwed } from './still-owed.ts'
import { classify, undo } from './triage.ts'
import { leaveEnded } from './wrote-again.ts'

/** Every action of the process. What the desk offers and what the server accepts come from here. */
export const rules = {
  acknowledge,
  assess,
  assign: endingHandover(assign),
  helper,
  investigate,
  ask_info: withPromise(askInfo),
  resume,
  find,
  add_point: addPoint,
  edit_point: editPoint,
  remove_point: removePoint,
  propose,
  request_approval: requestApproval,
  approve,
  decide: decideOutcome,
  reply: withPromise(reply),
  answer_authority: withPromise(answerAuthority),
  note: withPromise(note),
  append,
  fold,
  translate,
  judge_note: judgeNote,
  call: withPromise(call),
  promise,
  keep_promise: keepPromise,
  move_promise: movePromise,
  drop_promise: dropPromise,
  hand_over: handOver,
  accept_handover: acceptHandover,
  return_handover: returnHandover,
  contain,
  start_remedy: startRemedy,
  finish_remedy: finishRemedy,
  confirm,
  try_to_reach: tryToReach,
  close: whilePromised(whileOwed(close)),
  reopen,
  leave_ended: whilePromised(leaveEnded),
  request_review: endingHandover(withStageClock(requestReview)),
  finalise,
  external,
  withdraw,
  redirect,
  merge,
  unmerge,
  link,
  unlink,
  dismiss,
  restrict,
  name_subject: nameSubject,
  classify,
  undo,
}

export type ActionName = keyof typeof rules
export type CommandOf<N extends ActionName> = (typeof rules)[N] extends Rule<infer C> ? C : never
export type { Facts } from './facts.ts'

type Standing = { readonly allowed: boolean; readonly why: string | null; readonly facts?: Record<string, unknown> }

const standing = (name: ActionName, state: ComplaintState, facts: Facts): Standing =>
  standingOf(rules[name], name, state, facts)

function standingOf(
  rule: Pick<Rule<never>, 'permission' | 'transition' | 'blocked'>,
  name: string,
  state: ComplaintState,
  facts: Facts,
): Standing {
  if (facts.actor.kind !== 'complainant' && !facts.permissions.has(rule.permission))
    return { allowed: false, why: 'people.not-allowed', facts: { permission: rule.permission } }
  if (nextState(workflowOf(state.workflow), rule.transition ?? name, state) === undefined)
    return { allowed: false, why: 'complaints.not-now', facts: { state: state.state } }
  const blocked = rule.blocked?.(state, facts)
  if (blocked) return { allowed: false, why: blocked.code, ...(blocked.facts ? { facts: blocked.facts } : {}) }
  return { allowed: true, why: null }
}

/** `decide(state, command, facts) → events | refusal`: pure. The caller has loaded the state under its row lock. */
export function decide<N extends ActionName>(
  name: N,
  state: ComplaintState,
  command: CommandOf<N>,
  facts: Facts,
): Result<NewEvent[]> {
  const { allowed, why, facts: details } = standing(name, state, facts)
  if (!allowed) {
    if (why === 'complaints.not-now') return notNow(state, name)
    return refuse(why ?? 'complaints.not-now', details, why === 'people.not-allowed' ? 403 : 409)
  }
  const rule = rules[name] as unknown as Rule<CommandOf<N>>
  const decided = rule.decide(state, command, facts)
  return decided.ok ? { ok: true, value: withDates(state, decided.value, facts) } : decided
}

/** Every action with whether it is allowed now and why not: for the page, by the same function that decides. */
export function actionsOf(
  state: ComplaintState,
  facts: Facts,
): { name: string; allowed: boolean; why: string | null; facts?: Record<string, unknown> }[] {
  const all = (Object.keys(rules) as ActionName[]).map((name) => ({ name, ...standing(name, state, facts) }))
  return [...all, { name: 'respond', ...standingOf(respond, 'respond', state, facts) }]
}
