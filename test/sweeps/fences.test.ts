import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

// The fences of the house. dependency-cruiser needs TypeScript's JavaScript API, which TypeScript 7 does not have yet
// (docs/decisions/0003-fences.md); import lines are regular enough to read them here.

const root = fileURLToPath(new URL('../..', import.meta.url))
type Import = { readonly from: string; readonly to: string; readonly typeOnly: boolean; readonly outside: boolean }

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((e) => {
    const path = join(folder, e.name)
    if (e.isDirectory()) return sources(path)
    return /\.tsx?$/.test(e.name) && !e.name.endsWith('.d.ts') ? [path] : []
  })
}

function importsOf(path: string): Import[] {
  const text = readFileSync(path, 'utf8')
  const from = relative(root, path)
  const found: Import[] = []
  for (const match of text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/gm)) {
    const [, typeOnly, spec = ''] = match
    const outside = !spec.startsWith('.')
    found.push({
      from,
      to: outside ? spec : relative(root, resolve(dirname(path), spec)),
      typeOnly: typeOnly !== undefined,
      outside,
    })
  }
  return found
}

const files = sources(join(root, 'src'))
const all = files.flatMap(importsOf)
const isTest = (path: string) => /\.test\.tsx?$|\/testing\/|suite\.ts$|-world\.ts$/.test(path)
const isScreen = (path: string) => /^src\/web\/|^src\/[^/]+\/ui\/|^src\/kit\/client\//.test(path)
const sayAll = (broken: readonly Import[]) => broken.map((i) => `${i.from} → ${i.to}`)

describe('the fences of the house', () => {
  it('read the whole house', () => {
    expect(all.length).toBeGreaterThan(300)
  })

  it('every relative import leads to a file', () => {
    const lost = all.filter((i) => !i.outside && !existsSync(join(root, i.to.replace(/\?.*$/, ''))))
    expect(sayAll(lost)).toEqual([])
  })

  it('kit knows no slice', () => {
    expect(
      sayAll(
        all.filter(
          (i) => i.from.startsWith('src/kit/') && !i.outside && !i.to.startsWith('src/kit/') && !isTest(i.from),
        ),
      ),
    ).toEqual([])
  })

  it('domain/ imports only domain/ and kit/pure', () => {
    const allowed = (i: Import) =>
      i.outside ? i.to === 'temporal-polyfill' : /^src\/[^/]+\/domain\/|^src\/kit\/pure\//.test(i.to)
    expect(sayAll(all.filter((i) => /^src\/[^/]+\/domain\//.test(i.from) && !isTest(i.from) && !allowed(i)))).toEqual(
      [],
    )
  })

  it('slices meet only at their doors', () => {
    // `index.ts` for the server, `contract.ts` for both sides, `domain/index.ts` for pure rules, `ui/index.ts` for screens.
    const door = /^src\/[^/]+\/(index|contract|domain\/index|ui\/index)\.ts$/
    const slice = (path: string) => /^src\/([^/]+)\//.exec(path)?.[1] ?? ''
    // What puts the house together or works on the whole of it uses every room.
    const apart = new Set(['', 'kit', 'web', 'cli', 'demo', 'operations', 'seeds'])
    const between = (i: Import) => !apart.has(slice(i.from)) && !apart.has(slice(i.to)) && slice(i.from) !== slice(i.to)
    expect(sayAll(all.filter((i) => !i.outside && !isTest(i.from) && between(i) && !door.test(i.to)))).toEqual([])
  })

  it('a door opens on no wiring', () => {
    const wiring = /\/(routes[^/]*|jobs)\.ts$/
    expect(sayAll(all.filter((i) => /^src\/[^/]+\/index\.ts$/.test(i.from) && wiring.test(i.to)))).toEqual([])
  })

  it('screens know contracts and pure code, never stores, commands or routes', () => {
    const allowed = (to: string) =>
      isScreen(to) ||
      /contract\.ts$|\/contract\/|^src\/kit\/pure\/|\/domain\/|\.json$|\.css$|^src\/people\/(permissions|roles)\.ts$/.test(
        to,
      )
    expect(sayAll(all.filter((i) => isScreen(i.from) && !isTest(i.from) && !i.outside && !allowed(i.to)))).toEqual([])
  })

  it('the server imports no screen', () => {
    expect(sayAll(all.filter((i) => !isScreen(i.from) && !isTest(i.from) && !i.outside && isScreen(i.to)))).toEqual([])
  })

  it('the program imports no test code', () => {
    expect(sayAll(all.filter((i) => !isTest(i.from) && !i.outside && isTest(i.to)))).toEqual([])
  })

  it('running code has no import cycle', () => {
    const graph = new Map<string, string[]>()
    for (const i of all) if (!i.outside && !i.typeOnly) graph.set(i.from, [...(graph.get(i.from) ?? []), i.to])
    const state = new Map<string, 'open' | 'done'>()
    const cycles: string[] = []
    const visit = (node: string, path: string[]): void => {
      if (state.get(node) === 'done') return
      if (state.get(node) === 'open') {
        cycles.push([...path.slice(path.indexOf(node)), node].join(' → '))
        return
      }
      state.set(node, 'open')
      for (const next of graph.get(node) ?? []) visit(next, [...path, node])
      state.set(node, 'done')
    }
    for (const node of graph.keys()) visit(node, [])
    expect(cycles).toEqual([])
  })
})
