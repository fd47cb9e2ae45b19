import { checkpointKey, publicPem, refold, sentence, verifyAll, writeCheckpoints } from '../audit/index.ts'
import type { Command } from './command.ts'
import { withServices } from './installation.ts'

export const verify: Command = {
  name: 'verify',
  about: 'Checks that nothing was lost, changed or forged: history, states, clocks, words, checkpoints, files.',
  details: `Reads everything while work goes on and changes nothing. Every wrong thing is one line with a code:
  audit.hash-mismatch harbour complaint R-2026-000123 seq 4
An event that was changed, taken out or cut off is named by the first seq concerned. Codes: docs/operations.md.
What cannot be read is told as audit.unreadable, and the rest is checked all the same.

Proven by the history of a complaint:
  - its events, each by the hash of the one before; state, lists, points, clocks and due dates as what follows from them;
  - words of messages, points, findings' answers, summaries, titles and order numbers, and that no others are there;
  - direction, visibility, channel, author and moment of every message, and whether it was taken back;
  - the item as it came (its bytes against the hash kept beside them);
  - for what was written since events say so: author names, files (bytes, type, name, and that there are no others), the hash
    of the item as it came, first title and order number, remedy sought, on whose behalf, public reference, receipt code,
    authority. Before that, these are only compared with each other;
  - that every message and the head have search rows, for nobody who may not read them.
Proven by checkpoints: that no history was cut, replaced or removed that one has signed (hourly).

Not proven:
  - events added, or histories replaced, after the last checkpoint: the hashes have no key, so whoever can write the database
    can add well-formed events until the next one signs them. Keep the file of checkpoints on another machine;
  - who did it: an event names its actor, it is not signed by them;
  - customers, staff, teams, codes, calendars, settings, sessions, the access log and outgoing mail;
  - the words of search rows; links of files nobody attached; flags the program does not write;
  - bytes of files without --blobs.
An "erased" event excuses nothing: no command erases yet, so it is told (audit.erased-unknown) with the words that are gone.`,
  options: [
    { name: 'org', value: 'slug', about: 'only this organisation' },
    { name: 'blobs', about: 'read every file and compare its hash (default: presence and size)' },
  ],
  examples: ['verify', 'verify --org harbour --blobs', 'verify --json > verified.json'],
  run: (call) =>
    withServices(call.config, async (app) => {
      const result = await verifyAll(app, {
        org: call.text('org'),
        blobs: call.flag('blobs'),
        onFinding: (finding) => call.say(sentence(finding)),
      })
      const { ok, complaints, events, checkpoints, blobs, wrong, seconds } = result
      if (call.text('org') && result.organisations === 0) {
        call.say(`there is no organisation "${call.text('org')}"`)
        return 2
      }
      call.say(
        `${ok ? 'Nothing wrong' : `${wrong} things wrong`}: ${complaints} complaints, ${events} events, ${checkpoints} checkpoints, ${blobs} files in ${seconds.toFixed(1)} s`,
      )
      call.result(result)
      return ok ? 0 : 1
    }),
}

export const refoldCommand: Command = {
  name: 'refold',
  about: 'Builds state rows, clocks and lists anew from the history.',
  details: `Without --all only complaints folded by older rules. Can be stopped and started again; goes on where it was.
Complaints whose history is broken are left alone and named.`,
  options: [{ name: 'all', about: 'every complaint' }],
  examples: ['refold', 'refold --all'],
  run: (call) =>
    withServices(call.config, async (app) => {
      const done = await refold(app, { all: call.flag('all') })
      for (const finding of done.refused) call.say(sentence(finding))
      call.say(`${done.complaints} complaints built anew, ${done.refused.length} left alone`)
      call.result(done)
      return done.refused.length > 0 ? 1 : 0
    }),
}

export const checkpoint: Command = {
  name: 'checkpoint',
  about: 'Writes an audit checkpoint now: the signed heads of all complaints that changed.',
  details: `The running program does this every hour. The lines are also appended to <data>/checkpoints/<organisation>.jsonl:
copy that file away regularly; it shows later whether history was cut.`,
  options: [
    { name: 'full', about: 'compare all heads instead of those the stream names' },
    { name: 'key', about: 'only print the public key (PEM) that checks the signatures' },
  ],
  examples: ['checkpoint', 'checkpoint --key > redress-audit.pem'],
  run: (call) =>
    withServices(call.config, async (app) => {
      if (call.flag('key')) {
        const publicKey = publicPem(checkpointKey(app.subkey('checkpoints')))
        call.say(publicKey.trim())
        call.result({ publicKey })
        return 0
      }
      const written = await writeCheckpoints(app, { full: call.flag('full') })
      for (const { org, checkpoints, heads } of written) call.say(`${org}: ${checkpoints} checkpoints, ${heads} heads`)
      call.result(written)
      return 0
    }),
}
