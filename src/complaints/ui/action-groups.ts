import type { ShownAction } from './actions-shown.ts'
import type { CommandName } from './use-command.ts'

/** What an action is about, in the order in which a complaint needs it. */
export const actionGroups = ['answer', 'decide', 'people', 'others', 'end'] as const
export type ActionGroup = (typeof actionGroups)[number]

const groupOf: Readonly<Record<CommandName, ActionGroup>> = {
  acknowledge: 'answer',
  reply: 'answer',
  answer_authority: 'answer',
  ask_info: 'answer',
  resume: 'answer',
  append: 'answer',
  note: 'answer',
  call: 'answer',
  try_to_reach: 'answer',
  promise: 'answer',
  keep_promise: 'answer',
  move_promise: 'answer',
  drop_promise: 'answer',
  fold: 'answer',
  translate: 'answer',
  assess: 'decide',
  investigate: 'decide',
  find: 'decide',
  add_point: 'decide',
  edit_point: 'decide',
  remove_point: 'decide',
  contain: 'decide',
  propose: 'decide',
  request_approval: 'decide',
  approve: 'decide',
  decide: 'decide',
  start_remedy: 'decide',
  finish_remedy: 'decide',
  assign: 'people',
  helper: 'people',
  hand_over: 'people',
  accept_handover: 'people',
  return_handover: 'people',
  name_subject: 'people',
  restrict: 'people',
  merge: 'others',
  unmerge: 'others',
  link: 'others',
  unlink: 'others',
  dismiss: 'others',
  redirect: 'others',
  external: 'others',
  confirm: 'end',
  close: 'end',
  withdraw: 'end',
  reopen: 'end',
  leave_ended: 'end',
  request_review: 'end',
  finalise: 'end',
}

/** The actions under what they are about; a group that holds none is not there. */
export function grouped(actions: readonly ShownAction[]): (readonly [ActionGroup, readonly ShownAction[]])[] {
  return actionGroups
    .map((group) => [group, actions.filter((a) => groupOf[a.name] === group)] as const)
    .filter(([, list]) => list.length > 0)
}
