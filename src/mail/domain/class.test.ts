import { describe, expect, it } from 'vitest'
import { classOf, type Signs } from './class.ts'

const plain: Signs = {
  headers: [],
  from: ['mei@example.com'],
  subject: 'Broken kettle',
  newText: 'It broke on the first day.',
  report: null,
  returnPath: 'mei@example.com',
  own: ['service@shop.example'],
}
const header = (key: string, value: string): Partial<Signs> => ({ headers: [{ key, value }] })

describe('what a mail is', () => {
  it.each<[string, Partial<Signs>, string]>([
    ['a complaint', {}, 'human'],
    ['from one of our own addresses', { from: ['Service@Shop.example'] }, 'own'],
    ['carrying our own mark', header('x-redress-mail', '1'), 'own'],
    ['Auto-Submitted: auto-replied', header('auto-submitted', 'auto-replied'), 'auto_reply'],
    [
      'Auto-Submitted: auto-generated; owner-email="x"',
      header('auto-submitted', 'auto-generated; a="x"'),
      'auto_reply',
    ],
    ['Auto-Submitted: no', header('auto-submitted', 'No'), 'human'],
    ['X-Autoreply: yes', header('x-autoreply', 'yes'), 'auto_reply'],
    [
      'a receipt of reading',
      header('content-type', 'multipart/report; report-type=disposition-notification'),
      'auto_reply',
    ],
    ['Precedence: auto_reply', header('precedence', 'auto_reply'), 'auto_reply'],
    ['X-Auto-Response-Suppress alone', header('x-auto-response-suppress', 'All'), 'human'],
    ['the null sender', { returnPath: '' }, 'auto_reply'],
    ['nobody knows the sender of the envelope', { returnPath: null }, 'human'],
    ['Precedence: bulk', header('precedence', 'bulk'), 'list'],
    ['through a list', header('list-id', '<consumers.example.org>'), 'list'],
    [
      'an automatic answer through a list',
      {
        headers: [
          { key: 'list-id', value: '<x>' },
          { key: 'auto-submitted', value: 'auto-replied' },
        ],
      },
      'auto_reply',
    ],
    ['a report of failure', { report: 'failed', returnPath: '' }, 'bounce'],
    ['a report of delay', { report: 'delayed', returnPath: '' }, 'bounce'],
    ['a report that it arrived', { report: 'other', returnPath: '' }, 'auto_reply'],
    [
      'an old bounce without a report',
      { from: ['MAILER-DAEMON@mx.example'], subject: 'Returned mail: User unknown', returnPath: '' },
      'bounce',
    ],
    ['X-Failed-Recipients', header('x-failed-recipients', 'a@b.c'), 'bounce'],
    ['a complaint about a parcel that was undelivered', { subject: 'Parcel undelivered' }, 'human'],
    ['自動回覆 in the subject', { subject: '自動回覆: 您的來信' }, 'auto_reply'],
    ['自动回复 in the subject', { subject: '自动回复：收到' }, 'auto_reply'],
    ['Automatic reply', { subject: 'Automatic reply: [R-2026-000123] kettle' }, 'auto_reply'],
    ['Abwesenheitsnotiz', { subject: 'Abwesenheitsnotiz' }, 'auto_reply'],
    [
      'an answer to our automatic mail',
      { subject: 'Re: 自動回覆: 已收到您的申訴', newText: '還是沒有人處理' },
      'human',
    ],
    ['a question about automatic replies', { subject: '自動回覆是什麼意思' }, 'human'],
    [
      '不在オフィス',
      { newText: '只今不在にしております。3月5日まで戻りません。お急ぎの場合は代表番号までご連絡ください。' },
      'auto_reply',
    ],
    ['我目前休假', { newText: '您好，我目前休假中，將於 3/5 返回，如有急事請聯絡代理人王小姐。' }, 'auto_reply'],
    [
      'out of office',
      { newText: 'Hello,\nI am currently out of the office until 5 March. For urgent matters write to a@b.c.' },
      'auto_reply',
    ],
    [
      'ich bin im Urlaub',
      { newText: 'Guten Tag,\nich bin bis zum 5. März im Urlaub. In dringenden Fällen wenden Sie sich an Frau Kurz.' },
      'auto_reply',
    ],
    ['a machine says so', { newText: '此郵件為系統自動回覆，請勿直接回信。\n我們會在三日內與您聯絡。' }, 'auto_reply'],
    [
      'a complaint that quotes 自動回覆',
      { newText: '我寫了三次都只收到「自動回覆」，到底有沒有人看？我要退款。' },
      'human',
    ],
    [
      'a complaint that quotes an absence',
      { newText: '你們的專員只回我「我目前休假，如有急事請聯絡代理人」，代理人也不接電話，訂單 123 還沒到' },
      'human',
    ],
    [
      'away when the parcel came',
      { newText: 'I am on vacation until Monday and you tried to deliver my order today, although I told you.' },
      'human',
    ],
    [
      'abroad',
      { newText: '感謝您的來信。我將於3/1至3/5出國，期間無法即時回覆，如有緊急事項請洽王小姐。' },
      'auto_reply',
    ],
    [
      'on leave, on the mainland',
      { newText: '您的邮件已收到，我正在休年假，3月6日返回后尽快回复您。紧急事宜请联系李四。' },
      'auto_reply',
    ],
    ['in brackets', { subject: '【自動返信】お問い合わせありがとうございます' }, 'auto_reply'],
    [
      'on holiday, and the kettle is broken',
      { newText: 'I am on holiday until Monday so call me back on Tuesday. The kettle is broken!' },
      'human',
    ],
    ['at home, waiting for it', { newText: '我目前請假在家，請於今天送達，如有急事請打手機' }, 'human'],
    ['a machine that sells', { subject: '自動販賣機故障' }, 'human'],
    [
      'a note that nobody was at home',
      { subject: '不在票', newText: '不在票が入っていましたが、家にいました。再配達をお願いします。' },
      'human',
    ],
  ])('%s', (_name, signs, expected) => {
    expect(classOf({ ...plain, ...signs })).toBe(expected)
  })
})
