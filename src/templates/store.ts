import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { standardTemplate, type Template, type TemplateKind } from './domain/index.ts'

export type Stored = Template & { readonly version: number }

/** What mails of a kind say in a language: in the organisation's own words, else as it comes with the program (version 0). */
export async function templateFor(tx: Tx, org: string, kind: TemplateKind, locale: string): Promise<Stored> {
  const own = await tx.first<Stored>(
    sql`select subject, body, version from mail_template where org_id = ${org} and kind = ${kind} and locale = ${locale} and body <> ''`,
    'mail-template',
  )
  return own ?? { ...standardTemplate(kind, locale), version: 0 }
}
