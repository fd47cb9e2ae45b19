import { sql } from 'kysely'
import { z } from 'zod'
import {
  acknowledgeByItself,
  commitSystemEvents,
  type Context,
  loadEvents,
  lockComplaint,
} from '../complaints/index.ts'
import { type ComplaintState, event } from '../complaints/domain/index.ts'
import type { Tx } from '../kit/db/database.ts'
import { newId } from '../kit/ids.ts'
import { formatReference } from '../kit/pure/base32.ts'
import type { Services } from '../kit/services.ts'
import { normaliseMail } from '../language/index.ts'
import { mailboxFor } from '../mail/index.ts'
import { publicActor } from '../people/index.ts'
import { letterOf, type Values } from '../templates/domain/index.ts'
import { templateFor } from '../templates/index.ts'
import { brakeOn } from './brakes.ts'
import { isReceipt } from './domain/brakes.ts'
import { publicTitle } from './public-title.ts'
import { enqueueOutgoing, type Envelope } from './store.ts'
import { mailAddress } from './way-out.ts'

/** By when they hear from us, as it may be said to them, in their language; '' where nothing may. */
export type Promised = (tx: Tx, org: string, id: string, locale: string, now: number) => Promise<string>

const payload = z.object({ org: z.uuid(), id: z.uuid() })

/** Asks for the acknowledgement of a complaint that came by mail, in the transaction that records it. */
export function acknowledgeLater(tx: Tx, org: string, id: string): void {
  tx.send(
    sql`select enqueue_job('acknowledge_mail', ${JSON.stringify({ org, id })}::json, ${`acknowledge:${id}`})`,
    'mail-acknowledge',
  )
}

/** Asks again then: a brake that is over by itself. */
async function acknowledgeAt(tx: Tx, org: string, id: string, at: number): Promise<void> {
  await tx.run(
    sql`select enqueue_job('acknowledge_mail', ${JSON.stringify({ org, id })}::json, ${`acknowledge:${id}`}, ${new Date(at)})`,
  )
}

/**
 * Tells whoever complained by mail that it is here: its number, what was understood, who looks after it and by when they hear
 * from us. Once a complaint, however often it runs; what a brake holds back is said in the history, and stays owed. Whose sender
 * is not proven hears none of the mail's words: they may be a stranger's, meant for whoever's address it bears.
 */
export async function acknowledgeMail(app: Services, promised: Promised, given: unknown): Promise<void> {
  const { org, id } = payload.parse(given)
  if (!app.config.smtpUrl) return
  const after: (() => void)[] = []
  await app.db.withScope({ org }, async (tx) => {
    after.length = 0
    const now = app.now()
    const loaded = await lockComplaint(tx, org, id)
    if (!loaded?.state.open || loaded.state.acknowledgedAt !== null) return
    const house = await houseOf(tx, org, id)
    // What an operator fed in by hand may be years old.
    if (!house || house.via === 'command') return
    const ctx = contextOf({ tx, now, org, house }, after)
    const address = await writtenFrom(ctx, loaded.state, house.sender)
    if (address === undefined) return
    const mailbox = await mailboxFor(tx, org, id)
    const { mailClass, dmarc, spf } = house
    const proven = dmarc === 'pass'
    const held = await brakeOn(tx, org, {
      complaintId: id,
      address,
      mailClass,
      dmarc,
      spf,
      mailboxId: mailbox?.id ?? null,
      cameAt: house.cameAt,
      receipt: isReceipt([house.title, ...house.points].join('\n')),
      now,
    })
    if (held && held.until !== null) return acknowledgeAt(tx, org, id, held.until)
    if (held) {
      const said = (await loadEvents(tx, org, id)).some((e) => e.type === 'acknowledgement_withheld')
      if (!said)
        await commitSystemEvents(tx, org, loaded, [event('acknowledgement_withheld', { brake: held.reason })], now)
      after.push(() => app.wake(org))
      return
    }
    const values = await valuesOf({ tx, org, now, promised }, loaded.state, proven ? house : withoutTheirWords(house))
    const template = await templateFor(tx, org, 'acknowledgement', loaded.state.locale)
    const letter = letterOf(template, values, loaded.state.locale)
    const text = (letter.text.split('\n-- \n')[0] ?? letter.text).trim()
    const { messageId } = await acknowledgeByItself(app, ctx, loaded, text)
    const outboxId = newId(now)
    const { locale } = loaded.state
    const envelope: Envelope = {
      subject: letter.subject,
      text,
      locale,
      automatic: true,
      kind: 'acknowledgement',
      values,
      mailboxId: mailbox?.id ?? null,
      proven,
    }
    await tx.run(
      sql`insert into outbox (org_id, id, complaint_id, message_id, channel, recipient, envelope, state, not_before, created_at, automatic)
          values (${org}, ${outboxId}, ${id}, ${messageId}, 'email', ${address}, ${JSON.stringify(envelope)}::jsonb, 'waiting', ${new Date(now)}, ${new Date(now)}, true)`,
    )
    await enqueueOutgoing(tx, org, outboxId, now)
  })
  for (const work of after) work()
}

type House = {
  readonly slug: string
  readonly no: number
  readonly zone: string
  readonly house: Readonly<Record<string, string>>
  readonly via: string
  readonly cameAt: number
  readonly mailClass: string
  readonly dmarc: string
  readonly spf: string
  readonly sender: string
  readonly name: string
  readonly title: string
  readonly publicRef: string
  readonly owner: string
  readonly team: Readonly<Record<string, string>>
  readonly points: readonly string[]
}

/** What is known of the mail a complaint came by, and of who has it now; undefined where it came another way. */
function houseOf(tx: Tx, org: string, id: string): Promise<House | undefined> {
  return tx.first<House>(
    sql`select o.slug, o.no, o.zone, o.name as house, m.via, m.received_at as "cameAt", m.class as "mailClass", coalesce(x.authenticity->>'dmarc', '') as dmarc,
          coalesce(x.authenticity->>'spf', '') as spf,
          coalesce(x.parties#>>'{from,0,address}', '') as sender, case when c.mode = 'named' then coalesce(u.name, '') else '' end as name,
          ${publicTitle} as title, c.public_ref as "publicRef", coalesce(s.name, '') as owner, coalesce(g.name, '{}') as team,
          array(select left(p.text, 300) from point p where p.org_id = c.org_id and p.complaint_id = c.id order by p.no limit 20) as points
        from complaint c join organisation o on o.org_id = c.org_id
          join inbound_mail m on m.org_id = c.org_id and m.complaint_id = c.id and m.became = 'new'
          left join message_mail x on x.org_id = c.org_id and x.complaint_id = c.id and x.message_id = m.message_id
          left join complaint_text t on t.org_id = c.org_id and t.complaint_id = c.id
          left join customer u on u.org_id = c.org_id and u.id = c.customer_id
          left join staff s on s.org_id = c.org_id and s.id = c.owner_id left join team g on g.org_id = c.org_id and g.id = c.team_id
        where c.org_id = ${org} and c.id = ${id} order by m.received_at limit 1`,
  )
}

type At = { readonly tx: Tx; readonly now: number; readonly org: string; readonly house: House }

function contextOf({ tx, now, org, house: { slug, no } }: At, after: (() => void)[]): Context {
  return {
    tx,
    now,
    actor: publicActor({ id: org, slug, no }, 'mail-out'),
    afterCommit: (work) => void after.push(work),
  }
}

/** The address they wrote from, while it is one of theirs that may be used; else their first. */
async function writtenFrom(
  ctx: Pick<Context, 'tx' | 'actor'>,
  state: ComplaintState,
  sender: string,
): Promise<string | undefined> {
  const norm = normaliseMail(sender)?.mail ?? sender.toLowerCase()
  const theirs = await ctx.tx.first<{ value: string }>(
    sql`select value from customer_identity where org_id = ${ctx.actor.org.id} and customer_id = ${state.customerId}::uuid and kind = 'mail' and norm = ${norm} and not_used is null`,
  )
  return theirs?.value ?? mailAddress(ctx, state)
}

const withoutTheirWords = (house: House): House => ({ ...house, title: '', points: [], name: '' })

const languages: Readonly<Record<string, string>> = { 'zh-Hant': 'zhHant', 'zh-Hans': 'zhHans', en: 'en' }

async function valuesOf(
  { tx, org, now, promised }: { tx: Tx; org: string; now: number; promised: Promised },
  { id, number, locale }: ComplaintState,
  h: House,
): Promise<Values> {
  const named = (labels: Readonly<Record<string, string>>) => labels[languages[locale] ?? 'en'] ?? labels.en ?? ''
  return {
    number,
    reference: formatReference(h.publicRef),
    title: h.title,
    points: h.points.map((text, i) => (h.points.length > 1 ? `${i + 1}. ${text}` : text)).join('\n'),
    owner: h.owner,
    team: named(h.team),
    organisation: named(h.house),
    // A sender without a name is known by the address, and nobody is greeted by that.
    name: h.name.includes('@') ? '' : h.name,
    promised: await promised(tx, org, id, locale, now),
  }
}
