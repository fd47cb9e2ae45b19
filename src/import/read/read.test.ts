import { deflateRawSync, gzipSync } from 'node:zlib'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import writeXlsx from 'write-excel-file/node'
import { detect, type Read, rowsOf, type Source } from './index.ts'
import { assertNoBomb } from './xlsx.ts'

const source = (bytes: Buffer | string, name = 'history.csv'): Source => {
  const all = Buffer.from(bytes as string)
  // In small pieces, so that letters and rows are cut where it hurts.
  const open = async function* () {
    for (let i = 0; i < all.length; i += 7) yield all.subarray(i, i + 7)
  }
  return { name, size: all.length, open }
}

async function read(bytes: Buffer | string, name?: string) {
  const from = source(bytes, name)
  const detected = await detect(from)
  const all: Read[] = []
  for await (const one of rowsOf(from, detected)) all.push(one)
  const names = all.flatMap((r) => ('names' in r ? [r.names] : [])).at(-1) ?? []
  const rows = all.flatMap((r) => ('names' in r ? [] : [r]))
  return { detected, names, rows, cells: rows.map((r) => Object.fromEntries(r.row.cells)) }
}

const hant =
  '編號,內容\n1,昨天下午在門市購買的行動電源，當天晚上充電時冒煙，打電話到客服等了很久沒有人接。\n2,配送延遲三天，包裝破損。\n'
const hans =
  '编号,内容\n1,昨天下午在门店购买的充电宝，当天晚上充电时冒烟，打电话给客服等了很久没有人接。\n2,配送延迟三天，包装破损。\n'
const hongkong =
  '編號,內容\n1,佢哋話會嚟攞貨，點知等咗成日都冇人嚟，打去客服又冇人聽，真係好嬲。\n2,啲職員唔理人，喺門口企咗好耐。\n'
const latin = 'id,text\n1,"Le café était fermé, très déçu – 5 €"\n2,naïve Müller\n'

describe('letters', () => {
  test.each([
    ['utf-8', hant, Buffer.from(hant)],
    ['utf-8', hant, Buffer.from(`\ufeff${hant}`)],
    ['utf-16le', hant, iconv.encode(hant, 'utf-16le', { addBOM: true })],
    ['utf-16be', hant, iconv.encode(hant, 'utf-16be', { addBOM: true })],
    ['utf-16le', latin, iconv.encode(latin, 'utf-16le')],
    ['utf-16be', latin, iconv.encode(latin, 'utf-16be')],
    ['utf-16le', hant, iconv.encode(hant, 'utf-16le')],
    ['utf-16be', hant, iconv.encode(hant, 'utf-16be')],
    ['big5', hant, iconv.encode(hant, 'big5')],
    ['big5', hongkong, iconv.encode(hongkong, 'big5hkscs')],
    ['gb18030', hans, iconv.encode(hans, 'gb18030')],
    ['windows-1252', latin, iconv.encode(latin, 'windows-1252')],
    ['utf-8', 'id,text\n1,plain\n', Buffer.from('id,text\n1,plain\n')],
  ])('%s is found out, and read as it was written', async (encoding, text, bytes) => {
    const got = await read(bytes)
    expect(got.detected.encoding).toBe(encoding)
    const plain = await read(text)
    expect(got.names).toEqual(plain.names)
    expect(got.cells).toEqual(plain.cells)
  })

  test('the encoding may be said', async () => {
    const bytes = iconv.encode(hant, 'big5')
    expect(await detect(source(bytes), { encoding: 'gb18030' })).toMatchObject({ encoding: 'gb18030', sure: true })
    await expect(detect(source(bytes), { encoding: 'klingon' })).rejects.toThrow('import.unknown-encoding')
  })
})

describe('tables', () => {
  test.each([
    ['tabs', 'id\ttext\n1\ta,b\n', { id: '1', text: 'a,b' }],
    ['semicolons', 'id;text\n1;a,b\n', { id: '1', text: 'a,b' }],
    ['quotes, line ends and doubled quotes', 'id,text\r\n1,"a\r\nb ""c"", d"\r\n', { id: '1', text: 'a\r\nb "c", d' }],
    ['NUL is left out', 'id,text\n1,a\0b\n', { id: '1', text: 'ab' }],
    ['fewer cells than the header', 'id,text,more\n1,a\n', { id: '1', text: 'a' }],
    ['the same header twice, and none', 'id,text,text,\n1,a,b,c\n', { id: '1', text: 'a', 'text (2)': 'b', '#4': 'c' }],
    ['a formula stays words', 'id,text\n1,=1+1\n', { id: '1', text: '=1+1' }],
    ['what our own files guard is given back', "id,text\n1,'=1+1\n", { id: '1', text: '=1+1' }],
    ['an apostrophe of its own stays', "id,text\n1,'tis so\n", { id: '1', text: "'tis so" }],
    ['long cells', `id,text\n1,${'長'.repeat(5000)}\n`, { id: '1', text: '長'.repeat(5000) }],
    ['stray quotes', 'id,text\n1,5" pipe\n', { id: '1', text: '5" pipe' }],
  ])('%s', async (_, text, wanted) => expect((await read(text)).cells).toEqual([wanted]))

  test('names that mean something to JavaScript are names like others', async () => {
    const { cells } = await read('__proto__,constructor,toString\na,b,c\n')
    expect(Object.entries(cells[0] ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['toString', 'c'],
    ])
    expect(({} as Record<string, unknown>).a).toBeUndefined()
  })

  test('a row of 10,000 cells is told and the next one read; a header of 10,000 columns is refused', async () => {
    const { rows } = await read(`id,text\n1,${'x,'.repeat(10_000)}\n2,c\n`)
    expect(rows.map((r) => [r.row.no, r.ragged])).toEqual([
      [1, true],
      [2, false],
    ])
    await expect(read(`${'a,'.repeat(10_000)}\n1\n`)).rejects.toThrow('import.too-many-columns')
  })

  test('a row with more cells than the header is told', async () => {
    const { rows } = await read('id,text\n1,a,b\n2,c\n3,d,\n')
    expect(rows.map((r) => r.ragged)).toEqual([true, false, false])
  })

  test('nothing is no file, and a few bytes are one without rows', async () => {
    await expect(read('')).rejects.toThrow('import.file-empty')
    for (const text of [' ', 'id', 'PK']) expect((await read(text)).rows).toEqual([])
  })

  test('packed tables are read; what grows beyond measure is not', async () => {
    expect((await read(gzipSync('id,text\n1,a\n'), 'h.csv.gz')).cells).toEqual([{ id: '1', text: 'a' }])
    const bomb = gzipSync(`id,text\n${'1,a\n'.repeat(4_000_000)}`)
    await expect(read(bomb, 'h.csv.gz')).rejects.toThrow('import.file-bomb')
  })
})

describe('workbooks', () => {
  test('text, numbers and moments', async () => {
    const head = ['id', 'received', 'text'].map((value) => ({ value }))
    const data = [
      head,
      [
        { value: 7 },
        { value: new Date(Date.UTC(2024, 2, 5, 9, 30)), type: Date, format: 'yyyy-mm-dd hh:mm' },
        { value: '=SUM(A1)', type: String },
      ],
    ]
    const bytes = await (writeXlsx(data as never) as unknown as { toBuffer(): Promise<Buffer> }).toBuffer()
    const { detected, cells } = await read(bytes, 'h.xlsx')
    expect(detected.kind).toBe('xlsx')
    expect(cells).toEqual([{ id: 7, received: new Date(Date.UTC(2024, 2, 5, 9, 30)), text: '=SUM(A1)' }])
    // Every entry twice over the same bytes: a bomb says so before it is unpacked.
    const end = bytes.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'))
    const directory = bytes.subarray(bytes.readUInt32LE(end + 16), end)
    const tail = Buffer.from(bytes.subarray(end))
    tail.writeUInt16LE(tail.readUInt16LE(10) * 2, 10)
    await expect(assertNoBomb(Buffer.concat([bytes.subarray(0, end), directory, tail]))).rejects.toThrow(
      'import.file-bomb',
    )
    await expect(read(bytes.subarray(0, bytes.length - 30), 'h.xlsx')).rejects.toThrow('import.file-broken')
    // One entry that unpacks to half a gigabyte.
    await expect(
      read(packed('xl/worksheets/sheet1.xml', deflateRawSync(Buffer.alloc(450_000_000))), 'h.xlsx'),
    ).rejects.toThrow('import.file-bomb')
  })
})

describe('JSON', () => {
  test.each([
    ['a line each', '{"id":1,"a":{"b":"x"}}\n{"id":2}\n', 'jsonl'],
    ['one list', '[{"id":1,"a":{"b":"x"}},\n {"id":2}]', 'json'],
    ['a list in an object', '{"count":2,"rows":[{"id":1,"a":{"b":"x"}},{"id":2}]}', 'json'],
    ['a list two objects down', '{"data":{"meta":{"n":2},"payload":[{"id":1,"a":{"b":"x"}},{"id":2}]}}', 'json'],
  ])('%s', async (_, text, kind) => {
    const { detected, cells } = await read(text, 'h.json')
    expect(detected.kind).toBe(kind)
    expect(cells).toEqual([{ id: 1, 'a.b': 'x' }, { id: 2 }])
  })

  test('a broken line is told, and the next is read', async () => {
    const { rows } = await read('{"id":1}\n{"id":\n{"id":3}\n', 'h.jsonl')
    expect(rows.map((r) => r.unreadable ?? false)).toEqual([false, true, false])
  })

  test('conversations of Chatwoot', async () => {
    const row = {
      id: 12,
      inbox_id: 3,
      status: 'resolved',
      created_at: 1709632800,
      last_activity_at: 1709719200,
      meta: { sender: { name: 'Lin', email: 'lin@x.test', phone_number: '+886912345678' }, channel: 'Channel::Email' },
      messages: [
        { id: 1, content: 'It smokes', message_type: 0, created_at: 1709632800, private: false },
        { id: 2, content: 'We look', message_type: 1, created_at: 1709636400, private: false, sender: { name: 'Mei' } },
        { id: 3, content: 'call her', message_type: 1, created_at: 1709637000, private: true },
        { id: 4, content: 'assigned', message_type: 2, created_at: 1709637001 },
      ],
    }
    const { detected, rows } = await read(JSON.stringify({ data: { payload: [row] } }), 'c.json')
    expect(detected.kind).toBe('chatwoot')
    expect(Object.fromEntries(rows[0]?.row.cells ?? [])).toMatchObject({
      id: '12',
      state: 'resolved',
      received: '2024-03-05T10:00:00.000Z',
      closed: '2024-03-06T10:00:00.000Z',
      text: 'It smokes',
      mail: 'lin@x.test',
      channel: 'email',
    })
    expect(rows[0]?.messages?.map((m) => [m.direction, m.text])).toEqual([
      ['out', 'We look'],
      ['note', 'call her'],
    ])
  })

  test('tickets of Zammad', async () => {
    const row = {
      id: 1,
      number: '31001',
      title: 'Late',
      state: 'closed',
      created_at: '2024-03-05T10:00:00Z',
      close_at: '2024-03-06T10:00:00Z',
      customer: 'lin@x.test',
      group: 'Users',
      articles: [
        {
          sender: 'Customer',
          from: 'Lin <lin@x.test>',
          body: '<p>It is <b>late</b></p><p>&amp; wet</p>',
          content_type: 'text/html',
          internal: false,
          created_at: '2024-03-05T10:00:00Z',
          type: 'email',
        },
        {
          sender: 'Agent',
          from: 'Mei',
          body: 'Sorry',
          content_type: 'text/plain',
          internal: false,
          created_at: '2024-03-05T12:00:00Z',
        },
      ],
    }
    const { detected, rows } = await read(`${JSON.stringify(row)}\n${JSON.stringify(row)}\n`, 'z.jsonl')
    expect(detected.kind).toBe('zammad')
    expect(Object.fromEntries(rows[0]?.row.cells ?? [])).toMatchObject({
      id: '31001',
      title: 'Late',
      text: 'It is late\n& wet',
      mail: 'lin@x.test',
      closed: '2024-03-06T10:00:00.000Z',
    })
  })

  test('tickets of Zendesk', async () => {
    const row = {
      id: 9,
      subject: 'Refund',
      description: 'where is it',
      status: 'solved',
      created_at: '2024-03-05T10:00:00Z',
      updated_at: '2024-03-07T10:00:00Z',
      requester_id: 5,
      requester: { id: 5, name: 'Lin', email: 'lin@x.test' },
      via: { channel: 'web' },
      metric_set: { solved_at: '2024-03-06T10:00:00Z' },
      comments: [
        { author_id: 5, plain_body: 'where is it', public: true, created_at: '2024-03-05T10:00:00Z' },
        { author_id: 6, body: 'on its way', public: true, created_at: '2024-03-05T11:00:00Z' },
      ],
    }
    const { detected, rows } = await read(JSON.stringify({ tickets: [row], count: 1 }), 'zd.json')
    expect(detected.kind).toBe('zendesk')
    expect(Object.fromEntries(rows[0]?.row.cells ?? [])).toMatchObject({
      id: '9',
      closed: '2024-03-06T10:00:00.000Z',
      text: 'where is it',
      channel: 'web_form',
    })
    expect(rows[0]?.messages).toMatchObject([{ direction: 'out', text: 'on its way' }])
  })
})

/** A zip of one deflated entry that says nothing true of its size. */
function packed(name: string, bytes: Buffer): Buffer {
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(8, 8)
  local.writeUInt32LE(bytes.length, 18)
  local.writeUInt16LE(name.length, 26)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(8, 10)
  entry.writeUInt32LE(bytes.length, 20)
  entry.writeUInt32LE(100, 24)
  entry.writeUInt16LE(name.length, 28)
  const before = Buffer.concat([local, Buffer.from(name), bytes])
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(46 + name.length, 12)
  end.writeUInt32LE(before.length, 16)
  return Buffer.concat([before, entry, Buffer.from(name), end])
}
