import { sql } from 'kysely'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { App } from './app.ts'
import { isNearby } from './kit/http/nearby.ts'
import { RefusalError } from './kit/pure/result.ts'

/** /livez (the process answers), /readyz (the database too), /metrics (Prometheus). None of them tells anything of a complaint. */
export function healthRoutes(app: App): void {
  const { server } = app.binding
  const registry = new Registry()
  const requests = new Histogram({
    name: 'redress_request_seconds',
    help: 'Time of requests by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  })
  const recorded = new Counter({
    name: 'redress_requests_total',
    help: 'Requests answered',
    labelNames: ['status'],
    registers: [registry],
  })
  const gauges = Object.fromEntries(
    measures.map(({ name, help }) => [name, new Gauge({ name: `redress_${name}`, help, registers: [registry] })]),
  )
  const memory = new Gauge({
    name: 'redress_resident_bytes',
    help: 'Resident memory of this process',
    registers: [registry],
  })

  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unmatched'
    requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
    recorded.inc({ status: reply.statusCode })
  })
  server.get('/livez', async (_request, reply) => reply.type('text/plain').send('ok\n'))
  const answers = readiness(app)
  server.get('/readyz', async (_request, reply) =>
    (await answers())
      ? reply.type('text/plain').send('ready\n')
      : reply.code(503).type('text/plain').send('database unavailable\n'),
  )
  // Counts only, but of the whole installation: for whoever watches it, not for whoever finds the portal.
  server.get('/metrics', async (request, reply) => {
    if (!isNearby(request.ip)) throw new RefusalError({ code: 'request.not-found', status: 404 })
    memory.set(process.memoryUsage.rss())
    const row = await app.systemDb.withoutScope((tx) =>
      tx.first<Record<string, number>>(
        sql`select ${sql.join(measures.map((m) => sql`(${sql.raw(m.query)})::float8 as ${sql.ref(m.name)}`))}`,
      ),
    )
    for (const { name } of measures) gauges[name]?.set(Number(row?.[name] ?? 0))
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}

const readyWithinMs = 2_000

/** Whether the database answers at once. However many ask, one question is under way: a frozen database is not besieged. */
function readiness(app: App): () => Promise<boolean> {
  let asked: Promise<boolean> | undefined
  const ask = () =>
    app.db.pool
      .query('select 1')
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        asked = undefined
      })
  return async () => {
    asked ??= ask()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<boolean>((no) => {
      timer = setTimeout(no, readyWithinMs, false)
    })
    return Promise.race([asked, late]).finally(() => clearTimeout(timer))
  }
}

/** The last whole verification, and the last of a night (src/audit/nightly.ts): both must hold. */
const ofVerifications = "from meta.setting where key in ('last-verify', 'last-nightly-verify')"

const measures: readonly { name: string; help: string; query: string }[] = [
  {
    name: 'jobs_waiting',
    help: 'Jobs due and not yet done',
    query: 'select waiting from job_measures()',
  },
  {
    name: 'jobs_oldest_seconds',
    help: 'Age of the oldest job that is due',
    query: 'select oldest_seconds from job_measures()',
  },
  {
    name: 'jobs_dead',
    help: 'Jobs that will not be tried again',
    query: 'select dead from job_measures()',
  },
  {
    name: 'inbound_parked',
    help: 'Inbound items set aside for people',
    query: "select count(*) from inbound_item where state = 'parked'",
  },
  {
    name: 'mail_received_day',
    help: 'Mails kept in the last 24 hours, each once',
    query: `select coalesce(sum(x.n), 0) from organisation o cross join lateral (select count(*) as n from inbound_mail m
      where m.org_id = o.org_id and m.received_at > now() - interval '24 hours') x`,
  },
  {
    name: 'mail_waiting',
    help: 'Mails kept and not yet taken in',
    query: `select coalesce(sum(x.n), 0) from organisation o cross join lateral (select count(*) as n from inbound_mail m
      where m.org_id = o.org_id and m.next_try_at is not null) x`,
  },
  {
    name: 'mail_oldest_waiting_seconds',
    help: 'Age of the oldest mail that waits to be taken in',
    query: `select coalesce(max(extract(epoch from now() - x.at)), 0) from organisation o cross join lateral (select min(m.received_at) as at from inbound_mail m
      where m.org_id = o.org_id and m.next_try_at is not null) x`,
  },
  {
    name: 'mail_parked',
    help: 'Mails set aside for people',
    query: "select count(*) from inbound_item where state = 'parked' and channel = 'email'",
  },
  {
    name: 'mail_fetch_failing',
    help: 'Mailboxes that are fetched by IMAP and cannot be at the moment',
    query: `select count(*) from organisation o join mailbox m on m.org_id = o.org_id join imap_state s on s.org_id = m.org_id and s.mailbox_id = m.id
      where m.comes_by = 'imap' and not m.off and s.problem is not null`,
  },
  {
    name: 'import_unfindable',
    help: 'Imported complaints that could not be made findable by their words',
    query: 'select coalesce(sum(unfindable), 0) from import_run',
  },
  {
    name: 'outbox_waiting',
    help: 'Outgoing messages not yet sent',
    query: "select count(*) from outbox where state in ('waiting', 'sending')",
  },
  {
    name: 'outbox_failed',
    help: 'Outgoing messages given up',
    query: "select count(*) from outbox where state = 'failed'",
  },
  {
    name: 'complaints_overdue',
    help: 'Open complaints past their nearest date',
    query: 'select count(*) from complaint where open and next_due_at < now()',
  },
  {
    name: 'checkpoint_age_seconds',
    help: 'Age of the newest audit checkpoint',
    query: 'select coalesce(extract(epoch from now() - max(at)), 0) from checkpoint',
  },
  {
    name: 'audit_ok',
    help: '1 when the last verification found nothing wrong, 0 when one did or broke off, -1 before the first',
    query: `select coalesce(min(case when (value->>'ok')::boolean then 1 else 0 end), -1) ${ofVerifications}`,
  },
  {
    name: 'audit_age_seconds',
    help: 'Time since the last verification, whole or nightly, came to its end; -1 before the first',
    query: `select coalesce(extract(epoch from now() - max((value->>'at')::timestamptz)), -1) ${ofVerifications}`,
  },
  {
    name: 'audit_whole_age_seconds',
    help: 'Time since everything was verified in one run; -1 before the first',
    query: `select coalesce(extract(epoch from now() - max((value->>'at')::timestamptz)), -1) from meta.setting where key = 'last-verify'`,
  },
]
