import { normalisePhone, phoneSuffixes } from '../src/language/index.ts'
import { toTsvectorText } from '../src/search/domain/tokens.ts'
import { type Chance, chance as newChance } from './chance.ts'
import type { House } from './house.ts'
import { live } from './life.ts'
import { type Spoken, writeComplaint } from './rows.ts'
import type { Sinks } from './tables.ts'
import { type Body, bodies, placed, seasoning } from './words.ts'

const day = 86_400_000
const openDays = 45
const span = 1095 * day
const family = [...'陳林黃張李王吳劉蔡楊许赵周徐孙']
const given = [...'美志雅俊淑建怡家欣承秀明芳伟强丽静磊敏']

type Customer = { readonly id: string; readonly name: string; readonly tsv: string }

/** What one world shares: texts, and how often each search term was put in. */
export type Pen = {
  readonly all: readonly Body[]
  readonly season: ReturnType<typeof seasoning>
  readonly found: number[]
  messages: number
}
/** `from`: the number of its first text. */
export function makePen(count: number, seed: number, from = 0): Pen {
  return { all: bodies(count, newChance(seed), from), season: seasoning(), found: [], messages: 0 }
}

/** Writes `size` complaints of one organisation, oldest first, 36 months up to `now`, 3 % of them open. Gives the next number of each year. */
export async function fill(
  sinks: Sinks,
  house: House,
  pen: Pen,
  given: { size: number; now: number; seed: number; told?: (done: number) => void },
): Promise<Record<number, number>> {
  const { size, now } = given
  const chance = newChance(given.seed)
  const customers = customerBook(sinks, house, chance, Math.ceil(size / 2))
  const numbers: Record<number, number> = {}
  const openShare = (0.03 * span) / (openDays * day)
  for (let i = 0; i < size; i += 1) {
    const receivedAt = Math.floor(now - span + ((i + chance.next()) / size) * (span - 3_600_000))
    const open = now - receivedAt < openDays * day && chance.next() < openShare
    const team = chance.pick(house.teams)
    const owner = chance.pick(team.handlers)
    const mode = chance.next() < 0.1 ? 'anonymous' : chance.next() < 0.02 ? 'confidential' : 'named'
    const customer = mode === 'anonymous' ? null : customers(receivedAt)
    const year = new Date(receivedAt).getUTCFullYear()
    const no = (numbers[year] = (numbers[year] ?? 0) + 1)
    const number = `R-${year}-${String(no).padStart(6, '0')}`
    const first = chance.pick(pen.all)
    const spoken: Spoken[] = []
    const speak = (n: number) => (spoken[n] ??= utter(pen, n === 0 ? first : chance.pick(pen.all)))
    const orderNo = chance.next() < 0.4 ? `HH${String(10_000_000 + chance.below(89_999_999))}` : null
    const birth = {
      org: house.org,
      id: chance.id(receivedAt),
      number,
      receivedAt,
      open,
      restricted: chance.next() < 0.01,
      mode,
      channel: chance.pick(['portal', 'phone', 'email', 'line'] as const),
      locale: first.locale,
      customerId: customer?.id ?? null,
      placeId: team.placeId,
      typeCode: chance.pick(house.types),
      teamId: team.id,
      leadId: team.lead.id,
      owner: { id: owner.id, chain: [owner.id], teams: [team.id] },
      jurisdiction: team.jurisdiction,
      calendars: team.calendars,
      title: first.title,
      text: speak(0).text,
    } as const
    const life = live(birth, (n) => speak(n).text, chance, now)
    const named = mode === 'named' && customer
    writeComplaint(
      sinks,
      {
        ...birth,
        orgNo: house.no,
        orderNo,
        bands: first.bands,
        spoken: speak,
        ownerName: owner.name,
        customerName: named ? customer.name : '',
        headTsv: `${first.titleTsv} '${number.slice(0, 7).toLowerCase()}${no}' '${no}'${orderNo ? ` '${orderNo.toLowerCase()}'` : ''}${named ? customer.tsv : ''}`,
      },
      life,
      chance,
    )
    if (i % 64 === 0) await Promise.all(Object.values(sinks).map((s) => s.drained()))
    if (i % 10_000 === 9_999) given.told?.(i + 1)
  }
  return numbers
}

function utter(pen: Pen, body: Body): Spoken {
  const more = pen.season(pen.messages++)
  for (const term of more.found) pen.found[term] = (pen.found[term] ?? 0) + 1
  return { text: body.text + more.text, body: body.no, parts: body.tsvs.length, more: more.tsv }
}

/** New customers as they come, known ones again; each with a telephone and half with an address. */
function customerBook(sinks: Sinks, house: House, chance: Chance, most: number): (at: number) => Customer {
  const known: Customer[] = []
  const tailTsv = (name: string, phone: string, mail: string) =>
    placed(
      new Map(
        toTsvectorText(`${name}\n${phone}\n${mail}`)
          .split(' ')
          .map((l) => [l.split("'")[1] ?? '', []]),
      ),
      0,
    )
  return (at) => {
    if (known.length > 0 && (known.length >= most || chance.next() < 0.45)) return chance.pick(known)
    const id = chance.id(at)
    const name = chance.pick(family) + chance.pick(given) + chance.pick(given)
    const digits = String(10_000_000 + chance.below(89_999_999))
    const phone = `09${digits}`
    const e164 = normalisePhone(phone)?.e164 ?? `+8869${digits}`
    const mail = chance.next() < 0.5 ? `c${digits}@mail.test` : ''
    const when = new Date(at).toISOString()
    sinks.customer.row([house.org, id, name, 'zh-Hant', when])
    sinks.customer_identity.row([house.org, chance.id(at), id, 'phone', phone, e164, when])
    for (const key of phoneSuffixes(e164)) sinks.identity_key.row([house.org, key, id])
    if (mail) {
      sinks.customer_identity.row([house.org, chance.id(at), id, 'mail', mail, mail, when])
      sinks.identity_key.row([house.org, mail, id])
    }
    const made = { id, name, tsv: tailTsv(name, phone, mail) }
    known.push(made)
    return made
  }
}
