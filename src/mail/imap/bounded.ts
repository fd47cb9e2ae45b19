import type { FetchMessageObject, FetchQueryObject, ImapFlow } from 'imapflow'
import { imapError } from './problem.ts'

/**
 * What a server tells of these mails and of no others, each once. One that sends more than `most` bytes, whatever sizes it
 * announced, is hung up on.
 */
export async function fetchBounded(
  client: ImapFlow,
  uids: readonly number[],
  query: FetchQueryObject,
  most: number,
): Promise<FetchMessageObject[]> {
  const asked = new Set(uids)
  const found = new Map<number, FetchMessageObject>()
  let bytes = 0
  for await (const one of client.fetch(uids.join(','), query, { uid: true })) {
    bytes += (one.source?.length ?? 0) + (one.headers?.length ?? 0)
    if (bytes > most) {
      client.close()
      throw imapError('mail.imap-odd')
    }
    // News of a mail's flags may stand between, without its words.
    if (asked.has(one.uid) && (!found.get(one.uid)?.source || one.source)) found.set(one.uid, one)
  }
  return [...found.values()]
}
