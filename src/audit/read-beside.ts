import { textHash } from '../complaints/index.ts'
import { canonicalJson } from '../kit/pure/jcs.ts'
import type { IntakeRow } from './bundle.ts'
import { saltedHash } from './salted-hash.ts'

type Hash = string | null
export type BesideRow = [
  complaint: string,
  title: Hash,
  remedy: Hash,
  behalf: Hash,
  summed: boolean,
  order: Hash,
  reference: Hash,
  receipt: Hash,
  authority: unknown,
  salt: Hash,
]

const hashOr = (text: string, salt: string) => `case when ${text} <> '' then ${saltedHash(text, salt)} end`

/** Statements over what stands beside the history, `$within` to be filled in. */
export const readingBeside = {
  intake: `select t.complaint_id, ${['title', 'remedy_sought', 'on_behalf_of'].map((name) => hashOr(`t.${name}`, 't.salt')).join(', ')},
      t.summary <> '', ${hashOr('c.order_no', 't.salt')}, ${saltedHash('c.public_ref', 't.salt')},
      ${saltedHash(`encode(c.secret_hash, 'hex')`, 't.salt')}, c.authority, case when c.authority is not null then encode(t.salt, 'hex') end
    from (select * from complaint_text where $within) t
    left join complaint c on c.org_id = t.org_id and c.id = t.complaint_id`,
  files: `select a.complaint_id, a.id, a.message_id, a.visibility,
      ${saltedHash(`encode(a.sha256, 'hex') || ' ' || a.media_type || ' ' || a.name`, 'm.salt')}
    from (select * from attachment where $within) a
    left join message m on m.org_id = a.org_id and m.complaint_id = a.complaint_id and m.id = a.message_id`,
  items: `select i.complaint_id, i.id, sha256(i.raw) = i.sha256, ${saltedHash(`encode(i.sha256, 'hex')`, 't.salt')}
    from (select * from inbound_item where $within) i
    left join complaint_text t on t.org_id = i.org_id and t.complaint_id = i.complaint_id`,
  outbox: 'select complaint_id, id, message_id, state, not_before from outbox where $within',
  found: 'select distinct complaint_id, message_id, visibility from search_row where $within',
  // Of what was imported and waits for the worker to make it findable.
  awaiting: `select i.complaint_id from (select * from import_item where $within) i
    join import_run r on r.org_id = i.org_id and r.id = i.run_id where i.no > r.found`,
}

export function intakeRow(row: BesideRow): IntakeRow {
  const [, titleHash, remedyHash, behalfHash, summed, orderHash, referenceHash, receiptHash, authority, salt] = row
  const authorityHash = salt === null ? null : textHash(Buffer.from(salt, 'hex'), canonicalJson(authority))
  return { titleHash, remedyHash, behalfHash, orderHash, referenceHash, receiptHash, authorityHash, summed }
}
