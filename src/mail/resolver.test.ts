import { expect, it } from 'vitest'
import type { Resolver } from './read/context.ts'
import { openResolver } from './resolver.ts'

const fails = (code: string) => Promise.reject(Object.assign(new Error(code), { code }))
const lookUp = (resolve: Resolver, name: string) =>
  resolve(name, 'TXT').then(
    () => 'answered',
    (error: { code: string }) => error.code,
  )

/** Name servers where `silent` names time out; counts what was really asked. */
function names(silent: (name: string) => boolean) {
  const clock = { now: 0 }
  const asked: string[] = []
  const resolve = openResolver(
    () => clock.now,
    async (name) => {
      asked.push(name)
      return silent(name) ? fails('ETIMEOUT') : [['v=DMARC1; p=reject']]
    },
  )
  return { clock, asked, resolve }
}

it('a sender whose name servers are silent silences nobody else, however many names they are asked for', async () => {
  const { resolve } = names((name) => name.includes('evil'))
  for (let i = 0; i < 40; i++) expect(await lookUp(resolve, `s${i}._domainkey.evil${i}.example`)).toBe('ETIMEOUT')
  expect(await lookUp(resolve, '_dmarc.bank.example')).toBe('answered')
})

it('many silent domains of others close nothing while the root answers', async () => {
  const { resolve } = names((name) => name.startsWith('slow'))
  for (let i = 0; i < 40; i++) await lookUp(resolve, `slow.d${i}`)
  expect(await lookUp(resolve, '_dmarc.bank.example')).toBe('answered')
})

it('when everybody is silent, the root too, mails do not wait; half a minute later somebody is asked again', async () => {
  const { resolve, asked, clock } = names(() => true)
  for (let i = 0; i < 40; i++) await lookUp(resolve, `a.d${i}`)
  expect(asked.length).toBeLessThan(12)
  const before = asked.length
  clock.now += 31_000
  await lookUp(resolve, 'a.b')
  expect(asked.length).toBe(before + 1)
})

it('a silent question is not waited for a third time in half a minute', async () => {
  const { resolve, asked, clock } = names((name) => name === 'silent.example')
  for (let i = 0; i < 5; i++) await lookUp(resolve, 'silent.example')
  expect(asked).toHaveLength(2)
  clock.now += 30_000
  await lookUp(resolve, 'silent.example')
  expect(asked).toHaveLength(3)
})

it('name servers that say they failed are there, and are asked again', async () => {
  let asked = 0
  const resolve = openResolver(
    () => 0,
    () => {
      asked += 1
      return fails('ESERVFAIL')
    },
  )
  for (let i = 0; i < 20; i++) expect(await lookUp(resolve, `d${i}.example`)).toBe('ESERVFAIL')
  expect(asked).toBe(20)
})
