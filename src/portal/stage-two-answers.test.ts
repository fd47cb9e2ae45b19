import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ms, startWorld, type Who, type World } from '../../test/world/world.ts'
import { browser, receiptOf } from './portal-world.ts'

// The answer of stage 2 reaches the person as such, and replaces that of stage 1 only when it has left.

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

async function filed() {
  const person = browser(world.app, 'harbour')
  await person.get('/complain/new')
  await person.fill('/complain/what', { text: '熱水壺漏電' })
  await person.fill('/complain/you', { mode: 'anonymous' })
  await person.fill('/complain/check', {})
  const receipt = receiptOf((await person.get('/complain/done')).text)
  const items = (await world.as('lead')('GET', '/api/v1/complaints?sort=received')).json().items
  const { id } = (items as { id: string; number: string }[]).find((i) => i.number === receipt.number) ?? { id: '' }
  const follow = async () => {
    const reader = browser(world.app, 'harbour')
    await reader.post('/track', { reference: receipt.reference, secret: receipt.secret })
    return (await reader.get('/track/status')).text
  }
  return { id, follow }
}

const page = async (id: string) => (await world.as('lead')('GET', `/api/v1/complaints/${id}`)).json()
async function step(who: Who, id: string, path: string, body: object): Promise<void> {
  const { version } = (await page(id)).complaint
  const reply = await world.as(who)('POST', `/api/v1/complaints/${id}/${path}`, { version, ...body })
  expect(reply.statusCode, reply.body).toBeLessThan(300)
}
const findings = async (id: string, finding: string, answer: string) =>
  ((await page(id)).points as { id: string }[]).map((p) => ({ pointId: p.id, finding, answer }))

describe('after a review', () => {
  test('the first answer stands until the last one has been sent, and is then told from it', async () => {
    const { id, follow } = await filed()
    await step('mei', id, 'investigation', {})
    const first = { text: '第一次的答覆', decision: true, outcomeCode: 'O3' }
    await step('mei', id, 'replies', { ...first, findings: await findings(id, 'not_upheld', '原因一') })
    world.clock.advance(5 * ms.minute)
    await step('mei', id, 'review', { reason: '不服' })
    const last = { text: '覆核的答覆', outcomeCode: 'O1' }
    await step('reviewer', id, 'final-decision', { ...last, findings: await findings(id, 'upheld', '原因二') })
    const within = await follow()
    expect(within).toContain('由另一位同仁覆核中')
    expect(within).toMatch(/逐點答覆[\s\S]*不成立[\s\S]*原因一/)
    expect(within).not.toContain('原因二')
    world.clock.advance(5 * ms.minute)
    const after = await follow()
    expect(after).toContain('覆核後的最後答覆')
    expect(after).toMatch(/逐點答覆[\s\S]*原因二/)
    expect(after).not.toContain('原因一')
  })
})
