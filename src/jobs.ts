import { sql } from 'kysely'
import type { App } from './app.ts'
import { sentence, verifyNightly, writeCheckpoints } from './audit/index.ts'
import { lapseClocks } from './clocks/jobs.ts'
import { releaseLeaver, releaseLeavers } from './complaints/index.ts'
import { pruneStream } from './complaints/stream-epoch.ts'
import { keyNames } from './customers/jobs.ts'
import { draftRules } from './drafts/index.ts'
import { bringIn, importRules, makeFindable, rescueFindable, rescueImports } from './import/jobs.ts'
import { removeUnusedFiles } from './intake/unused-files.ts'
import { prune, type PruneRule } from './kit/jobs/prune.ts'
import { runWorker, type Schedule, type Tasks, type Worker } from './kit/jobs/worker.ts'
import type { Services } from './kit/services.ts'
import { rescueMail, takeInWaiting } from './mail/jobs.ts'
import { openReader, openResolver, type Read, startFetching, type TakeIn } from './mail/index.ts'
import { noting } from './operations/health-jobs.ts'
import { promisedDate, sweepDrafts, trackLinkPath } from './portal/index.ts'
import { acknowledgeLater, acknowledgeMail } from './replies/acknowledge.ts'
import { noteBounce } from './replies/bounced.ts'
import { noteOldFailures, rescueOutgoing, sendOutgoing } from './replies/jobs.ts'
import { noteDueSoon } from './notices/jobs.ts'
import { noticeRules } from './notices/index.ts'
import { openMail } from './replies/mail.ts'
import { sendTestMail } from './replies/test-mail.ts'
import { indexRest } from './search/jobs.ts'

const hour = 3_600_000
const day = 24 * hour

/** Everything the worker does: a line a task, a line a schedule. */
export function tasksOf(app: App, send?: ReturnType<typeof openMail>['send']): Tasks {
  const trackPath: Parameters<typeof sendOutgoing>[0]['trackPath'] = (org, c) => trackLinkPath(app, org, c, app.now())
  const tasks: Tasks = {
    send_outbox: (payload) => sendOutgoing({ app, send, trackPath }, payload),
    rescue_outbox: async () => void (await rescueOutgoing(app)),
    acknowledge_mail: (payload) => acknowledgeMail(app, promisedDate, payload),
    send_mail_test: (payload) => sendTestMail({ app, send }, payload),
    note_failures: async () => void (await noteOldFailures(app)),
    index_rest: async (payload) => void (await indexRest(app, payload)),
    bring_in: (payload) => bringIn(app, payload),
    make_findable: (payload) => makeFindable(app, payload),
    rescue_findable: async () => void (await rescueFindable(app)),
    rescue_imports: async () => void (await rescueImports(app)),
    release_leaver: async (payload) => void (await releaseLeaver(app, payload)),
    release_leavers: async () => void (await releaseLeavers(app)),
    rescue_mail: async () => void (await rescueMail(app)),
    lapse_clocks: async () => void (await lapseClocks(app)),
    note_due_soon: async () => void (await noteDueSoon(app)),
    checkpoint: async () => void (await writeCheckpoints(app)),
    verify: () => verifyAndTell(app),
    key_names: async () => void (await keyNames(app)),
    prune: async () => void (await pruneAll(app)),
  }
  return noting(app, tasks, schedules)
}

export const schedules: readonly Schedule[] = [
  { task: 'lapse_clocks', cron: '* * * * *' },
  { task: 'note_due_soon', cron: '* * * * *' },
  { task: 'rescue_outbox', cron: '* * * * *' },
  { task: 'rescue_mail', cron: '* * * * *' },
  { task: 'note_failures', cron: '7 * * * *' },
  { task: 'key_names', cron: '*/5 * * * *' },
  { task: 'rescue_imports', cron: '* * * * *' },
  { task: 'rescue_findable', cron: '*/5 * * * *' },
  { task: 'release_leavers', cron: '27 * * * *' },
  { task: 'checkpoint', cron: '0 * * * *' },
  { task: 'verify', cron: '37 18 * * *' },
  { task: 'prune', cron: '17 * * * *' },
]

/** Findings hold ids and codes only; the gauge `redress_audit_ok` is the alarm. */
async function verifyAndTell(app: App): Promise<void> {
  const { findings } = await verifyNightly(app)
  for (const finding of findings.slice(0, 100))
    app.log.error({ finding: sentence(finding) }, 'the audit found something wrong')
}

/** What may go, and when. */
const rules: readonly PruneRule[] = [
  { name: 'idempotency', sql: (now) => oldest('idempotency', 'created_at', now - 2 * day) },
  // Uploaded and then not sent. Those of the portal's drafts go with their draft.
  {
    name: 'attachment',
    sql: (now) =>
      sql`delete from attachment where ctid = any (array(select x.ctid from organisation o join attachment x on x.org_id = o.org_id
        where x.complaint_id is null and x.uploader not like 'portal:%' and x.created_at < ${new Date(now - 7 * day)} limit 5000))`,
  },
  { name: 'mail_test', sql: (now) => oldest('mail_test', 'created_at', now - day) },
  { name: 'text_band', sql: (now) => oldest('text_band', 'at', now - 31 * day) },
  ...draftRules,
  ...noticeRules,
  ...importRules,
]

function oldest(table: string, column: string, before: number) {
  const name = sql.table(table)
  const at = sql.ref(`x.${column}`)
  return sql`delete from ${name} where ctid = any (array(select x.ctid from organisation o join ${name} x on x.org_id = o.org_id where ${at} < ${new Date(before)} limit 5000))`
}

export async function pruneAll(app: App): Promise<Record<string, number>> {
  const stream = await pruneStream(app.systemDb, app.now() - 2 * day)
  const drafts = await forEachOrganisation(app, (org) =>
    app.db.withScope({ org }, (tx) => sweepDrafts(tx, org, app.now())),
  )
  const files = await forEachOrganisation(
    app,
    async (org) => (await removeUnusedFiles(app, org, app.now() - day)).files,
  )
  return { stream, drafts, files, ...(await prune(app.systemDb, rules, app.now())) }
}

async function forEachOrganisation(app: App, work: (org: string) => Promise<number>): Promise<number> {
  const orgs = await app.systemDb.withoutScope((tx) =>
    tx.rows(sql<{ org: string }>`select org_id as org from organisation`),
  )
  let total = 0
  for (const { org } of orgs) total += await work(org)
  return total
}

/** Everything a mail is taken in with, wherever that is done: it comes out the same. */
export function takingIn(app: Services, read: Read): TakeIn {
  return {
    app,
    read,
    resolver: openResolver(),
    noteBounce: (org, outboxId, status) => noteBounce(app, org, outboxId, status),
    recorded: app.config.smtpUrl ? acknowledgeLater : undefined,
  }
}

/** Mail coming in has workers of its own: a hundred thousand that wait hold up nothing else. */
export function mailTasksOf(at: TakeIn): Tasks {
  return { take_in_mail: async (payload) => void (await takeInWaiting(at, payload)) }
}

const sent = new Set(['send_outbox', 'acknowledge_mail', 'send_mail_test'])

/** What waits for a mail server has workers of its own: a slow one holds up nothing else. */
function lanes(tasks: Tasks): { readonly sending: Tasks; readonly others: Tasks } {
  const [sending, others] = [true, false].map((is) =>
    Object.fromEntries(Object.entries(tasks).filter(([name]) => sent.has(name) === is)),
  )
  return { sending: sending ?? {}, others: others ?? {} }
}

/** The worker of this process. */
export async function startWorker(app: App): Promise<Worker> {
  const mail = app.config.smtpUrl ? openMail(app.config.smtpUrl) : undefined
  const reader = openReader()
  const shared = { url: app.databaseUrl, log: app.log }
  const { sending, others } = lanes(tasksOf(app, mail?.send))
  const worker = await runWorker({ ...shared, tasks: others, schedules })
  const sender = await runWorker({ ...shared, tasks: sending, concurrency: 6 })
  const taking = mailTasksOf(takingIn(app, reader.read))
  const mailWorker = await runWorker({ ...shared, tasks: taking, concurrency: 2 })
  const fetching = startFetching(app)
  return {
    async stop() {
      await Promise.all([worker.stop(), sender.stop(), mailWorker.stop(), fetching.stop()])
      await reader.close()
      mail?.close()
    },
  }
}
