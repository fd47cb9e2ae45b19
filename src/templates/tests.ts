import { sql } from 'kysely'
import type { z } from 'zod'
import type { Asked } from '../catalogue/index.ts'
import { newId } from '../kit/ids.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { Services } from '../kit/services.ts'
import type { Tx } from '../kit/db/database.ts'
import type { readTest, sendTest } from './contract.ts'
import type { Letter } from './domain/index.ts'
import { letterFor } from './settings.ts'
import { templateFor } from './store.ts'

type Given = z.infer<typeof sendTest.body & object>
const no = (code: string, status: 404 | 409 | 429) => new RefusalError({ code, status })
const mostAnHour = 20

/** Puts a test into the queue, to whoever asks for it and nobody else. */
export async function queueTest(
  app: Pick<Services, 'config'>,
  asked: Asked,
  body: Given,
): Promise<{ id: string; to: string; state: 'waiting' }> {
  const { tx, actor, now } = asked
  const org = actor.org.id
  if (!app.config.smtpUrl) throw no('templates.no-mail-server', 409)
  // Many asked for at once are counted one after the other.
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`mail-test ${org}`}, 0))`)
  const at = await tx.first<{ to: string | null; mailbox: boolean; recent: number }>(
    sql`select (select mail from staff where org_id = ${org} and id = ${actor.staffId ?? null}::uuid) as "to",
      (${body.mailboxId}::uuid is null or exists (select from mailbox where org_id = ${org} and id = ${body.mailboxId}::uuid)) as mailbox,
      (select count(*)::int from mail_test where org_id = ${org} and created_at > ${new Date(now - 3_600_000)}) as recent`,
  )
  if (!at?.to || !at.mailbox) throw no('mail.no-such-mailbox', 404)
  if (at.recent >= mostAnHour) throw no('templates.too-many-tests', 429)
  const { subject, body: words } = body
  const own = subject !== undefined && words !== undefined ? { subject, body: words } : undefined
  const letter = await letterFor(asked, body, own ?? (await templateFor(tx, org, body.kind, body.locale)))
  const id = newId(now)
  await tx.run(
    sql`insert into mail_test (org_id, id, staff_id, recipient, mailbox_id, letter, state, created_at)
        values (${org}, ${id}, ${actor.staffId ?? null}, ${at.to}, ${body.mailboxId}, ${JSON.stringify(letter)}::jsonb, 'waiting', ${new Date(now)})`,
  )
  await tx.run(sql`select enqueue_job('send_mail_test', ${JSON.stringify({ org, id })}::json, ${`mail-test:${id}`})`)
  return { id, to: at.to, state: 'waiting' }
}

type Told = z.infer<typeof readTest.reply>

/** What became of a test of one's own. */
export async function testState({ tx, actor }: Asked, id: string): Promise<Told> {
  const row = await tx.first<Told>(
    sql`select id, recipient as "to", state, error from mail_test where org_id = ${actor.org.id} and id = ${id} and staff_id = ${actor.staffId ?? null}::uuid`,
  )
  if (!row) throw no('templates.no-such-test', 404)
  return row
}

/** A test that waits to be sent, with the house and the mailbox it leaves from. */
export type TestMail = {
  readonly recipient: string
  readonly letter: Letter
  readonly name: Record<string, string>
  readonly from: { readonly name: string; readonly address: string } | null
}

export function waitingTest(tx: Tx, org: string, id: string): Promise<TestMail | undefined> {
  return tx.first<TestMail>(
    sql`select t.recipient, t.letter, o.name, case when b.id is null then null else jsonb_build_object('name', b.name, 'address', b.address) end as "from"
        from mail_test t join organisation o on o.org_id = t.org_id left join mailbox b on b.org_id = t.org_id and b.id = t.mailbox_id
        where t.org_id = ${org} and t.id = ${id} and t.state = 'waiting'`,
  )
}

/** Says what became of it; `error` is the mail server's answer, null where it took the mail. */
export async function settleTest(tx: Tx, org: string, id: string, error: string | null, now: number): Promise<void> {
  await tx.run(
    sql`update mail_test set state = ${error === null ? 'sent' : 'failed'}, error = ${error}, settled_at = ${new Date(now)} where org_id = ${org} and id = ${id}`,
  )
}
