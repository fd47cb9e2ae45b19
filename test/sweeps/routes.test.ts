import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everyone, startWorld, type World } from '../world/world.ts'

// The routes the server has are those OpenAPI tells of and this closed list, difference 0 (API9); what stands outside the
// access matrix has its expectation here.

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

/** Open to everybody, and telling nothing of any complaint. */
const open = ['GET /', 'GET /livez', 'GET /readyz', 'GET /metrics', 'GET /api/v1/openapi.json', 'GET /api/v1/docs']
/** The desk's own files and page; with no built desk only the page that says so. */
const desk = ['GET /desk', 'GET /desk/', 'GET /desk/*', 'GET /desk/assets/*']
/** Forms and streams, which are not JSON: bound by hand, authorised by hand. */
const byHand = [
  'POST /api/v1/attachments',
  'GET /api/v1/attachments/:id',
  'GET /api/v1/attachments/:id/audio',
  'GET /api/v1/inbound-items/:id/raw',
  'POST /api/v1/settings/imports/files',
  'GET /api/v1/settings/imports/:id/bad-rows',
  'GET /api/v1/complaints/:id/mail-page',
]
/** Files made for one question; src/insights/insights.test.ts, src/audit/one.test.ts and src/export prove who gets them. */
const made = [
  'GET /api/v1/figures.xlsx',
  'GET /api/v1/figures/durations.csv',
  'GET /api/v1/complaints/:id/audit.csv',
  'GET /api/v1/complaints/:id/proof.json',
  'GET /api/v1/exports/list.csv',
  'GET /api/v1/exports/list.xlsx',
  'GET /api/v1/exports/search.csv',
  'GET /api/v1/exports/search.xlsx',
  'GET /api/v1/complaints/:id/case-file.html',
  'GET /api/v1/complaints/:id/case-file.pdf',
]
/** The portal: draft, receipt and reference are its credentials; src/portal/portal.test.ts proves them. */
const portal = /^(GET|POST) \/p\/(:slug\/|-\/portal\.[0-9a-f]+\.(css|js)$)/

/** `METHOD /path` of every route, from the server's own table. */
function routesOf(): string[] {
  const found: string[] = []
  const path: string[] = []
  for (const row of world.app.server.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', segment = '', methods] = /^((?:│ {3}| {4})*)[├└]── (.*?)(?: \(([A-Z, ]+)\))?$/.exec(row) ?? []
    if (segment === '') continue
    const depth = indent.length / 4
    path.length = depth
    path[depth] = segment
    for (const method of methods?.split(', ') ?? []) if (method !== 'HEAD') found.push(`${method} ${path.join('')}`)
  }
  return [...new Set(found)].sort()
}
const plain = (path: string) => path.replaceAll(/:\w+/g, ':id')

describe('the routes', () => {
  it('are those of OpenAPI and the closed list, none more, none less', async () => {
    const document = (await world.app.server.inject('/api/v1/openapi.json')).json()
    const told = Object.entries(document.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    )
    const found = routesOf()
    expect(found.length).toBeGreaterThan(80)
    const listed = new Set([...told, ...open, ...desk, ...byHand, ...made].map(plain))
    expect(found.filter((r) => !listed.has(plain(r)) && !portal.test(r))).toEqual([])
    const bound = new Set(found.map(plain))
    expect([...told, ...open, ...byHand, ...made].filter((r) => !bound.has(plain(r)))).toEqual([])
    expect(told.length).toBe(world.app.binding.routes.length)
  })

  it('of the API all name their permission in OpenAPI', async () => {
    const document = (await world.app.server.inject('/api/v1/openapi.json')).json()
    for (const [path, methods] of Object.entries(
      document.paths as Record<string, Record<string, { 'x-permission': string }>>,
    ))
      for (const operation of Object.values(methods))
        expect(operation['x-permission'], path).toMatch(/^(self|public|[a-z]+\.[a-z]+)$/)
  })
})

describe('routes outside the matrix', () => {
  it.each(open)('%s answers anybody and names nobody', async (route) => {
    const reply = await world.app.server.inject(route.replace('GET ', ''))
    expect(reply.statusCode).toBeLessThan(400)
    for (const house of [world.home, world.neighbour])
      for (const id of [house.org, house.place, ...Object.values(house.staff), ...Object.values(house.teams)])
        expect(reply.body).not.toContain(id)
  })

  it.each(byHand)('%s is closed to strangers and to roles without its permission', async (route) => {
    const [method = '', path = ''] = route.split(' ')
    const url = path.replace(':id', '01950000-0000-7000-8000-000000000000')
    const stranger = await world.app.server.inject({ method: method as 'GET', url })
    expect([stranger.statusCode, stranger.json().code]).toEqual([401, 'people.not-signed-in'])
    const permission = path.includes('inbound')
      ? 'parked.read'
      : path.includes('imports')
        ? 'settings.write'
        : method === 'POST'
          ? 'attachment.upload'
          : 'complaint.read'
    for (const who of everyone) {
      const { permissions } = (await world.as(who)('GET', '/api/v1/me')).json()
      const reply = await world.as(who)(method as 'GET', url)
      if (permissions.includes(permission)) expect([404, 415], who).toContain(reply.statusCode)
      else expect([reply.statusCode, reply.json().code], who).toEqual([403, 'people.not-allowed'])
    }
  })

  it('the stream is closed to strangers and to roles that read no complaints', async () => {
    const url = '/api/v1/stream'
    if (!world.app.server.hasRoute({ method: 'GET', url })) return
    expect((await world.app.server.inject(url)).statusCode).toBe(401)
    for (const who of ['admin', 'executive'] as const)
      expect((await world.as(who)('GET', url)).statusCode, who).toBe(403)
  })
})
