import { z } from 'zod'

/** A package that cannot be written or taken in, in one line for the operator. */
export class PackageProblem extends Error {
  override name = 'PackageProblem'
}

export const formatVersion = 1
export const manifestName = 'manifest.json'
export const checkpointsName = 'audit/checkpoints.jsonl'
export const publicKeyName = 'audit/public-key.pem'
export const dataName = (kind: string) => `data/${kind}.jsonl`
export const blobName = (sha256: string) => `blobs/${sha256}`

/** Names are spelled out, not cleaned: what is not one of these is refused, and none of them becomes a path. */
export const knownName =
  /^(manifest\.json|data\/[a-z][a-z0-9_]{0,60}\.jsonl|blobs\/[0-9a-f]{64}|audit\/(checkpoints\.jsonl|public-key\.pem))$/

const count = z.number().int().min(0)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const file = { bytes: count, sha256 }

export const manifest = z.object({
  format: z.literal('redress-package'),
  version: z.literal(formatVersion),
  /** Of the program that wrote it. */
  program: z.string(),
  at: z.iso.datetime(),
  organisation: z.object({ id: z.uuid(), slug: z.string() }),
  /** Tells whether codes and signatures of the old house open here. */
  secretFingerprint: z.string(),
  migrations: z.array(z.object({ name: z.string(), sha256: z.string() })),
  kinds: z.array(z.object({ name: z.string(), columns: z.array(z.string()), rows: count, ...file })),
  audit: z.array(z.object({ name: z.enum([checkpointsName, publicKeyName]), ...file })),
  blobs: z.object({ count, bytes: count, lost: z.array(sha256) }),
  /** Of all heads of histories: whoever takes it in counts it anew. */
  heads: z.object({ complaints: count, sha256 }),
  /** What was there and does not travel, by how many. */
  stayed: z.object({ apiKeys: count, mailboxSecrets: count }),
})
export type Manifest = z.infer<typeof manifest>

/** One number for all heads: sha256 of `id` and `hash` in order, as lines. */
export const headsSql = `select count(*)::int as complaints,
  encode(sha256(coalesce(string_agg(id::text || ' ' || encode(head, 'hex') || E'\\n', '' order by id), '')::bytea), 'hex') as sha256
  from complaint where org_id = $1`
