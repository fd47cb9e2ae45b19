import PostalMime from 'postal-mime'
import { oneLine, peopleIn } from './read/people.ts'

/** Who a mail says it is from, and its subject, of its first bytes alone; null where these say neither. For people who look. */
export async function mailHead(bytes: Buffer): Promise<{ readonly from: string; readonly subject: string } | null> {
  const end = /\r?\n\r?\n/.exec(bytes.toString('latin1'))
  const head = end ? bytes.subarray(0, end.index) : bytes
  const read = await new PostalMime().parse(Buffer.concat([head, Buffer.from('\r\n\r\n')])).catch(() => undefined)
  if (!read) return null
  const [from] = peopleIn(read.headers, 'from')
  const who = from ? (from.name ? `${from.name} <${from.address}>` : from.address) : ''
  const subject = oneLine(read.subject ?? '').slice(0, 300)
  return who === '' && subject === '' ? null : { from: who.slice(0, 300), subject }
}
