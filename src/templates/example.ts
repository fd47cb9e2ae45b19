import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import type { Locale } from '../kit/contract/shapes.ts'
import type { Values } from './domain/index.ts'

const told: Readonly<Record<Locale, Values>> = {
  'zh-Hant': {
    name: '林佩玲',
    title: '熱水壺第二次跳電',
    points: '1. 熱水壺第二次跳電\n2. 門市不肯退款',
    owner: '陳志豪',
    team: '台北客服組',
    promised: '2026年3月5日（週四） 17:30',
    text: '您好：\n\n我們已安排**全額退款**，三個工作天內會退回您原來的卡。',
  },
  'zh-Hans': {
    name: '林佩玲',
    title: '电热水壶第二次跳闸',
    points: '1. 电热水壶第二次跳闸\n2. 门店不肯退款',
    owner: '陈志豪',
    team: '上海客服组',
    promised: '2026年3月5日（周四） 17:30',
    text: '您好：\n\n我们已安排**全额退款**，三个工作日内退回您原来的卡。',
  },
  en: {
    name: 'Peggy Lin',
    title: 'Kettle trips the fuse for the second time',
    points: '1. The kettle trips the fuse for the second time\n2. The store would not refund it',
    owner: 'Robert Chen',
    team: 'Customer care',
    promised: 'Thursday 5 March 2026, 17:30',
    text: 'Hello,\n\nwe have arranged a **full refund**; it will be on your card within three working days.',
  },
}

const notice: Readonly<Record<Locale, string>> = {
  'zh-Hant':
    '這是一封測試信。收到它，就表示信件可以從這裡寄出。\n\n回覆這封信，看看信件是否也進得來：幾秒後應該會出現一件新案件。',
  'zh-Hans':
    '这是一封测试邮件。收到它，就说明邮件可以从这里发出。\n\n回复这封邮件，看看邮件是否也进得来：几秒后应该会出现一张新工单。',
  en: 'This is a test. If you can read it, mail can leave from here.\n\nAnswer it to see whether mail comes in, too: within seconds a new complaint should be there.',
}

/** A complaint nobody made, for looking at templates; the house and its mailbox are real. */
export async function exampleValues(
  tx: Tx,
  { org, kind, locale, mailboxId }: { org: string; kind: string; locale: Locale; mailboxId?: string | null },
): Promise<Values> {
  const house = await tx.first<{ name: Record<string, string>; mailbox: string | null; signature: string | null }>(
    sql`select o.name, b.name as mailbox, b.signature from organisation o
        left join lateral (select name, signature from mailbox where org_id = o.org_id and not off
          order by (id = ${mailboxId ?? null}::uuid) desc nulls last, created_at, id limit 1) b on true where o.org_id = ${org}`,
  )
  const organisation =
    house?.name[{ 'zh-Hant': 'zhHant', 'zh-Hans': 'zhHans', en: 'en' }[locale]] ?? house?.name.en ?? ''
  return {
    ...told[locale],
    number: 'R-2026-000123',
    reference: '4MXDX-127WT',
    organisation,
    mailbox: house?.mailbox ?? organisation,
    signature: house?.signature ?? '',
    link: 'https://example.com/p/track',
    ...(kind === 'notice' ? { text: notice[locale] } : {}),
  }
}
