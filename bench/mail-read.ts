import { Buffer } from 'node:buffer'
import { openReader } from '../src/mail/read/reader.ts'
import { readMailHere } from '../src/mail/read/read-mail.ts'
import { quantiles } from './load.ts'
import { print } from './report.ts'

const count = 3_000

/** An answer of about 1.5 KB, as most complaints by mail are; every third in Chinese, every fifth with HTML. */
export function smallMail(i: number, said?: string): Buffer {
  const chinese = i % 3 === 0
  const words =
    said ??
    (chinese
      ? `水壺第 ${i} 次壞了，請問什麼時候可以退款？`
      : `The kettle broke for the ${i}th time. When will you refund it?`)
  const subject = chinese ? `=?utf-8?B?${Buffer.from('回覆：熱水壺').toString('base64')}?=` : 'Re: kettle'
  const quoted =
    'On Mon, 2 Mar 2026 at 10:00, Service <service@shop.example> wrote:\r\n\r\n> We have sent another.\r\n> Please tell us whether it works.\r\n'
  const text = `${words}\r\n\r\nBest regards\r\n\r\n${quoted}`
  const html = `<div>${words}</div><div class="gmail_quote"><div>On Mon, 2 Mar 2026 at 10:00, Service wrote:</div><blockquote>We have sent another.</blockquote></div>`
  const head = `Return-Path: <mei${i}@example.com>\r\nReceived: from mx.example.com ([192.0.2.1]) by mx.shop.example; Mon, 2 Mar 2026 11:00:00 +0800\r\nFrom: Mei Lin <mei${i}@example.com>\r\nTo: service@shop.example\r\nSubject: ${subject}\r\nDate: Mon, 2 Mar 2026 11:00:00 +0800\r\nMessage-ID: <m${i}@example.com>\r\nIn-Reply-To: <s${i}@shop.example>\r\nReferences: <a${i}@shop.example> <s${i}@shop.example>\r\nMIME-Version: 1.0\r\n`
  const plain = 'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
  if (i % 5 > 0) return Buffer.from(head + plain + text)
  return Buffer.from(
    `${head}Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n${plain}${text}\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${html}\r\n--b--\r\n`,
  )
}

/** Reading alone, without a database: what a mail costs in one thread, and how many the pool of two reads. */
export async function mailRead(): Promise<void> {
  const mails = Array.from({ length: count }, (_, i) => smallMail(i))
  const line = { bench: 'mail-read', size: '', n: count }
  for (const mail of mails.slice(0, 300)) await readMailHere(mail)
  const before = process.cpuUsage()
  const times: number[] = []
  for (const mail of mails) {
    const began = performance.now()
    await readMailHere(mail)
    times.push(performance.now() - began)
  }
  const used = process.cpuUsage(before)
  const cpu = (used.user + used.system) / 1_000 / count
  const [p50, p95, p99] = quantiles(times)
  print({ ...line, what: 'a small mail in one thread', unit: 'ms', p50, p95, p99, goal: '', ok: null })
  print({ ...line, what: 'cpu of a small mail', unit: 'ms', value: rounded(cpu), goal: '≤ 2', ok: cpu <= 2 })

  const reader = openReader({ workers: 2, waiting: count })
  await Promise.all(mails.slice(0, 300).map((mail) => reader.read(mail)))
  const began = performance.now()
  const cpuBefore = process.cpuUsage()
  const read = await Promise.all(mails.map((mail) => reader.read(mail)))
  const rate = count / ((performance.now() - began) / 1_000)
  const pool = process.cpuUsage(cpuBefore)
  await reader.close()
  const wrong = read.filter((r) => !r.ok).length
  print({
    ...line,
    what: 'small mails through two threads',
    unit: 'mails/s',
    value: Math.round(rate),
    goal: '≥ 150',
    ok: rate >= 150 && wrong === 0,
    note: `cpu ms a mail, threads and program: ${rounded((pool.user + pool.system) / 1_000 / count)}; ${wrong} not read`,
  })
}

const rounded = (ms: number) => Math.round(ms * 1_000) / 1_000
