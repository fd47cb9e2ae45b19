import { z } from 'zod'
import { settleTest, waitingTest } from '../templates/index.ts'
import { failureOf } from './domain/failure.ts'
import { type SendMail, senderAddress } from './mail.ts'
import type { ReplyApp } from './where-said.ts'

const payload = z.object({ org: z.uuid(), id: z.uuid() })

/** Sends a test by the real mail server, once, and keeps what the server said: whoever tries it waits for that. */
export async function sendTestMail(
  { app, send }: { readonly app: ReplyApp; readonly send: SendMail | undefined },
  given: unknown,
): Promise<void> {
  const { org, id } = payload.parse(given)
  const test = await app.db.withScope({ org }, (tx) => waitingTest(tx, org, id), 'read')
  if (!test) return
  const error = send ? await tried(app, send, id, test) : 'SMTP_URL'
  await app.db.withScope({ org }, (tx) => settleTest(tx, org, id, error, app.now()))
}

type Test = NonNullable<Awaited<ReturnType<typeof waitingTest>>>

async function tried({ config }: ReplyApp, send: SendMail, id: string, test: Test): Promise<string | null> {
  const from = test.from ?? { name: test.name.en ?? '', address: senderAddress(config) }
  try {
    await send({
      ...test.letter,
      from,
      to: test.recipient,
      messageId: `${id}@${from.address.split('@').at(-1)}`,
      replyTo: null,
      inReplyTo: null,
      references: [],
      automatic: 'auto-generated',
    })
    return null
  } catch (error) {
    return failureOf(error).text
  }
}
