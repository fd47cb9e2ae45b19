import { openSink, type Sink } from './copy.ts'

/** Every table the world is laid out in, with the columns its rows are given in. */
export const tables = {
  customer: ['org_id', 'id', 'name', 'locale', 'created_at'],
  customer_identity: ['org_id', 'id', 'customer_id', 'kind', 'value', 'norm', 'created_at'],
  identity_key: ['org_id', 'key', 'customer_id'],
  complaint: [
    'org_id', 'id', 'version', 'head', 'updated_at', 'order_no', 'authority', 'public_ref', 'secret_hash',
    'number', 'fold_version', 'state', 'open', 'workflow', 'channel', 'mode', 'confidentiality', 'restricted', 'customer_id', 'owner_id',
    'team_id', 'type_code', 'product_id', 'place_id', 'impact', 'likelihood', 'severity', 'remedy_code', 'outcome_code', 'closure_code',
    'merged_into', 'state_before_merge', 'proposed_by', 'decided_by', 'received_at', 'logged_at', 'acknowledged_at', 'first_reply_at',
    'decided_at', 'responded_at', 'remedy_done_at', 'confirmed_at', 'closed_at', 'next_due_at', 'next_clock', 'waiting_for', 'locale', 'erased_at',
  ],
  complaint_text: ['org_id', 'complaint_id', 'title', 'remedy_sought', 'on_behalf_of', 'summary', 'salt'],
  complaint_event: ['org_id', 'complaint_id', 'seq', 'type', 'v', 'at', 'actor', 'payload', 'prev', 'hash'],
  complaint_access: ['org_id', 'complaint_id', 'staff_id'],
  point: ['org_id', 'complaint_id', 'id', 'no', 'text', 'finding', 'salt'],
  message: ['org_id', 'complaint_id', 'id', 'direction', 'channel', 'visibility', 'author_staff_id', 'author_name', 'body', 'salt', 'at'],
  clock: [
    'org_id', 'id', 'complaint_id', 'kind', 'milestone', 'cycle', 'state', 'target', 'started_at', 'due_at', 'internal_due_at', 'ended_at',
    'breached_at', 'cause', 'policy', 'calendar', 'provisional', 'pausable',
  ],
  inbound_item: ['org_id', 'id', 'channel', 'external_id', 'received_at', 'logged_at', 'raw', 'sha256', 'state', 'complaint_id'],
  text_band: ['org_id', 'band', 'complaint_id', 'at'],
  search_row: ['org_id', 'id', 'complaint_id', 'message_id', 'part', 'visibility', 'at', 'tsv'],
} as const

export type Sinks = Record<keyof typeof tables, Sink>

export async function openSinks(url: string): Promise<Sinks> {
  const made = await Promise.all(Object.entries(tables).map(async ([table, columns]) => [table, await openSink(url, table, columns)] as const))
  return Object.fromEntries(made) as Sinks
}
