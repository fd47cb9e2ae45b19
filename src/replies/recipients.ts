import type { Context } from '../complaints/index.ts'
import type { ComplaintState } from '../complaints/domain/index.ts'
import type { Services } from '../kit/services.ts'
import { mailAddress, type MergedIn, mergedInto } from './way-out.ts'

/** Where the mails of an answer go. `own`: to whoever complained here; `others`: to contacts of what is merged into it. */
export type Recipients = {
  readonly own: string | undefined
  readonly others: readonly { readonly merged: MergedIn; readonly address: string }[]
}

/** To whom an answer given now goes by mail, each address once; to nobody where no mail server is set. */
export async function recipientsOf(
  { config }: Pick<Services, 'config'>,
  ctx: Pick<Context, 'tx' | 'actor'>,
  state: Pick<ComplaintState, 'id' | 'customerId' | 'mode' | 'channel'>,
): Promise<Recipients> {
  if (!config.smtpUrl) return { own: undefined, others: [] }
  const own = await mailAddress(ctx, state)
  const told = new Set([own])
  const others: { merged: MergedIn; address: string }[] = []
  for (const merged of await mergedInto(ctx, state.id)) {
    const address = await mailAddress(ctx, merged)
    if (address === undefined || told.has(address)) continue
    told.add(address)
    others.push({ merged, address })
  }
  return { own, others }
}
