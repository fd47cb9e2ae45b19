import { sql } from 'kysely'
import { channelOf } from '../channels/index.ts'
import type { Context } from '../complaints/act.ts'
import * as door from '../complaints/commands.ts'
import { newComplaint } from '../complaints/contract.ts'
import { recordComplaint } from '../intake/record.ts'
import type { Tx } from '../kit/db/database.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { Services } from '../kit/services.ts'
import type { StaffActor } from '../people/actor.ts'
import { visibleSql } from '../people/visibility.ts'
import { actAs } from './act-as.ts'
import { complainantsOf, customerId, customerOf } from './customer-book.ts'
import { fillDates, promisedInstant } from './dates.ts'
import { lapseClocks } from './lapse.ts'
import type { Numbers } from './numbers-in.ts'
import { teams } from './organisation.ts'
import { perform } from './perform.ts'
import { known, type Scene } from './scene.ts'
import { staff } from './staff.ts'
import type { Moment } from './timeline.ts'
import type { Complaint, Step, Zone } from './types.ts'

type Recorded = { readonly id: string; readonly points: ReadonlyMap<number, string> }

const refusalOf = (cause: unknown) => (cause instanceof RefusalError ? cause.refusal : String(cause))

/** A complaint told by telephone is the call in which it was told. */
const heard = ({ body }: Complaint) =>
  ({ direction: 'in', outcome: 'reached', seconds: 120 + body.length * 3 }) as const

/** Replays moments, oldest first, in one transaction: each as its own actor, at its own time, through the real commands. */
export class Replay {
  readonly #app: Services
  readonly #tx: Tx
  readonly #scene: Scene
  /** The moment of loading: what date marks are counted from. */
  readonly #now: number
  readonly #recorded = new Map<string, Recorded>()
  readonly #complaints: Complaint[] = []
  /** When something last happened to each complaint. */
  readonly #last = new Map<string, number>()
  #acting: StaffActor | undefined
  #recording = ''
  #at = 0

  constructor(app: Services, tx: Tx, scene: Scene, { now, numbers }: { now: number; numbers: Numbers }) {
    this.#app = { ...app, numbers: { next: async () => numbers.of(this.#recording) } }
    this.#tx = tx
    this.#scene = scene
    this.#now = now
  }

  async play(moment: Moment): Promise<void> {
    const { complaint, at } = moment
    // Two things at one instant still came one after the other.
    this.#at = Math.min(Math.max(at, this.#at), this.#now)
    try {
      if (moment.what === 'record') await this.#record(complaint)
      if (moment.what === 'link') await this.#link(complaint, moment.link)
      if (moment.what === 'step') await this.#step(complaint, moment.step)
      this.#last.set(complaint.key, this.#at)
    } catch (cause) {
      const what = moment.what === 'step' ? JSON.stringify(moment.step).slice(0, 100) : moment.what
      throw new Error(`demo complaint ${complaint.key}, ${what}: ${JSON.stringify(refusalOf(cause))}`, { cause })
    }
  }

  /** What is overdue by now is known to be. */
  async end(): Promise<void> {
    for (const complaint of this.#complaints) await this.#lapse(complaint, this.#now)
  }

  async #as(actor: StaffActor, now = this.#at): Promise<Context & { readonly quiet: true }> {
    if (actor !== this.#acting) await actAs(this.#tx, actor.scope)
    this.#acting = actor
    return { tx: this.#tx, actor, now, afterCommit: () => undefined, quiet: true }
  }

  #lapse({ key }: Complaint, now: number): Promise<number> {
    return lapseClocks(this.#tx, this.#scene.org.id, known(this.#recorded, key).id, now)
  }

  async #record(complaint: Complaint): Promise<void> {
    const { channel, mode, confidentiality, place, product, order, issue, authority, team } = complaint
    const who = customerOf(complaint.customer)
    const ctx = await this.#as(this.#recorder(complaint))
    const words = (text: string) => this.#words(complaint, text)
    const submission = newComplaint.parse({
      channel,
      mode,
      confidentiality,
      locale: complaint.locale,
      typeCode: issue,
      text: words(complaint.body),
      title: complaint.title,
      points: complaint.points.map(words),
      ...(who && { complainant: complainantsOf(who)[0] }),
      ...(who && { customerId: await customerId(this.#tx, this.#scene.org.id, who, ctx.now) }),
      remedySought: words(complaint.remedySought),
      placeId: known(this.#scene.places, place),
      teamId: known(this.#scene.teams, team),
      ...(product && { productId: known(this.#scene.products, product) }),
      ...(order && { orderNo: order }),
      flags: complaint.flags ?? [],
      ...(complaint.abusive && { abusive: true }),
      ...(channel === 'phone' && { call: heard(complaint) }),
      subjectStaffIds: (complaint.subjects ?? []).map((key) => known(this.#scene.staff, key)),
      ...(authority && {
        authority: {
          body: authority.body,
          number: authority.number,
          sender: authority.sender,
          askedFor: new Date(this.#now - authority.requested * 3_600_000).toISOString(),
        },
      }),
    })
    this.#recording = complaint.key
    const { id } = await recordComplaint(this.#app, ctx, { ...submission, via: 'demo' })
    const points = await this.#tx.rows<{ no: number; id: string }>(
      sql`select no, id from point where org_id = ${this.#scene.org.id} and complaint_id = ${id}`,
    )
    this.#recorded.set(complaint.key, { id, points: new Map(points.map((point) => [point.no, point.id])) })
    this.#complaints.push(complaint)
  }

  /** The portal's own visitor; another system for what nobody has touched yet; else whoever dealt with it first. */
  #recorder({ channel, steps, confidentiality }: Complaint): StaffActor {
    if (channel === 'portal') return this.#scene.anybody
    const first = steps[0]
    if (confidentiality !== 'normal' || channelOf(channel)?.live)
      return first && 'by' in first ? this.#scene.actor(first.by) : this.#system()
    return this.#system()
  }

  #system(): StaffActor {
    const system = staff.find(({ roles }) => roles.includes('integration'))
    return this.#scene.actor(system?.key ?? '')
  }

  async #link(complaint: Complaint, link: NonNullable<Complaint['links']>[number]): Promise<void> {
    const version = await this.#lapse(complaint, this.#at)
    const ctx = await this.#as(this.#lead(complaint))
    const id = known(this.#recorded, complaint.key).id
    const otherId = known(this.#recorded, link.to).id
    await door.link(this.#app, ctx, id, { version, otherId, kind: link.kind })
  }

  async #step(complaint: Complaint, step: Step): Promise<void> {
    if (!('by' in step)) return this.#customerDoes(complaint, step)
    const actor = this.#scene.actor(step.by)
    const { id, points } = known(this.#recorded, complaint.key)
    await this.#askToHelp(complaint, actor)
    let version: number | undefined = await this.#lapse(complaint, this.#at)
    const current = () => {
      const first = version
      version = undefined
      return first === undefined ? this.#version(id) : Promise.resolve(first)
    }
    await perform(
      {
        app: this.#app,
        ctx: await this.#as(actor),
        complaint,
        id,
        version: current,
        acknowledged: channelOf(complaint.channel)?.live ?? false,
        pointId: (no) => known(points, no),
        complaintId: (key) => known(this.#recorded, key).id,
        staffId: (key) => known(this.#scene.staff, key),
        due: (hoursAgo) => new Date(promisedInstant(this.#now, hoursAgo, this.#zone(complaint))).toISOString(),
        words: (text) => this.#words(complaint, text),
      },
      step,
    )
  }

  /** On the portal people speak for themselves; elsewhere somebody takes down what they said. */
  async #customerDoes(complaint: Complaint, step: Exclude<Step, { by: string }>): Promise<void> {
    const { id } = known(this.#recorded, complaint.key)
    await this.#lapse(complaint, this.#at)
    const channel = ('channel' in step ? step.channel : undefined) ?? complaint.channel
    const text = this.#words(complaint, step.text)
    if (step.do !== 'customer_message') {
      const ctx = await this.#as(this.#scene.anybody)
      await door.complainantActs(this.#app, ctx, id, { kind: step.do, text })
    } else if (channel === 'portal') {
      const ctx = await this.#as(this.#scene.anybody)
      await door.complainantActs(this.#app, ctx, id, { kind: 'append', text })
    } else {
      const ctx = await this.#as(complaint.confidentiality === 'normal' ? this.#system() : this.#lead(complaint))
      await door.appendMessage(this.#app, ctx, id, { text, channel, attachmentIds: [] })
    }
  }

  /** Who does not see a complaint speaks on it only when asked to: by the lead, some time before. */
  async #askToHelp(complaint: Complaint, actor: StaffActor): Promise<void> {
    const { id } = known(this.#recorded, complaint.key)
    const { scope } = actor.scope
    const teamId = known(this.#scene.teams, complaint.team)
    if (scope === 'organisation' || (scope === 'team' && actor.teams.includes(teamId))) return
    await this.#as(actor)
    const sees = await this.#tx.first(
      sql`select 1 as ok from complaint c where c.org_id = ${this.#scene.org.id} and c.id = ${id} and ${sql.raw(visibleSql('c'))}`,
    )
    if (sees || !actor.staffId) return
    const asked = Math.round(((this.#last.get(complaint.key) ?? this.#at) + this.#at) / 2)
    const version = await this.#lapse(complaint, asked)
    const ctx = await this.#as(this.#lead(complaint), asked)
    const kind = actor.roles.includes('department_respondent') ? 'tasked' : 'helper'
    await door.addHelper(this.#app, ctx, id, { version, staffId: actor.staffId, kind })
  }

  #lead(complaint: Complaint): StaffActor {
    return this.#scene.actor(teams.find(({ key }) => key === complaint.team)?.lead ?? '')
  }

  async #version(id: string): Promise<number> {
    const row = await this.#tx.first<{ version: number }>(
      sql`select version from complaint where org_id = ${this.#scene.org.id} and id = ${id}`,
      'demo-version',
    )
    return row?.version ?? 0
  }

  #words(complaint: Complaint, text: string): string {
    return fillDates(text, this.#now, this.#zone(complaint), complaint.locale)
  }

  #zone(complaint: Complaint): Zone {
    return teams.find(({ key }) => key === complaint.team)?.zone ?? 'Europe/London'
  }
}
