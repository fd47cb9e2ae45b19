import { sql } from 'kysely'
import { seedCalendars } from '../clocks/index.ts'
import type { Labels } from '../kit/contract/shapes.ts'
import type { Tx } from '../kit/db/database.ts'
import codes from './codes.json' with { type: 'json' }

/** Branches of the issue tree that belong to a line of business; "support experience" is everybody's. */
export const sectors = ['retail_ecommerce', 'finance', 'manufacturing', 'travel', 'public_service'] as const
export type Sector = (typeof sectors)[number]
export type CodeList = keyof typeof codes
export type Code = {
  readonly code: string
  readonly parent?: string
  readonly labels: Labels
  /** What rules know of it: `needsApproval` of a remedy. */
  readonly facts?: Readonly<Record<string, unknown>>
}

/** The starter codes by list: what happened, why, what was found, what was done (domain: three axes, never one list). */
export const starterCodes: Readonly<Record<CodeList, readonly Code[]>> = codes

/** Remedies nobody has to approve; a code of the organisation's own is none of them. */
export const freeRemedies: ReadonlySet<string> = new Set(
  starterCodes.remedy.filter((c) => c.facts?.needsApproval === false).map((c) => c.code),
)

type Row = Code & { readonly list: string; readonly position: number }

/** The rows of a new organisation: every list, and of the issue tree the branches of its sectors (all unless said). */
export function starterRows(wanted: readonly Sector[] = sectors): Row[] {
  const left = sectors.filter((sector) => !wanted.includes(sector))
  return Object.entries(starterCodes).flatMap(([list, all]) =>
    all
      .filter(({ code, parent }) => list !== 'issue' || !left.some((sector) => sector === code || sector === parent))
      .map((code, position) => ({ ...code, list, position })),
  )
}

/**
 * Gives a new organisation its starter codes and the shipped calendars, in the transaction (and scope) that creates it.
 * Codes that are there already stay as they are.
 */
export async function seedOrganisation(
  tx: Tx,
  orgId: string,
  now: number,
  options: { readonly sectors?: readonly Sector[] } = {},
): Promise<void> {
  await tx.run(
    sql`insert into code (org_id, list, code, parent, labels, position, facts)
        select ${orgId}::uuid, c.list, c.code, c.parent, c.labels, c.position, coalesce(c.facts, '{}')
        from jsonb_to_recordset(${JSON.stringify(starterRows(options.sectors))}::jsonb)
          as c(list text, code text, parent text, labels jsonb, position int, facts jsonb)
        on conflict do nothing`,
  )
  await seedCalendars(tx, orgId, now)
}
