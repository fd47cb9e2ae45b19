import type { BodyOf } from '../kit/contract/endpoint.ts'
import { suggestionsAmong } from '../complaints/index.ts'
import { identitiesOf } from '../customers/index.ts'
import type { Tx } from '../kit/db/database.ts'
import { bandKeys, normaliseOrderNumber } from '../language/index.ts'
import type { checkAlike } from './contract.ts'
import { findAlike, findOfCustomer } from './duplicates.ts'

const nobody = '00000000-0000-0000-0000-000000000000'
/** A few words are like too many others. */
const enough = 6

/**
 * What an intake with these words, number and order would suggest, and this reader may see; nothing is written. The end of
 * a telephone number is none: only a whole one says that it is perhaps the same person.
 */
export async function alikeNow(tx: Tx, org: string, given: BodyOf<typeof checkAlike>, now: number) {
  const { text, orderNo, phone, customerId } = given
  const order = orderNo ? (normaliseOrderNumber(orderNo) ?? orderNo) : null
  const contacts = phone ? identitiesOf({ phone }) : []
  const bands = [...text.trim()].length < enough ? [] : bandKeys(text)
  const about = { id: nobody, orderNo: order, bands, contacts, receivedAt: now }
  const [alike, theirs] = await Promise.all([
    findAlike(tx, org, about),
    customerId ? findOfCustomer(tx, org, { id: nobody, customerId, receivedAt: now }) : [],
  ])
  return suggestionsAmong(tx, org, [...theirs, ...alike])
}
