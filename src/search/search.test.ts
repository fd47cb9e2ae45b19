import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { permissionsOf, roles } from '../people/index.ts'
import { cast, everyone, record } from '../../test/world/world.ts'
import { indexRest } from './jobs.ts'
import { type LiveWorld, startLiveWorld } from '../complaints/live-world.ts'

let world: LiveWorld
const made: Record<string, { id: string; number: string }> = {}
beforeAll(async () => {
  world = await startLiveWorld()
  const texts: Record<string, object> = {
    kettle: {
      text: '熱水壺第二次跳電，門市人員不理會，要求全額退款。',
      title: '熱水壺跳電',
      complainant: { name: '吳佩珊', mail: 'wu.peishan@example.com', phone: '0912-345-678' },
    },
    fridge: {
      text: '冰箱漏水，投诉了三次没有人回复，要求退款。',
      orderNo: 'TW-20260301-88',
      complainant: { name: '陈建国', phone: '+86 138 0013 8000' },
    },
    cooker: { text: 'The rice cooker ＡＢＣ－９９９ sparks when boiling; refunds were promised.' },
    other: { text: '洗衣機聲音太大。', confidentiality: 'secret' },
  }
  for (const [name, body] of Object.entries(texts)) {
    made[name] = await record(world, body, name === 'other' ? 'lead' : 'intake')
    world.clock.advance(60_000)
  }
  await record(world, { text: '熱水壺跳電，鄰居的投訴' }, 'intake', 'neighbour')
})
afterAll(() => world.stop())

const search = async (q: string, who: keyof typeof cast = 'reviewer', more = '') =>
  (await world.as(who)('GET', `/api/v1/search?q=${encodeURIComponent(q)}${more}`)).json()
const found = async (q: string, who?: keyof typeof cast, more?: string) => {
  const names = Object.entries(made)
  const reply = await search(q, who, more)
  return reply.items
    .map((i: { complaint: { id: string } }) => names.find(([, m]) => m.id === i.complaint.id)?.[0] ?? 'a stranger')
    .sort()
}

describe('search', () => {
  it.each([
    ['traditional words in traditional text', '熱水壺', ['kettle']],
    ['simplified words in traditional text', '热水壶', ['kettle']],
    ['traditional words in simplified text', '沒有人', ['fridge']],
    ['two characters', '退款', ['fridge', 'kettle']],
    ['one character', '壺', ['kettle']],
    ['a long phrase', '門市人員不理會要求', []],
    ['the phrase as written', '門市人員不理會', ['kettle']],
    ['an English word in its plural', 'refund', ['cooker']],
    ['the beginning of a word', 'spar', ['cooker']],
    ['full-width letters by half-width ones', 'abc-999', ['cooker']],
    ['half-width text by full-width letters', 'ｃｏｏｋｅｒ', ['cooker']],
    ['a name', '吳佩珊', ['kettle']],
    ['a name in the other script', '陳建國', ['fridge']],
    ['a mail address', 'wu.peishan@example.com', ['kettle']],
    ['a telephone number written otherwise', '+886 912 345 678', ['kettle']],
    ['the end of a telephone number', '345678', ['kettle']],
    ['an order number', 'TW-20260301-88', ['fridge']],
    ['two words that must both be there', '冰箱 退款', ['fridge']],
  ])('finds %s', async (_, q, expected) => {
    expect(await found(q)).toEqual(expected)
  })

  it('finds a complaint by its number, with or without zeros', async () => {
    expect(await found(made.kettle?.number ?? '')).toEqual(['kettle'])
    expect(await found((made.kettle?.number ?? '').replace(/-0+/, '-'))).toEqual(['kettle'])
  })

  it('shows where the words are, in title and message', async () => {
    const { items, searched } = await search('跳电')
    expect(searched).toBe(true)
    expect(items[0].hits.map((h: { where: string }) => h.where)).toEqual(['title', 'message'])
    for (const { parts } of items[0].hits) expect(parts.find((p: { hit: boolean }) => p.hit).text).toBe('跳電')
  })

  it('finds notes, and says so', async () => {
    await world.as('lead')('POST', `/api/v1/complaints/${made.cooker?.id}/notes`, { text: '供應商承認溫控器瑕疵' })
    const { items } = await search('溫控器')
    expect(items[0].hits.at(-1)).toMatchObject({ where: 'note', messageId: expect.any(String) })
  })

  it('never shows what a reader may not see: restricted, another team’s, another organisation’s', async () => {
    expect(await found('洗衣機', 'lead')).toEqual(['other'])
    expect(await found('洗衣機', 'reviewer')).toEqual([])
    expect(await found('熱水壺', 'xiu')).toEqual([])
    expect(await found('鄰居')).toEqual([])
  })

  it('filters and ranks', async () => {
    expect(await found('退款', 'reviewer', '&open=true')).toEqual(['fridge', 'kettle'])
    expect(await found('退款', 'reviewer', '&open=false')).toEqual([])
    expect(await found('退款', 'reviewer', '&state=closed')).toEqual([])
    expect(await found('退款', 'reviewer', '&order=ranked')).toEqual(['fridge', 'kettle'])
    expect(await found('退款', 'reviewer', `&ownerId=${world.home.staff.mei}`)).toEqual([])
  })

  it('pages through the newest, each complaint once, however often it speaks of it', async () => {
    const many: string[] = []
    for (let n = 0; n < 7; n++) {
      many.push((await record(world, { text: `吸塵器故障 ${n}` })).id)
      world.clock.advance(1_000)
    }
    for (let n = 0; n < 12; n++) {
      await world.as('lead')('POST', `/api/v1/complaints/${many[n % 3]}/notes`, { text: `吸塵器又故障 ${n}` })
      world.clock.advance(1_000)
    }
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { items: { complaint: { id: string } }[]; next: string | null } = await search(
        '吸塵器',
        'reviewer',
        `&limit=2${cursor ? `&cursor=${cursor}` : ''}`,
      )
      seen.push(...page.items.map((i) => i.complaint.id))
      cursor = page.next
      expect(seen.length).toBeLessThan(20)
    }
    expect(seen.toSorted()).toEqual(many.toSorted())
  })

  it.each([
    ['only marks', '!!! ，。 ()', false],
    ['query operators', "a' & b | !c <-> :*", true],
    ['SQL', "'; drop table complaint; --", true],
    ['the lexemes of another organisation', 'o2 o2w2930', true],
    ['an emoji', '👍🏽', false],
    ['a long repetition', '壺'.repeat(200), true],
    ['a backslash', '\\\\ \\', false],
    ['NUL and a lone surrogate', 'a\u0000b', true],
  ])('answers %s calmly', async (_, q, searched) => {
    const reply = await search(q)
    expect(reply).toMatchObject({ searched, items: expect.any(Array) })
  })

  it('finds the end of a very long message once the worker was there, however often it comes', async () => {
    const filler = Array.from({ length: 9000 }, (_, i) => `第${i}次通話沒有結果。`).join('')
    const { id } = await record(world, { text: `開頭的水蜜桃。${filler}結尾的鳳梨酥。` }, 'lead')
    const hits = async (q: string) =>
      (await search(q, 'lead')).items.map((i: { complaint: { id: string } }) => i.complaint.id)
    expect([await hits('水蜜桃'), await hits('鳳梨酥')]).toEqual([[id], []])
    const { rows } = await world.app.systemDb.pool.query(
      `select m.id from message m where m.complaint_id = $1 and m.direction = 'in'`,
      [id],
    )
    const payload = { org: world.home.org, complaintId: id, messageId: rows[0].id }
    const owner = new pg.Client({ connectionString: world.url })
    await owner.connect()
    const jobs = await owner.query(`select task_identifier as task from graphile_worker.jobs where key = $1`, [
      `index:${payload.messageId}`,
    ])
    await owner.end()
    expect(jobs.rows).toEqual([{ task: 'index_rest' }])
    await indexRest(world.app, payload)
    await Promise.all([indexRest(world.app, payload), indexRest(world.app, payload)])
    expect(await hits('鳳梨酥')).toEqual([id])
    const parts = await world.app.systemDb.pool.query(
      'select part, count(*)::int as n from search_row where complaint_id = $1 and message_id is not null group by part having count(*) > 1',
      [id],
    )
    expect(parts.rows).toEqual([])
  })

  it('refuses a forged cursor', async () => {
    for (const cursor of [
      'x',
      Buffer.from('["a","b"]').toString('base64url'),
      Buffer.from('[1e99,"x"]').toString('base64url'),
      Buffer.from('[-7e15,"01950000-0000-7000-8000-000000000000"]').toString('base64url'),
      Buffer.from('["infinity","01950000-0000-7000-8000-000000000000"]').toString('base64url'),
    ])
      expect(await search('退款', 'reviewer', `&cursor=${cursor}`)).toMatchObject({ code: 'request.bad-cursor' })
    expect((await world.as('admin')('GET', '/api/v1/search?q=a')).statusCode).toBe(403)
  })
})

describe('who somebody is', () => {
  const knows = everyone.filter((who) => permissionsOf(cast[who].roles).has('customer.read'))
  const reads = everyone.filter((who) => permissionsOf(cast[who].roles).has('complaint.read'))
  const asked = ['吳佩珊', '佩珊', '吳', 'wu.peishan@example.com', 'peishan', '0912-345-678', '345678']

  it.each(reads)('is looked for by those who may know customers alone: %s', async (who) => {
    const scope = cast[who].roles.some((role) => roles[role] === 'organisation' || roles[role] === 'team')
    for (const q of asked) {
      const kettle = (await found(q, who)).includes('kettle')
      expect(kettle, q).toBe(scope && knows.includes(who) && cast[who].team !== 'shanghai')
    }
    const { number } = made.kettle ?? { number: '' }
    for (const q of [number, '熱水壺跳電', '跳電'])
      expect((await found(q, who)).includes('kettle'), q).toBe(scope && cast[who].team !== 'shanghai')
    expect((await found('吳佩珊 熱水壺', who)).includes('kettle')).toBe(
      scope && knows.includes(who) && cast[who].team !== 'shanghai',
    )
  })

  it('stays so when the head is written anew', async () => {
    const { id } = made.kettle ?? { id: '' }
    const page = (await world.as('lead')('GET', `/api/v1/complaints/${id}`)).json()
    const assessed = { version: page.complaint.version, impact: 3, likelihood: 3, title: '熱水壺又跳電' }
    expect((await world.as('lead')('POST', `/api/v1/complaints/${id}/assessment`, assessed)).statusCode).toBe(200)
    for (const q of asked) {
      expect(await found(q, 'qa'), q).toEqual([])
      expect(await found(q, 'lead'), q).toEqual(['kettle'])
    }
    expect(await found('熱水壺又跳電', 'qa')).toEqual(['kettle'])
    expect(await found('熱水壺又跳電 佩珊', 'lead')).toEqual(['kettle'])
  })
})
