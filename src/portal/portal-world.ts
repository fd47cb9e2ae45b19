import { sql } from 'kysely'
import type { App } from '../app.ts'
import { newId } from '../kit/ids.ts'
import { startApp } from '../kit/testing/app.ts'
import { createOrganisation } from '../people/index.ts'
import { routePlace } from '../routing/index.ts'
import { seedOrganisation } from '../seeds/index.ts'
import { portalRoutes } from './routes.ts'

export type Place = {
  readonly code: string
  readonly jurisdiction: string
  readonly zone: string
  readonly calendar: string
}

/** The app with one or more organisations and their places, for tests of the portal through HTTP. */
export async function portalWorld(options: Parameters<typeof startApp>[0] = {}) {
  const started = await startApp<App>(options)
  const { app, clock } = started
  if (!app.server.hasRoute({ method: 'GET', url: '/p/:slug/' })) await app.server.register(portalRoutes(app))
  return {
    ...started,
    organisation: (slug: string, places: readonly Place[] = []) => organisation(app, clock.now, slug, places),
    browser: (slug: string) => browser(app, slug),
  }
}
export type PortalWorld = Awaited<ReturnType<typeof portalWorld>>

function organisation(app: App, now: number, slug: string, places: readonly Place[]) {
  const name = { zhHant: '海港家電', zhHans: '海港家电', en: 'Harbour Home' }
  return createOrganisation(
    app.db,
    now,
    { slug, name, locale: 'zh-Hant', zone: 'Asia/Taipei' },
    async (tx, { orgId, teamId }) => {
      await seedOrganisation(tx, orgId, now)
      const ids: string[] = []
      for (const place of places) {
        const id = newId(now)
        ids.push(id)
        await tx.run(
          sql`insert into place (org_id, id, code, name, jurisdiction, zone, calendar_key)
              values (${orgId}, ${id}, ${place.code}, ${JSON.stringify({ zhHant: place.code, zhHans: place.code, en: place.code })}::jsonb,
                ${place.jurisdiction}, ${place.zone}, ${place.calendar})`,
        )
        await routePlace(tx, { org: orgId, now }, id, teamId)
      }
      return { orgId, teamId, places: ids }
    },
  )
}

type Sent = {
  readonly status: number
  readonly text: string
  readonly location: string
  readonly headers: Record<string, unknown>
}
export type File = { readonly field: string; readonly name: string; readonly bytes: Buffer }

/** Somebody with a browser that keeps cookies and runs no scripts. */
export function browser(app: App, slug: string, headers: Record<string, string> = {}) {
  const jar = new Map<string, string>()
  const base = `/p/${slug}`
  const send = async (
    method: 'GET' | 'POST',
    path: string,
    extra: Record<string, string> = {},
    payload?: string | Buffer,
  ): Promise<Sent> => {
    const cookie = [...jar].map(([k, v]) => `${k}=${v}`).join('; ')
    const reply = await app.server.inject({
      method,
      url: path.startsWith('/') && !path.startsWith('/p/') ? `${base}${path}` : path,
      headers: { host: 'complaints.example', ...(cookie && { cookie }), ...headers, ...extra },
      ...(payload === undefined ? {} : { payload }),
    })
    for (const line of [reply.headers['set-cookie'] ?? []].flat()) {
      const [pair = '', ...rest] = line.split(';')
      const [name = '', value = ''] = pair.split('=')
      if (rest.some((r) => r.trim() === 'Max-Age=0')) jar.delete(name)
      else jar.set(name, decodeURIComponent(value))
    }
    return {
      status: reply.statusCode,
      text: reply.body,
      location: String(reply.headers.location ?? ''),
      headers: reply.headers,
    }
  }
  const own = { origin: 'http://complaints.example', 'sec-fetch-site': 'same-origin' }
  const self = {
    jar,
    get: (path: string, extra?: Record<string, string>) => send('GET', path, extra),
    /** Opens the page, fills its form and sends it, as a person would. */
    async fill(path: string, values: Record<string, string>, action = path): Promise<Sent> {
      const page = await send('GET', path)
      return self.post(action, { _csrf: csrfOf(page.text), ...values })
    },
    post(path: string, values: Record<string, string>, extra: Record<string, string> = own): Promise<Sent> {
      const payload = new URLSearchParams(values).toString()
      return send('POST', path, { 'content-type': 'application/x-www-form-urlencoded', ...extra }, payload)
    },
    async upload(path: string, values: Record<string, string>, files: readonly File[], csrf?: string): Promise<Sent> {
      const token = csrf ?? csrfOf((await send('GET', path)).text)
      const boundary = '----portal-test'
      const parts = [
        ...Object.entries({ _csrf: token, ...values }).map(([k, v]) =>
          Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${k}"\r\n\r\n${v}\r\n`),
        ),
        ...files.flatMap((f) => [
          Buffer.from(
            `--${boundary}\r\ncontent-disposition: form-data; name="${f.field}"; filename="${f.name}"\r\ncontent-type: application/octet-stream\r\n\r\n`,
          ),
          f.bytes,
          Buffer.from('\r\n'),
        ]),
        Buffer.from(`--${boundary}--\r\n`),
      ]
      return send(
        'POST',
        path,
        { 'content-type': `multipart/form-data; boundary=${boundary}`, ...own },
        Buffer.concat(parts),
      )
    },
  }
  return self
}

export function csrfOf(page: string): string {
  return /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
}

/** The reference and the receipt code of the last page. */
export function receiptOf(page: string): { number: string; reference: string; secret: string } {
  const [number = '', reference = '', secret = ''] = [...page.matchAll(/<dd(?: class="big")?>([^<]+)<\/dd>/g)].map(
    (m) => m[1] ?? '',
  )
  return { number, reference, secret }
}
