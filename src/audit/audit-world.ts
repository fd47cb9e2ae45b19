import { Readable } from 'node:stream'
import pg from 'pg'
import type { App } from '../app.ts'
import type { Context } from '../complaints/act.ts'
import { newComplaint } from '../complaints/contract.ts'
import { recordComplaint, type Recorded } from '../intake/record.ts'
import { storeUpload } from '../intake/uploads.ts'
import { startApp, type TestClock } from '../kit/testing/app.ts'
import { sql } from 'kysely'
import { createOrganisation, createStaff, type StaffActor, staffActor } from '../people/index.ts'
import type { StaffRow } from '../people/actor.ts'
import { seedOrganisation } from '../seeds/index.ts'

/** For tests: an organisation with one member of staff who may do everything, on a database of its own. */
export type AuditWorld = {
  readonly app: App
  readonly clock: TestClock
  readonly url: string
  readonly dataDir: string
  readonly org: string
  readonly actor: StaffActor
  /** As the staff member, in one transaction. */
  act<T>(work: (ctx: Context) => Promise<T>): Promise<T>
  record(text: string, more?: Record<string, unknown>): Promise<Recorded>
  upload(bytes: string): Promise<string>
  /** As the superuser, behind the program's back. */
  meddle(statement: string, values?: unknown[]): Promise<void>
  stop(): Promise<void>
}

export async function auditWorld(slug = 'harbour'): Promise<AuditWorld> {
  const { app, clock, url, dataDir, stop } = await startApp<App>()
  const mail = `wu@${slug}.example`
  const org = await createOrganisation(
    app.db,
    clock.now,
    { slug, name: { zhHant: '海港', zhHans: '海港', en: 'Harbour' }, locale: 'zh-Hant', zone: 'Asia/Taipei' },
    async (tx, { orgId, teamId }) => {
      await seedOrganisation(tx, orgId, clock.now)
      const roles = ['handler', 'team_lead', 'intake_operator', 'compliance_auditor']
      const doing = { org: orgId, now: clock.now }
      const made = await createStaff(tx, doing, { name: '吳', mail, passwordHash: 'x', roles, teamIds: [teamId] })
      return { orgId, userId: made.userId }
    },
  )
  const actor = await app.db.withoutScope(async (tx) => {
    const row = await tx.first<StaffRow>(sql`select * from staff_by_user(${org.userId})`)
    if (!row) throw new Error('no such account')
    return staffActor(row)
  })
  const act = <T>(work: (ctx: Context) => Promise<T>) =>
    app.db.withScope(actor.scope, (tx) => work({ tx, actor, now: clock.now, afterCommit: () => undefined }))
  return {
    app,
    clock,
    url,
    dataDir,
    org: org.orgId,
    actor,
    act,
    record: (text, more = {}) =>
      act((ctx) =>
        recordComplaint(app, ctx, {
          ...newComplaint.parse({ channel: 'phone', mode: 'named', complainant: { name: '陳小姐' }, text, ...more }),
          via: 'staff',
        }),
      ),
    upload: async (bytes) => {
      const stream = Readable.from([Buffer.from(bytes)])
      const upload = { org: org.orgId, uploader: actor.caller, stream, name: 'receipt.txt', now: clock.now }
      return (await storeUpload(app, upload)).id
    },
    meddle: (statement, values) => meddle(url, statement, values),
    stop,
  }
}

/** Changes rows behind the program's back, for tests of another world. */
export const meddling =
  (url: string) =>
  (statement: string, values: unknown[] = []): Promise<void> =>
    meddle(url, statement, values)

async function meddle(url: string, statement: string, values: unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    // Foreign keys off, as one would who wants to leave no trace.
    await client.query("set session_replication_role = 'replica'")
    await client.query(statement, values)
  } finally {
    await client.end()
  }
}
