import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import { fingerprint, hmac, masterSecret, open, SealBroken, safeEqual, seal, subkey } from './secrets.ts'

let dataDir = ''
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'redress-secrets-'))
})
afterEach(() => rm(dataDir, { recursive: true }))

describe('the master secret', () => {
  it('is made once, readable by its owner only, and found again', async () => {
    const first = await masterSecret({ dataDir })
    expect(await masterSecret({ dataDir })).toEqual(first)
    expect((await stat(join(dataDir, 'secret.key'))).mode & 0o777).toBe(0o600)
    expect(await readdir(dataDir)).toEqual(['secret.key'])
  })

  it('is one and the same for processes that start together', async () => {
    const secrets = await Promise.all(Array.from({ length: 20 }, () => masterSecret({ dataDir })))
    expect(new Set(secrets.map((secret) => secret.toString())).size).toBe(1)
    expect(await readdir(dataDir)).toEqual(['secret.key'])
  })

  it('may be moved from the file into REDRESS_SECRET', async () => {
    const made = await masterSecret({ dataDir })
    const value = await readFile(join(dataDir, 'secret.key'), 'utf8')
    expect(await masterSecret({ value, dataDir: '/nowhere' })).toEqual(made)
  })

  it('refuses a file that other users can read', async () => {
    await masterSecret({ dataDir })
    await chmod(join(dataDir, 'secret.key'), 0o644)
    await expect(masterSecret({ dataDir })).rejects.toThrow('chmod 600')
  })

  it('refuses a short value and an empty file, rather than making another secret', async () => {
    await expect(masterSecret({ value: 'hunter2', dataDir })).rejects.toThrow('at least 32')
    await writeFile(join(dataDir, 'secret.key'), '', { mode: 0o600 })
    await expect(masterSecret({ dataDir })).rejects.toThrow('at least 32')
  })
})

describe('keys', () => {
  const master = Buffer.from('a master secret of more than 32 characters')

  it('differ by purpose and stay the same over releases', () => {
    expect(subkey(master, 'mail')).not.toEqual(subkey(master, 'webhooks'))
    expect(subkey(master, 'mail').toString('hex')).toBe(
      '2b594602e1e5b19781a4d07a2761b4504782b508440f507ec799370368953f49',
    )
    expect(fingerprint(master)).toBe('f7f822c9b88cbe4e305a6dc2a0f5b547')
  })
})

describe('sealed values', () => {
  const key = randomBytes(32)

  test.each([[''], ['密碼 p@ss'], ['x'.repeat(100_000)]])('open to what was sealed', (plaintext) => {
    expect(open(key, seal(key, plaintext, 'mailbox/7'), 'mailbox/7').toString()).toBe(plaintext)
  })

  it('never look alike twice', () => {
    expect(seal(key, 'same')).not.toEqual(seal(key, 'same'))
  })

  it('refuse another key, another context, and any changed or missing byte', () => {
    const sealed = seal(key, 'secret', 'mailbox/7')
    expect(() => open(randomBytes(32), sealed, 'mailbox/7')).toThrow(SealBroken)
    expect(() => open(key, sealed, 'mailbox/8')).toThrow(SealBroken)
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(() => open(key, changed, 'mailbox/7')).toThrow(SealBroken)
      expect(() => open(key, sealed.subarray(0, at), 'mailbox/7')).toThrow(SealBroken)
    }
  })
})

it('signs as RFC 4231, case 2', () => {
  expect(hmac(Buffer.from('Jefe'), 'what do ya want for nothing?').toString('hex')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})

test.each([
  ['same', 'same', true],
  ['same', 'Same', false],
  ['short', 'longer', false],
  ['', '', true],
])('%s equals %s: %s', (a, b, expected) => {
  expect(safeEqual(a, b)).toBe(expected)
  expect(safeEqual(Buffer.from(a), b)).toBe(expected)
})
