import { isToldByThem, isToldLate } from './told-when.tsx'
import type { CommandName } from './use-command.ts'

/** What a field of a command looks like; the server checks again, and alone decides. */
export type Field = {
  readonly name: string
  readonly kind:
    | 'line'
    | 'prose'
    | 'owner'
    | 'staff'
    | 'staff-many'
    | 'team'
    | 'product'
    | 'place'
    | 'code'
    | 'flags'
    | 'choice'
    | 'score'
    | 'approval'
    | 'findings'
    | 'money'
    | 'point'
    | 'reviewer'
    | 'channel'
    | 'told'
    | 'told-at'
    | 'told-authority'
    | 'complaint'
    | 'files'
    | 'when'
    | 'owed'
    | 'tick'
  readonly required?: boolean
  /** Required because of what stands in the other fields. */
  readonly needed?: (values: Readonly<Record<string, unknown>>) => boolean
  /** Neither shown nor sent unless this holds. */
  readonly only?: (values: Readonly<Record<string, unknown>>) => boolean
  /** Of a code field: the list. Of a choice: its values, labelled by `choices.<value>`. */
  readonly list?: 'issue' | 'outcome' | 'remedy' | 'closure_reason'
  readonly values?: readonly string[]
}

const reason: Field = { name: 'reason', kind: 'prose' }
const mustReason: Field = { ...reason, required: true }
const text: Field = { name: 'text', kind: 'prose' }
const mustText: Field = { ...text, required: true }
/** Left empty: we send it; where that reaches nobody, the likely channel stands there. */
const told: Field = { name: 'told', kind: 'told' }
/** What somebody told them may have been told before it is written down. */
const toldAt: Field = { name: 'toldAt', kind: 'told-at', only: (values) => isToldByThem(values.told) }
const toldLate: Field = {
  name: 'toldLate',
  kind: 'line',
  required: true,
  only: (values) => isToldByThem(values.told) && isToldLate(values.toldAt, Date.now()),
}
const telling = [told, toldAt, toldLate]
const whenAsked = (field: Field): Field => ({
  ...field,
  only: (values) => values.of === 'customer' && (field.only?.(values) ?? true),
})

/** The form of every action that opens a dialog. An action without fields is done at once. */
export const actionFields: Partial<Record<CommandName, readonly Field[]>> = {
  acknowledge: [{ ...text, needed: ({ told: how }) => !how || how === 'portal' }, ...telling],
  assess: [
    { name: 'impact', kind: 'score', required: true },
    { name: 'likelihood', kind: 'score', required: true },
    { name: 'flags', kind: 'flags' },
    { name: 'title', kind: 'line' },
    { name: 'typeCode', kind: 'code', list: 'issue' },
    { name: 'productId', kind: 'product' },
    { name: 'placeId', kind: 'place' },
    { name: 'orderNo', kind: 'line' },
    reason,
  ],
  assign: [{ name: 'ownerId', kind: 'owner' }, { name: 'teamId', kind: 'team' }, reason],
  helper: [
    { name: 'staffId', kind: 'staff', required: true },
    { name: 'kind', kind: 'choice', values: ['helper', 'tasked'], required: true },
  ],
  ask_info: [
    { name: 'of', kind: 'choice', values: ['customer', 'internal', 'third_party'], required: true },
    text,
    ...telling.map(whenAsked),
  ],
  resume: [reason],
  find: [{ name: 'findings', kind: 'findings', required: true }],
  add_point: [{ name: 'text', kind: 'prose', required: true }],
  edit_point: [
    { name: 'pointId', kind: 'point', required: true },
    { name: 'text', kind: 'prose', required: true },
  ],
  remove_point: [{ name: 'pointId', kind: 'point', required: true }, mustReason],
  propose: [
    { name: 'remedyCode', kind: 'code', list: 'remedy', required: true },
    { name: 'amount', kind: 'money' },
    mustText,
  ],
  request_approval: [reason],
  approve: [
    { name: 'approved', kind: 'approval', required: true },
    { ...reason, needed: (values) => values.approved === false },
  ],
  decide: [
    { name: 'outcomeCode', kind: 'code', list: 'outcome', required: true },
    { name: 'findings', kind: 'findings' },
  ],
  contain: [mustText],
  call: [
    { name: 'direction', kind: 'choice', values: ['out', 'in'], required: true },
    { name: 'outcome', kind: 'choice', values: ['reached', 'no_answer', 'refused', 'voicemail'], required: true },
    { name: 'number', kind: 'line' },
    { name: 'startedAt', kind: 'told-at' },
    {
      ...toldLate,
      only: ({ direction, outcome, startedAt }) =>
        direction === 'out' && outcome === 'reached' && isToldLate(startedAt, Date.now()),
    },
    { ...text, needed: (values) => values.direction === 'in' && values.outcome === 'reached' },
  ],
  promise: [
    { name: 'kind', kind: 'choice', values: ['promise', 'callback'], required: true },
    { name: 'dueAt', kind: 'when', required: true },
    { name: 'text', kind: 'line' },
  ],
  keep_promise: [{ name: 'clockId', kind: 'owed', required: true }, text],
  move_promise: [
    { name: 'clockId', kind: 'owed', required: true },
    { name: 'dueAt', kind: 'when', required: true },
    mustReason,
  ],
  drop_promise: [{ name: 'clockId', kind: 'owed', required: true }, mustReason],
  hand_over: [
    { name: 'staffId', kind: 'owner', needed: ({ teamId }) => !teamId },
    { name: 'teamId', kind: 'team' },
    mustText,
  ],
  return_handover: [mustReason],
  start_remedy: [{ name: 'remedyCode', kind: 'code', list: 'remedy' }, { name: 'amount', kind: 'money' }, text],
  finish_remedy: [
    { name: 'evidence', kind: 'prose', needed: ({ attachmentIds }) => !attachmentIds },
    { name: 'attachmentIds', kind: 'files' },
  ],
  confirm: [
    { name: 'stance', kind: 'choice', values: ['accepted', 'not_accepted', 'unreachable'], required: true },
    { name: 'channel', kind: 'channel', needed: (values) => values.stance === 'unreachable' },
    text,
  ],
  try_to_reach: [{ name: 'channel', kind: 'channel', required: true }, text],
  close: [
    { name: 'reasonCode', kind: 'code', list: 'closure_reason', required: true },
    { name: 'summary', kind: 'prose', required: true },
  ],
  reopen: [mustReason],
  leave_ended: [mustReason],
  answer_authority: [
    { name: 'letterNo', kind: 'line' },
    mustText,
    { name: 'told', kind: 'told-authority', required: true },
    toldAt,
    toldLate,
  ],
  request_review: [mustReason, { name: 'reviewerId', kind: 'reviewer' }],
  finalise: [
    { name: 'outcomeCode', kind: 'code', list: 'outcome', required: true },
    { name: 'findings', kind: 'findings' },
    { name: 'remedyCode', kind: 'code', list: 'remedy' },
    { name: 'amount', kind: 'money', only: ({ remedyCode }) => Boolean(remedyCode) },
    mustText,
    ...telling,
  ],
  external: [
    { name: 'body', kind: 'line', required: true },
    { name: 'number', kind: 'line' },
  ],
  withdraw: [mustReason],
  redirect: [{ name: 'to', kind: 'line', required: true }, mustText, ...telling, reason],
  merge: [
    { name: 'intoId', kind: 'complaint', required: true },
    { name: 'sameComplainant', kind: 'tick' },
  ],
  link: [
    { name: 'otherId', kind: 'complaint', required: true },
    { name: 'kind', kind: 'choice', values: ['repeat', 'related'], required: true },
  ],
  restrict: [
    { name: 'confidentiality', kind: 'choice', values: ['normal', 'restricted', 'secret'], required: true },
    { name: 'staffIds', kind: 'staff-many' },
    reason,
  ],
  name_subject: [{ name: 'staffIds', kind: 'staff-many' }],
}
