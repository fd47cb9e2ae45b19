import { afterAll, expect, it } from 'vitest'
import type { App } from '../app.ts'
import { startApp } from '../kit/testing/app.ts'
import { setupToken } from '../people/index.ts'

const { app, stop } = await startApp<App>()
afterAll(stop)

it('an organisation just set up has a team for its first complaint, which may share out at once', async () => {
  const ask = async (method: 'GET' | 'POST' | 'PUT', url: string, payload?: object, cookie = '') =>
    app.server.inject({
      method,
      url,
      ...(payload ? { payload } : {}),
      headers: { 'sec-fetch-site': 'same-origin', cookie },
    })
  const made = await ask('POST', '/api/v1/setup', {
    token: setupToken(app.master),
    organisation: {
      slug: 'new',
      name: { zhHant: '新店', zhHans: '新店', en: 'New' },
      locale: 'zh-Hant',
      zone: 'Asia/Taipei',
    },
    name: '阿明',
    mail: 'ming@new.test',
    password: 'correct horse battery 9',
    alsoTeamLead: true,
  })
  expect(made.statusCode, made.body).toBeLessThan(300)
  const cookie = String(made.headers['set-cookie']).split(';')[0] ?? ''
  const record = async () => {
    const { id } = (
      await ask('POST', '/api/v1/complaints', { channel: 'phone', text: '跳電', typeCode: 'R1' }, cookie)
    ).json()
    return (await ask('GET', `/api/v1/complaints/${id}`, undefined, cookie)).json().complaint
  }
  const first = await record()
  expect(first).toMatchObject({ owner: null, assignedWhy: { rule: 'default', mode: 'by_hand', teamId: first.teamId } })
  await ask('PUT', `/api/v1/settings/routing/teams/${first.teamId}/mode`, { mode: 'fewest_open' }, cookie)
  expect(await record()).toMatchObject({
    owner: { name: '阿明' },
    assignedWhy: { rule: 'default', mode: 'fewest_open' },
  })
})
