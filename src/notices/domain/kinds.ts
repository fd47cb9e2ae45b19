/** What counts as news for a person. */
export const noticeKinds = [
  'assigned',
  'handed_over',
  'handover_returned',
  'asked_to_help',
  'mentioned',
  'customer_wrote',
  'side_note',
  'approval_asked',
  'approval_given',
  'approval_declined',
  'promise_due',
  'due_soon',
  'overdue',
  'reply_failed',
  'mail_delayed',
] as const
export type NoticeKind = (typeof noticeKinds)[number]
