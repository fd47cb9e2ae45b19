import {
  answerAuthority,
  approve,
  confirm,
  contain,
  decideOutcome,
  finishRemedy,
  propose,
  reply,
  requestApproval,
  startRemedy,
  tryToReach,
} from './contract/answering.ts'
import { call } from './contract/calling.ts'
import {
  close,
  finalise,
  goExternal,
  leaveEnded,
  redirect,
  reopen,
  requestReview,
  withdraw,
} from './contract/ending.ts'
import {
  acknowledge,
  addHelper,
  addPoint,
  appendMessage,
  askInformation,
  assess,
  assign,
  findPoint,
  investigate,
  note,
  resume,
} from './contract/handling.ts'
import { acceptHandover, handOver, returnHandover } from './contract/handing-over.ts'
import { foldMessage, translateMessage } from './contract/marking.ts'
import { editPoint, removePoint } from './contract/points.ts'
import { dropPromise, keepPromise, movePromise, promise } from './contract/promising.ts'
import { nameSubject, restrict } from './contract/protection.ts'
import { dismissSuggestion, link, merge, unlink, unmerge } from './contract/relations.ts'

// The complaint as the API shows it. The client sends an action and the version it saw, never a state, an owner by
// itself or a deadline.

export * from './contract/answering.ts'
export * from './contract/calling.ts'
export * from './contract/bulk.ts'
export * from './contract/catalogue.ts'
export * from './contract/ending.ts'
export * from './contract/figures.ts'
export * from './contract/handing-over.ts'
export * from './contract/handling.ts'
export * from './contract/intake.ts'
export * from './contract/marking.ts'
export * from './contract/money.ts'
export * from './contract/page.ts'
export * from './contract/points.ts'
export * from './contract/promising.ts'
export * from './contract/protection.ts'
export * from './contract/reading.ts'
export * from './contract/relations.ts'
export { outcome } from './contract/command.ts'
export {
  type Action,
  action,
  type Clock,
  clock,
  confidentiality,
  finding,
  mode,
  person,
  severity,
} from './contract/values.ts'

/** Every command endpoint by its action name; the desk offers what `actions` allows. */
export const commands = {
  acknowledge,
  assess,
  assign,
  helper: addHelper,
  investigate,
  ask_info: askInformation,
  resume,
  find: findPoint,
  add_point: addPoint,
  edit_point: editPoint,
  remove_point: removePoint,
  propose,
  request_approval: requestApproval,
  approve,
  decide: decideOutcome,
  reply,
  answer_authority: answerAuthority,
  note,
  append: appendMessage,
  fold: foldMessage,
  translate: translateMessage,
  call,
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
  close,
  reopen,
  leave_ended: leaveEnded,
  request_review: requestReview,
  finalise,
  external: goExternal,
  withdraw,
  redirect,
  merge,
  unmerge,
  link,
  unlink,
  dismiss: dismissSuggestion,
  restrict,
  name_subject: nameSubject,
}
