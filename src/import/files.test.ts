import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bringInto } from './bring-world.ts'
import { openFolder } from './files-folder.ts'
import { importWorld, type ImportWorld, textSource } from './import-world.ts'
import { folderKeeper } from './keep-files.ts'

// What exports list by address comes from a folder or not at all; nothing outside of the folder is ever read (B27, B31–B34).

let world: ImportWorld
let folder: string
beforeAll(async () => {
  world = await importWorld()
  folder = await mkdtemp(join(tmpdir(), 'redress-files-'))
})
afterAll(async () => {
  await world.stop()
  await rm(folder, { recursive: true, force: true })
})

const png = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000154a24f6f0000000049454e44ae426082',
  'hex',
)
const put = async (path: string, bytes: string | Buffer = png) => {
  const place = join(folder, path)
  await mkdir(join(place, '..'), { recursive: true })
  await writeFile(place, bytes)
}
const find = async (id: string, name: string, more: { size?: number; ids?: string[] } = {}) => {
  const found = (await openFolder(folder)).find({ id, name, url: '', size: more.size ?? null, ids: more.ids ?? [] })
  return found && found.path.slice(folder.length + 1)
}

describe('a folder of files', () => {
  test('is searched by id, by the folder of the ticket, and by a name that only one has', async () => {
    await put('77.png')
    await put('78-photo one.png')
    await put('T-9/scan.pdf', '%PDF-1.7 one')
    await put('T-10/scan.pdf', '%PDF-1.7 other')
    await put('alone.txt', 'words')
    expect(await find('77', 'whatever.png')).toBe('77.png')
    expect(await find('78', 'photo one.png')).toBe('78-photo one.png')
    // Its number alone says nothing where it is another file by name.
    expect(await find('78', 'invoice.pdf')).toBeNull()
    expect(await find('', 'scan.pdf', { ids: ['T-9'] })).toBe('T-9/scan.pdf')
    expect(await find('', 'scan.pdf')).toBeNull()
    expect(await find('', 'ALONE.TXT')).toBe('alone.txt')
    expect(await find('', 'alone.txt', { size: 5 })).toBe('alone.txt')
    expect(await find('', 'alone.txt', { size: 6 })).toBeNull()
  })

  test.each([
    '../../etc/passwd',
    '/etc/passwd',
    '..\\..\\secret.txt',
    'C:\\secret.txt',
    `${'x'.repeat(5000)}.txt`,
    '‮gpj.exe',
    'CON',
    '',
  ])('gives nothing for the name %j, and a link in it leads nowhere', async (name) => {
    const outside = await mkdtemp(join(tmpdir(), 'redress-outside-'))
    await writeFile(join(outside, 'secret.txt'), 'not yours')
    await symlink(join(outside, 'secret.txt'), join(folder, 'passwd')).catch(() => undefined)
    await symlink(outside, join(folder, 'linked')).catch(() => undefined)
    expect(await find('', name)).toBeNull()
    expect(await find('', 'passwd')).toBeNull()
    expect(await find('', 'secret.txt')).toBeNull()
    await rm(outside, { recursive: true })
  })

  test('that is not there is told', async () =>
    expect(openFolder(join(folder, 'nowhere'))).rejects.toThrow('import.no-such-folder'))
})

const at = '2024-03-05T10:00:00Z'
const conversation = (id: number, files: readonly object[], more: readonly object[] = []) => ({
  id,
  inbox_id: 3,
  status: 'resolved',
  created_at: Date.parse(at) / 1000,
  last_activity_at: Date.parse(at) / 1000 + 3600,
  meta: { sender: { name: 'Lin', email: 'lin@x.test' }, channel: 'Channel::Email' },
  messages: [
    { id: 100 + id, content: 'It smokes', message_type: 0, created_at: Date.parse(at) / 1000, attachments: files },
    ...more,
  ],
})
const ticket = (id: number, comments: readonly object[]) => ({
  id,
  subject: 'Refund',
  status: 'solved',
  created_at: at,
  requester_id: 5,
  requester: { id: 5, name: 'Lin' },
  metric_set: { solved_at: '2024-03-06T10:00:00Z' },
  comments,
})
const article = (id: number, attachments: readonly object[]) => ({
  id,
  sender: 'Customer',
  body: 'late',
  content_type: 'text/plain',
  internal: id > 1,
  created_at: at,
  attachments,
})

describe('files of an export', () => {
  const bring = async (rows: readonly object[], source: string) =>
    bringInto(
      { app: world.app, org: world.org, now: world.clock.now },
      textSource(rows.map((r) => JSON.stringify(r)).join('\n'), `${source}.jsonl`),
      { source },
      folderKeeper(world.app, world.org, await openFolder(folder), 10_000),
    )
  const kept = (source: string) =>
    world.rows<Record<string, unknown>>(
      `select i.source_id as id, a.name, a.media_type, a.size::int as size, a.visibility, m.direction, a.stripped from attachment a
        join import_item i on i.org_id = a.org_id and i.complaint_id = a.complaint_id join import_run r on r.org_id = i.org_id and r.id = i.run_id
        join message m on m.org_id = a.org_id and m.complaint_id = a.complaint_id and m.id = a.message_id where r.source = $1 order by a.name`,
      [source],
    )
  const said = async (source: string) =>
    (
      await world.rows<{ body: string }>(
        `select m.body from message m join import_item i on i.org_id = m.org_id and i.complaint_id = m.complaint_id
          join import_run r on r.org_id = i.org_id and r.id = i.run_id where r.source = $1 order by m.at, m.id`,
        [source],
      )
    ).map((m) => m.body)

  test('are kept as what their bytes are, beside their message; what is missing is said in its words', async () => {
    await put('501.jpg')
    await put('503-big.bin', Buffer.alloc(20_000, 1))
    await put('504-empty.txt', '')
    const listed = [
      { id: 501, data_url: 'https://chat.test/rails/x/photo.jpg?sig=1', file_size: png.length },
      { id: 502, data_url: 'http://169.254.169.254/latest/meta%20data.txt' },
      { id: 503, data_url: 'https://chat.test/big.bin' },
      { id: 504, data_url: 'javascript:alert(1)//empty.txt' },
    ]
    const image = { id: 900, content: null, message_type: 1, created_at: Date.parse(at) / 1000 + 60, private: true }
    const run = await bring(
      [conversation(1, listed, [{ ...image, attachments: [{ id: 77, data_url: '/77.png' }] }])],
      'chat',
    )
    expect(run).toMatchObject({ state: 'done', imported: 1, files: 2, filesLeft: 3 })
    expect(await kept('chat')).toEqual([
      // A note's file is as inside as the note.
      {
        id: '1',
        name: '77.png',
        media_type: 'image/png',
        size: png.length,
        visibility: 'internal',
        direction: 'note',
        stripped: false,
      },
      // Its bytes say what it is, not its name.
      {
        id: '1',
        name: 'photo.jpg.png',
        media_type: 'image/png',
        size: png.length,
        visibility: 'public',
        direction: 'in',
        stripped: false,
      },
    ])
    const [first] = await said('chat')
    expect(first).toContain('It smokes')
    expect(first).toContain('附件未帶入：meta data.txt http://169.254.169.254/latest/meta%20data.txt')
    expect(first).toContain('附件未帶入：big.bin https://chat.test/big.bin')
    expect(first).toContain('附件未帶入：empty.txt')
    expect(first).not.toContain('javascript:')
    expect(await world.wrong()).toEqual([])
    // Twice the same doubles nothing.
    expect(await bring([conversation(1, listed)], 'chat')).toMatchObject({ imported: 0, files: 0 })
  })

  test('of Zendesk and Zammad as well', async () => {
    await put('T-9/notes.txt', 'words of it')
    const zendesk = ticket(9, [
      {
        author_id: 5,
        plain_body: 'where',
        public: true,
        created_at: at,
        attachments: [{ id: 77, file_name: 'a.png', content_url: 'https://z.test/a', size: png.length }],
      },
    ])
    expect(await bring([zendesk], 'zendesk')).toMatchObject({ imported: 1, files: 1, filesLeft: 0 })
    const zammad = {
      id: 3,
      number: 'T-9',
      title: 'Late',
      state: 'closed',
      created_at: at,
      close_at: at,
      customer: 'lin@x.test',
      articles: [article(1, [{ id: 5, filename: 'notes.txt', size: '11' }])],
    }
    expect(await bring([zammad], 'zammad')).toMatchObject({ imported: 1, files: 1, filesLeft: 0 })
    expect((await kept('zammad')).map((f) => [f.name, f.media_type])).toEqual([['notes.txt', 'text/plain']])
    expect(await world.wrong()).toEqual([])
  })
})
