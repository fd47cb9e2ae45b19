import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import type { Labels } from '../kit/contract/shapes.ts'
import { type Answers, draftAnswers } from './draft.ts'
import type { Org } from './visit.ts'

type OrgRow = { org_id: string; slug: string; name: Labels; term_set: string; locale: string; zone: string; no: number }

/** The organisation of a public address; outside every scope. */
export async function organisationBySlug(tx: Tx, slug: string): Promise<Org | undefined> {
  const row = await tx.first<OrgRow>(sql`select * from organisation_by_slug(${slug})`, 'portal-org')
  return row && { ...row, id: row.org_id, termSet: row.term_set }
}

export function organisations(tx: Tx): Promise<{ slug: string; name: Labels; locale: string }[]> {
  return tx.rows(sql`select slug, name, locale from organisations_public()`)
}

export type PlaceRow = { id: string; name: Labels; jurisdiction: string; zone: string }
export type ProductRow = { id: string; name: Labels }

export function places(tx: Tx, org: string): Promise<PlaceRow[]> {
  return tx.rows(
    sql`select id, name, jurisdiction, zone from place where org_id = ${org} and retired_at is null order by jurisdiction, position, code limit 500`,
  )
}

export function products(tx: Tx, org: string): Promise<ProductRow[]> {
  return tx.rows(
    sql`select id, name from product where org_id = ${org} and retired_at is null order by position, code limit 500`,
  )
}

/** `settings.privacy` of the organisation: whom to ask, and how many years complaints are kept after closing. */
export type Privacy = { readonly contact: string; readonly years: number | null }

export async function privacyOf(tx: Tx, org: string): Promise<Privacy> {
  const row = await tx.first<{ contact: unknown; years: unknown }>(
    sql`select settings#>'{privacy,contact}' as contact, settings#>'{privacy,years}' as years from organisation where org_id = ${org}`,
  )
  return {
    contact: typeof row?.contact === 'string' ? row.contact : '',
    years: typeof row?.years === 'number' ? row.years : null,
  }
}

export type Draft = {
  readonly id: string
  readonly answers: Answers
  readonly complaintId: string | undefined
}

type DraftRow = { id: string; data: unknown; complaint_id: string | null }

/** The draft of this key, if it has not expired. `lock` keeps a second sending waiting for the first. */
export async function findDraft(
  tx: Tx,
  org: string,
  key: { id: string; hash: Buffer },
  now: number,
  lock = false,
): Promise<Draft | undefined> {
  const row = await tx.first<DraftRow>(
    sql`select id, data, complaint_id from portal_draft
        where org_id = ${org} and id = ${key.id} and token_hash = ${key.hash} and expires_at > ${new Date(now)} ${lock ? sql`for update` : sql``}`,
  )
  return row && { id: row.id, answers: draftAnswers.parse(row.data), complaintId: row.complaint_id ?? undefined }
}

/** Inserts or replaces the answers; false when the id is another browser's draft or already sent. */
export async function saveDraft(
  tx: Tx,
  org: string,
  key: { id: string; hash: Buffer },
  answers: Answers,
  expiresAt: number,
): Promise<boolean> {
  const changed = await tx.run(
    sql`insert into portal_draft (org_id, id, token_hash, data, expires_at)
        values (${org}, ${key.id}, ${key.hash}, ${JSON.stringify(answers)}::jsonb, ${new Date(expiresAt)})
        on conflict (org_id, id) do update set data = excluded.data, expires_at = excluded.expires_at
        where portal_draft.token_hash = excluded.token_hash and portal_draft.complaint_id is null`,
  )
  return changed === 1
}

/** The draft became a complaint: of its answers only the receipt stays. */
export async function sealDraft(
  tx: Tx,
  org: string,
  id: string,
  complaintId: string,
  answers: Answers,
  expiresAt: number,
): Promise<void> {
  await tx.run(
    sql`update portal_draft set complaint_id = ${complaintId}, data = ${JSON.stringify(answers)}::jsonb, expires_at = ${new Date(expiresAt)}
        where org_id = ${org} and id = ${id}`,
  )
}

/** Removes expired drafts and the uploads nobody sent; gives how many drafts went. */
export async function sweepDrafts(tx: Tx, org: string, now: number): Promise<number> {
  await tx.run(
    sql`delete from attachment a using portal_draft d
        where d.org_id = ${org} and d.expires_at <= ${new Date(now)}
          and a.org_id = d.org_id and a.uploader = 'portal:' || d.id and a.complaint_id is null`,
  )
  return tx.run(sql`delete from portal_draft where org_id = ${org} and expires_at <= ${new Date(now)}`)
}

export type Upload = { id: string; name: string; size: number; media_type: string; stripped: boolean }

/** Files of an uploader that belong to no complaint yet. */
export function uploads(tx: Tx, org: string, uploader: string): Promise<Upload[]> {
  return tx.rows(
    sql`select id, name, size, media_type, stripped from attachment
        where org_id = ${org} and uploader = ${uploader} and complaint_id is null order by created_at, id limit 100`,
  )
}

export async function removeUpload(tx: Tx, org: string, uploader: string, id: string): Promise<void> {
  await tx.run(
    sql`delete from attachment where org_id = ${org} and uploader = ${uploader} and id = ${id} and complaint_id is null`,
  )
}
