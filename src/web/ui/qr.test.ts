import { encode } from 'uqr'
import { expect, test } from 'vitest'
import { qrOf } from './qr.ts'

const url =
  'otpauth://totp/Tea%20Shop%20%E8%8C%B6%E8%88%96:shop@tea.example?issuer=Tea%20Shop%20%E8%8C%B6%E8%88%96' +
  '&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30'

test.each(['A', '12345', '茶舖', url])(
  'what is drawn of %s is what was encoded, with four white modules around',
  (text) => {
    const { size, path } = qrOf(text)
    const drawn = Array.from({ length: size }, () => Array.from({ length: size }, () => false))
    for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g))
      drawn[Number(y)]?.fill(true, Number(x), Number(x) + Number(run))
    const inner = drawn.slice(4, -4).map((row) => row.slice(4, -4))
    expect(inner).toEqual(encode(text, { ecc: 'M', border: 0 }).data)
    expect(drawn.flat().filter(Boolean)).toHaveLength(inner.flat().filter(Boolean).length)
  },
)

test('the address of an authenticator fits with room: modules are no smaller than a telephone reads', () => {
  expect(qrOf(url).size).toBeLessThanOrEqual(61)
})
