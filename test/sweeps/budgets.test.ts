import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { bundleSizes } from '../../bench/bundle-sizes.ts'
import { startWorld } from '../world/world.ts'

// What is loaded before somebody can work, counted: kilobytes do not depend on the machine. Seconds are measured in bench/.

const root = fileURLToPath(new URL('../..', import.meta.url))

describe.runIf(existsSync(`${root}/dist/web`))('scripts, compressed', () => {
  const { first, parts, portal } = bundleSizes(root)

  it('of the first load of the desk are at most 250 KB', () => {
    expect(first.files).toBeGreaterThan(0)
    expect(first.kb).toBeLessThanOrEqual(250)
  })

  it('of any part with the first load are at most 300 KB', () => {
    expect(parts.length).toBeGreaterThan(10)
    expect(parts.filter(({ kb }) => kb > 300)).toEqual([])
  })

  it('of a page of the portal are at most 40 KB', () => {
    expect(portal.kb).toBeGreaterThan(0)
    expect(portal.kb).toBeLessThanOrEqual(40)
  })

  it('go over the wire compressed', async () => {
    const world = await startWorld()
    try {
      const get = (url: string) =>
        world.app.server.inject({ method: 'GET', url, headers: { 'accept-encoding': 'gzip, br' } })
      const page = await get('/desk/')
      expect(page.headers['content-encoding']).toBe('br')
      const text = brotliDecompressSync(page.rawPayload).toString()
      for (const [, file] of text.matchAll(/(assets\/[\w.~-]+\.(?:js|css))/g)) {
        const { statusCode, headers } = await get(`/desk/${file}`)
        expect({ file, statusCode, encoding: headers['content-encoding'] }).toEqual({
          file,
          statusCode: 200,
          encoding: 'br',
        })
      }
    } finally {
      await world.stop()
    }
  })
})
