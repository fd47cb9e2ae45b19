import { describe, expect, it } from 'vitest'
import { originalSender } from './original-sender.ts'

describe('who wrote what is passed on', () => {
  it.each([
    [
      'Gmail',
      'fyi\n\n---------- Forwarded message ---------\nFrom: Lin Mei <mei@example.com>\nDate: Mon\nSubject: x\nTo: a@b.tw\n\nhello',
      { name: 'Lin Mei', address: 'mei@example.com' },
    ],
    [
      'Outlook in Taiwan',
      '請協助\n\n寄件者: 王小明 <ming@example.tw>\n寄件日期: 2026年3月1日\n收件者: service@shop.tw\n主旨: 退款\n\n您好',
      { name: '王小明', address: 'ming@example.tw' },
    ],
    [
      'a mainland web mailer',
      '------------------ 原始邮件 ------------------\n发件人: "张三"<zhang@example.cn>;\n发送时间: 2026年3月1日\n收件人: "x"<x@y.cn>;\n主题: 投诉\n\n你好',
      { name: '张三', address: 'zhang@example.cn' },
    ],
    [
      'Apple',
      '> Begin forwarded message:\n> \n> From: Foo <foo@example.org>\n> Subject: s\n> Date: d\n> To: b@c.org',
      { name: 'Foo', address: 'foo@example.org' },
    ],
    [
      'Outlook with mailto',
      '*Von:* Hans [mailto:hans@example.de]\n*Gesendet:* Montag\n*An:* x\n*Betreff:* y',
      { name: 'Hans', address: 'hans@example.de' },
    ],
    ['no address', 'From: my point of view\nthis is late', null],
    ['a sentence', 'From: the beginning a@b.com was rude\nand so on', null],
    ['nothing', '', null],
  ])('%s', (_name, text, sender) => {
    expect(originalSender(text)).toEqual(sender)
  })
})
