import { Buffer } from 'node:buffer'
import { afterAll, describe, expect, it } from 'vitest'
import { openReader } from './reader.ts'

const mail = (body: string) =>
  Buffer.from(
    `From: Mei <mei@example.com>\r\nTo: service@shop.example\r\nSubject: Kettle\r\nMessage-ID: <m1@example.com>\r\n\r\n${body}`,
  )

describe('reading in threads of their own', () => {
  const reader = openReader()
  afterAll(() => reader.close())

  it('reads many mails at once, each its own', async () => {
    const read = await Promise.all(Array.from({ length: 20 }, (_, i) => reader.read(mail(`It broke ${i}`))))
    expect(read.map((r) => r.ok && r.value.text)).toEqual(Array.from({ length: 20 }, (_, i) => `It broke ${i}`))
  })

  it('brings attachments over whole', async () => {
    const raw = Buffer.from(
      `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n`,
    )
    const read = await reader.read(raw)
    expect(read.ok && read.value.attachments.map((a) => [a.filename, Buffer.from(a.content).toString('hex')])).toEqual([
      ['a.png', '89504e470d0a1a0a'],
    ])
  })

  it('brings over what is small within much that means nothing', async () => {
    const junk = '!!!!\r\n'.repeat(10_000)
    const raw = Buffer.from(
      `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\naQ==\r\nag==\r\n${junk}\r\n--b--\r\n`,
    )
    const read = await reader.read(raw)
    expect(read.ok && Buffer.from(read.value.attachments[0]?.content ?? []).toString()).toBe('ij')
  })

  it('refuses what is over a limit, and says which', async () => {
    const read = await reader.read(mail('x'.repeat(2_000)), { limits: { bytes: 1_000 } })
    expect(read).toMatchObject({ ok: false, refusal: { code: 'mail.too-large', facts: { most: 1_000 } } })
  })

  it('refuses one more than may wait', async () => {
    const small = openReader({ workers: 1, waiting: 2 })
    const read = await Promise.all([1, 2, 3, 4].map((n) => small.read(mail(`${n}`))))
    expect(read.map((r) => (r.ok ? r.value.text : r.refusal.code))).toEqual(['1', '2', '3', 'mail.busy'])
    await small.close()
  })

  it('ends a thread that takes too long, and the next mail is read', async () => {
    const hasty = openReader({ workers: 1, readMs: 1_500 })
    // A name server that never answers holds the mail; nobody but the clock ends it.
    const stuck = hasty.read(mail('stuck'), {
      resolver: () => new Promise(() => undefined),
      resolverMs: 60_000,
      envelope: { clientIp: '192.0.2.1', mailFrom: 'mei@example.com' },
    })
    const next = hasty.read(mail('next'))
    expect(await stuck).toMatchObject({ ok: false, refusal: { code: 'mail.too-slow' } })
    expect(await next).toMatchObject({ ok: true, value: { text: 'next' } })
    await hasty.close()
  })

  it('of many who have mail it reads in turn: one does not wait behind all of another', async () => {
    const one = openReader({ workers: 1 })
    const order: string[] = []
    const read = (of: string) => one.read(mail(of), {}, { of }).then(() => order.push(of))
    await Promise.all([...Array.from({ length: 10 }, () => read('many')), read('few'), read('few')])
    expect(order.slice(0, 5).filter((of) => of === 'few')).toHaveLength(2)
    await one.close()
  })

  it('what is slow holds up others for one mail at most, and a thread is left to them', async () => {
    const hasty = openReader({ workers: 2, readMs: 1_500 })
    const order: string[] = []
    const stuck = () =>
      hasty.read(
        mail('stuck'),
        {
          resolver: () => new Promise(() => undefined),
          resolverMs: 60_000,
          envelope: { clientIp: '192.0.2.1', mailFrom: 'mei@example.com' },
        },
        { of: 'slow' },
      )
    const slow = Array.from({ length: 4 }, () => stuck().then(() => order.push('slow')))
    const quick = Array.from({ length: 4 }, () =>
      hasty.read(mail('next'), {}, { of: 'quick' }).then(() => order.push('quick')),
    )
    await Promise.all(quick)
    expect(order.filter((of) => of === 'slow').length).toBeLessThanOrEqual(2)
    await hasty.close()
    await Promise.all(slow)
  })

  it('does not read what was given up meanwhile', async () => {
    const one = openReader({ workers: 1 })
    const over = new AbortController()
    const first = one.read(mail('first'))
    const second = one.read(mail('second'), {}, { of: '', signal: over.signal })
    over.abort()
    expect(await first).toMatchObject({ ok: true })
    expect(await second).toMatchObject({ ok: false, refusal: { code: 'mail.busy' } })
    await one.close()
  })

  it('survives a mail that takes all memory of its thread', async () => {
    const narrow = openReader({ workers: 1, heapMb: 24 })
    const greedy = mail(Array.from({ length: 300_000 }, (_, i) => `<p>${i}</p>`).join('\n'))
      .toString()
      .replace('\r\n\r\n', '\r\nContent-Type: text/html\r\n\r\n')
    const read = await Promise.all([narrow.read(Buffer.from(greedy)), narrow.read(mail('next'))])
    expect(read[0]).toMatchObject({ ok: false, refusal: { code: 'mail.worker-died' } })
    expect(read[1]).toMatchObject({ ok: true, value: { text: 'next' } })
    await narrow.close()
  })
})
