import { sql } from 'kysely'
import { channels } from '../channels/index.ts'
import type { Labels } from '../kit/contract/shapes.ts'
import type { Tx } from '../kit/db/database.ts'
import type { Words } from './words.ts'

/** Names of coded things as the desk says them, also of what is in the archive. */
export type Names = Awaited<ReturnType<typeof namesOf>>

type Row = { list: string; key: string; labels: Labels | null; name: string | null }

export async function namesOf(tx: Tx, org: string, { t, label }: Words) {
  const rows = await tx.rows<Row>(
    sql`select list, code as key, labels, null::text as name from code where org_id = ${org}
      union all select 'team', id::text, name, null from team where org_id = ${org}
      union all select 'place', id::text, name, null from place where org_id = ${org}
      union all select 'product', id::text, name, null from product where org_id = ${org}
      union all select 'staff', id::text, null, name from staff where org_id = ${org}`,
  )
  const known = new Map(rows.map((r) => [`${r.list} ${r.key}`, r.name ?? label(r.labels)]))
  const word = (section: string, name: string) => t(`${section}.${name}`, { defaultValue: name })
  const code = (list: string, value: string | null | undefined) =>
    value ? known.get(`${list} ${value}`) || word(`codes.${list}`, value) : ''
  const of = (list: string) => (id: string | null | undefined) => (id ? (known.get(`${list} ${id}`) ?? '') : '')
  return {
    code,
    state: (name: string) => word('states', name),
    clock: (kind: string) => word('clocks', kind),
    clockOf: ({ kind, milestone }: { readonly kind: string; readonly milestone?: string | null }) =>
      word('clocks', milestone && ['containment', 'wrote_again', 'not_arrived'].includes(milestone) ? milestone : kind),
    severity: (name: string) => word('severity', name),
    severityOf: ({ severity, assessed }: { readonly severity: string | null; readonly assessed: boolean }) => {
      const name = severity ? word('severity', severity) : ''
      if (assessed || !severity) return name || t('context.not-assessed')
      return t('severity-of.unassessed', { severity: name })
    },
    channel: (kind: string) => label(channels.find((c) => c.kind === kind)?.labels) || word('channels', kind),
    team: of('team'),
    place: of('place'),
    product: of('product'),
    staff: of('staff'),
  }
}
