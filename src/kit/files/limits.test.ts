import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect, it, test } from 'vitest'
import { allowCount, byteLimit } from './limits.ts'

function upload(...sizes: number[]): Promise<Buffer> {
  const source = Readable.from(sizes.map((size) => Buffer.alloc(size)))
  const limited = byteLimit(100)
  source.on('error', (error) => limited.destroy(error))
  return buffer(source.pipe(limited))
}

test.each([[[1]], [[100]], [[60, 40]]])('pieces of %j bytes pass a limit of 100', async (sizes) => {
  expect((await upload(...sizes)).length).toBe(sizes.reduce((sum, size) => sum + size))
})

test.each([[[101]], [[100, 1]], [Array<number>(1000).fill(50)]])('pieces of %j bytes are too large', async (sizes) => {
  await expect(upload(...sizes)).rejects.toMatchObject({
    refusal: { code: 'files.too-large', status: 413, facts: { maxBytes: 100 } },
  })
})

it('refuses an empty file', async () => {
  await expect(upload()).rejects.toMatchObject({ refusal: { code: 'files.empty', status: 422 } })
})

it('refuses more files than allowed and names the limit', () => {
  expect(allowCount(3, { maxCount: 3 })).toMatchObject({ ok: true })
  expect(allowCount(4, { maxCount: 3 })).toMatchObject({ refusal: { code: 'files.too-many', facts: { maxCount: 3 } } })
})
