import { sql } from 'kysely'
import { type Asked, noteChange } from '../catalogue/index.ts'
import type { Locale } from '../kit/contract/shapes.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { MailTemplate } from './contract.ts'
import {
  type Letter,
  letterOf,
  standardTemplate,
  type Template,
  type TemplateKind,
  templateKinds,
  unknownNames,
} from './domain/index.ts'
import { exampleValues } from './example.ts'

const locales: readonly Locale[] = ['zh-Hant', 'zh-Hans', 'en']
export type Which = { readonly kind: TemplateKind; readonly locale: Locale }

type Row = Template & {
  readonly kind: string
  readonly locale: string
  readonly version: number
  readonly at: number | null
  readonly by: string | null
  readonly what: string | null
}

/** Every kind in every language, as it is said now. */
export async function readTemplates({ tx, actor }: Asked): Promise<MailTemplate[]> {
  const org = actor.org.id
  const rows = await tx.rows<Row>(
    sql`select m.kind, m.locale, m.subject, m.body, m.version, c.at, c.what, s.name as by from mail_template m
      left join lateral (select h.at, h.what, h.staff_id from settings_change h where h.org_id = ${org} and h.list = 'mail_templates'
        and h.item = m.kind || ' ' || m.locale order by h.id desc limit 1) c on true
      left join staff s on s.org_id = ${org} and s.id = c.staff_id where m.org_id = ${org}`,
  )
  return templateKinds.flatMap((kind) => locales.map((locale) => itemOf({ kind, locale }, rows)))
}

function itemOf({ kind, locale }: Which, rows: readonly Row[]): MailTemplate {
  const row = rows.find((r) => r.kind === kind && r.locale === locale)
  const { subject, body } = row && row.body !== '' ? row : standardTemplate(kind, locale)
  const changed = row?.at ? { at: new Date(row.at).toISOString(), by: row.by ?? '', what: row.what ?? '' } : null
  return { kind, locale, subject, body, version: row?.version ?? 0, changed }
}

/** Keeps words of the organisation's own, as they were seen; without any it is said as it comes with the program. */
export async function writeTemplate(
  asked: Asked,
  which: Which,
  { words, version }: { readonly words: Template | null; readonly version: number },
): Promise<MailTemplate> {
  const { tx, actor } = asked
  const org = actor.org.id
  if (words) assertSays(which.kind, words)
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`mail-template ${org}`}, 0))`)
  const before = await one(asked, which)
  if (before.version !== version)
    throw new RefusalError({ code: 'templates.stale', status: 409, facts: { version: before.version } })
  const { subject, body } = words ?? { subject: '', body: '' }
  await tx.run(
    sql`insert into mail_template (org_id, kind, locale, subject, body, version) values (${org}, ${which.kind}, ${which.locale}, ${subject}, ${body}, 1)
        on conflict (org_id, kind, locale) do update set subject = excluded.subject, body = excluded.body, version = mail_template.version + 1`,
  )
  await noteChange(asked, {
    list: 'mail_templates',
    item: `${which.kind} ${which.locale}`,
    what: words ? 'changed' : 'removed',
    before: { subject: before.subject, body: before.body },
    after: words && { subject, body },
  })
  return one(asked, which)
}

async function one(asked: Asked, { kind, locale }: Which): Promise<MailTemplate> {
  const found = (await readTemplates(asked)).find((t) => t.kind === kind && t.locale === locale)
  if (!found) throw new Error('a template is missing')
  return found
}

function assertSays(kind: TemplateKind, words: Template): void {
  const names = unknownNames(kind, words)
  if (names.length > 0)
    throw new RefusalError({
      code: 'templates.unknown-name',
      status: 422,
      facts: { names: names.join(', ').slice(0, 200) },
    })
  // A reply without its words says nothing; so does an acknowledgement without its number.
  const needed = kind === 'acknowledgement' ? 'number' : 'text'
  if (words.subject.trim() === '' || !new RegExp(`\\{\\{\\s*${needed}\\s*\\}\\}`).test(words.body))
    throw new RefusalError({ code: 'templates.says-nothing', status: 422, facts: { name: needed } })
}

/** The mail these words make of the example. */
export async function letterFor(
  { tx, actor }: Asked,
  { kind, locale, mailboxId }: Which & { readonly mailboxId?: string | null },
  words: Template,
): Promise<Letter> {
  assertSays(kind, words)
  const values = await exampleValues(tx, { org: actor.org.id, kind, locale, mailboxId: mailboxId ?? null })
  return letterOf(words, values, locale)
}
