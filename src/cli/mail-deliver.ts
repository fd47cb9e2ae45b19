import { setTimeout } from 'node:timers/promises'
import { countMail, destinationsOf, keepMail, type MailCounts, openReader, type TakeIn } from '../mail/index.ts'
import { claimDue } from '../mail/claim.ts'
import { mailsIn } from '../mail/mail-files.ts'
import { takeInMany } from '../mail/take-in-many.ts'
import { takingIn } from '../jobs.ts'
import { type Call, UsageError } from './command.ts'
import { type Opened, withServices } from './installation.ts'

const atOnce = 4
/** More waits for nobody: what is kept is taken in before more is read. */
const mostWaiting = 64

/** Feeds mails from files through everything a mail by SMTP goes through, and says what became of them. */
export function deliver(call: Call, files: readonly string[]): Promise<number> {
  const address = call.text('mailbox')
  if (!address) throw new UsageError('say to which mailbox: --mailbox complaints@example.com')
  if (files.length === 0) throw new UsageError('name at least one file or folder')
  return withServices(call.config, async (app) => {
    const { found, off } = await destinationsOf(app, [address])
    const to = found[0]
    if (!to) throw new UsageError(off.length > 0 ? `${address} is switched off` : `there is no mailbox ${address}`)
    const reader = openReader({ waiting: 1_000 })
    // Mails that arrive meanwhile may fall into these hands too.
    const at = takingIn(app, reader.read)
    const fresh: string[] = []
    let again = 0
    let leftOut = 0
    try {
      for await (const { name, raw } of mailsIn(files)) {
        if (!raw) {
          leftOut += 1
          call.say(`no    ${name}`)
          continue
        }
        const mail = await keepMail(app, to, { via: 'command', mailFrom: '', clientIp: '', helo: '' }, raw, call.now())
        call.say(mail.fresh ? `kept  ${name}` : `known ${name}`)
        if (mail.fresh) fresh.push(mail.itemId)
        else again += 1
        if (fresh.length % mostWaiting === 0) await drain(at, to.org, call)
      }
      await drain(at, to.org, call)
      const counts = await settled(at, to.org, call, { app, fresh, again })
      if (leftOut > 0) call.say(`${leftOut} files whose names are not those of mails were left out`)
      const given = fresh.length + again
      tell(call, counts)
      if (counts.received !== given) call.say(`WRONG: ${given} mails were given, ${counts.received} are accounted for`)
      return counts.waiting === 0 && counts.received === given ? 0 : 1
    } finally {
      await reader.close()
    }
  })
}

/** Takes in what is due now, in its order. */
async function drain(at: TakeIn, org: string, call: Call): Promise<void> {
  for (;;) {
    const claim = await claimDue(at.app.db, org, call.now(), atOnce)
    if (claim.mails.length === 0) return
    await takeInMany(at, org, claim, () => undefined)
  }
}

const pauseMs = 5_000
const mostPauses = 9

/** What has become of these mails, once those that failed had their other tries; a running worker may have taken some. */
async function settled(
  at: TakeIn,
  org: string,
  call: Call,
  { app, fresh, again }: { readonly app: Opened; readonly fresh: readonly string[]; readonly again: number },
): Promise<MailCounts> {
  for (let pauses = 0; ; pauses++) {
    const counts = await countMail(app.systemDb, { org, items: fresh, again })
    if (counts.waiting === 0 || pauses === mostPauses) return counts
    await setTimeout(pauseMs)
    await drain(at, org, call)
  }
}

/** What has become of all mail there was. */
export function count(call: Call): Promise<number> {
  return withServices(call.config, async (app: Opened) => {
    const since = call.text('since')
    const from = since === undefined ? undefined : Date.parse(since)
    if (from !== undefined && Number.isNaN(from))
      throw new UsageError('--since takes an instant such as 2026-03-01T00:00Z')
    tell(call, await countMail(app.systemDb, { since: from }))
    return 0
  })
}

function tell(call: Call, counts: MailCounts): void {
  const { received, threaded, parked, rejected, waiting } = counts
  const more = waiting > 0 ? ` + ${waiting} waiting` : ''
  call.say(
    `received ${received} = threaded ${threaded} + new ${counts.new} + parked ${parked} + rejected ${rejected}${more}`,
  )
  for (const [state, of] of [['threaded', counts.as] as const, ...Object.entries(counts.reasons)])
    for (const [what, n] of Object.entries(of)) call.say(`  ${state.padEnd(9)} ${String(n).padStart(7)}  ${what}`)
  call.result(counts)
}
