import type { Buffer } from 'node:buffer'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { ConfigError, type MailListener } from '../kit/config.ts'
import type { Services } from '../kit/services.ts'
import { together } from '../kit/together.ts'
import { type Certificate, followCertificate, readCertificate } from './certificate.ts'
import { type Deadlines, openDeadlines } from './deadlines.ts'
import { type Held, incoming } from './held.ts'
import { openKeeper, wakeTakeIn } from './keep.ts'
import { connectionLimit, senderLimit } from './limits.ts'
import { type At, destinationsAmong, lookUp } from './mailboxes.ts'

export type ListenerApp = Pick<Services, 'config' | 'db' | 'log' | 'now'>
export type Listening = { readonly address: string; stop(): Promise<void> }

const mostClients = 200
const mostOfOne = 40
/** Of one mail (RFC 5321, 4.5.3.1.8); its sender gives the others with another. */
const mostRecipients = 100
/** A peer that says nothing for so long is gone. */
const silentMs = 60_000

/** What a listener gives at most. */
export type Patience = {
  /** Bytes of mails that come in or are being kept, in memory; more wait at their senders. */
  readonly held: number
  /** From the beginning, or from one mail, until the next one begins (ms): a byte now and then does not hold the door open. */
  readonly commandsMs: number
  /** From a mail's first byte to its last (ms). */
  readonly mailMs: number
}
const standard: Patience = { held: 256 * 2 ** 20, commandsMs: 5 * 60_000, mailMs: 10 * 60_000 }

/**
 * Takes mail in by SMTP (`smtps`: with TLS from the start) or LMTP at this address: an unknown mailbox is refused at RCPT, and a mail is accepted only after it is
 * committed. Whatever stands in the way of that is a "try again later", so that no mail is lost and none is acknowledged that is
 * not there.
 */
export async function listenForMail(
  app: ListenerApp,
  at: MailListener,
  patience: Patience = standard,
): Promise<Listening> {
  const { config, log } = app
  const { maxBytes, perMinute, name } = config.mail
  const certificate = readCertificate(config.mail)
  if (at.protocol === 'smtps' && !certificate)
    throw new ConfigError('REDRESS_MAIL_LISTEN must not have smtps:// without REDRESS_MAIL_TLS_CERT')
  const may = senderLimit(perMinute)
  const connections = connectionLimit(mostOfOne)
  const lmtp = at.protocol === 'lmtp'
  const woken = waker(app)
  const door: Door = {
    app,
    via: lmtp ? 'lmtp' : 'smtp',
    keep: openKeeper(app),
    whose: openBook(app),
    named: new WeakMap(),
    held: { bytes: 0, most: patience.held },
    deadlines: openDeadlines((id) => {
      for (const one of server.connections)
        if (one.id === id) one.send(421, '4.4.2 This takes too long, try again later')
    }),
    patience,
  }
  const server: SMTPServer = new SMTPServer({
    lmtp,
    secure: at.protocol === 'smtps',
    ...(name ? { name } : {}),
    banner: 'Redress',
    size: maxBytes,
    authOptional: true,
    disableReverseLookup: true,
    disabledCommands: certificate ? ['AUTH'] : ['AUTH', 'STARTTLS'],
    ...certificate,
    maxClients: mostClients,
    socketTimeout: silentMs,
    closeTimeout: 5_000,
    onConnect({ id, remoteAddress }, done) {
      door.deadlines.within(id, patience.commandsMs)
      done(connections.opened(id, remoteAddress) ? null : answer(421, '4.7.0 Too many connections from your address'))
    },
    onClose({ id }) {
      door.deadlines.lift(id)
      connections.closed(id)
    },
    onMailFrom({ address }, session, done) {
      done(
        may(session.remoteAddress, address, app.now())
          ? null
          : answer(451, '4.7.1 Too many mails, try again in a minute'),
      )
    },
    onRcptTo({ address }, session, done) {
      if (session.envelope.rcptTo.length >= mostRecipients) return done(answer(452, '4.5.3 Too many recipients'))
      door.whose(address).then(
        (at) => {
          if (!at || at.off)
            return done(answer(550, at ? '5.2.1 This mailbox is switched off' : '5.1.1 No such mailbox here'))
          const named = door.named.get(session) ?? new Map<string, At>()
          door.named.set(session, named.set(address, at))
          done()
        },
        unavailable(app, done),
      )
    },
    onData(stream, session, done) {
      received(door, stream, session).then(
        ({ orgs, refused }) => {
          for (const org of orgs) woken.wake(org)
          done(refused ?? null)
        },
        unavailable(app, done),
      )
    },
  })
  server.on('error', (error) => log.debug({ err: error }, 'a mail connection broke'))
  const renewal = certificate && followCertificate(config.mail, (found) => renewed(app, server, found))
  const port = await new Promise<number>((ready, failed) => {
    server.once('error', failed)
    const listening = server.listen(at.port, at.host, () => {
      server.off('error', failed)
      ready((listening.address() as AddressInfo).port)
    })
  })
  return {
    address: `${at.host}:${port}`,
    async stop() {
      renewal?.stop()
      await new Promise<void>((closed) => server.close(() => closed()))
      await woken.stop()
    },
  }
}

/** What a listener has at hand; `named`: whom a connection was told, at RCPT, its addresses are of. */
type Door = {
  readonly app: ListenerApp
  readonly via: 'smtp' | 'lmtp'
  readonly keep: ReturnType<typeof openKeeper>
  readonly whose: (address: string) => Promise<At | undefined>
  readonly named: WeakMap<SMTPServerSession, Map<string, At>>
  readonly held: Held
  readonly deadlines: Deadlines
  readonly patience: Patience
}

/** Whose an address is: asked once for all connections that want to know at the same time. */
function openBook(app: ListenerApp): Door['whose'] {
  return together(
    async (addresses) => {
      const known = await lookUp(app, addresses)
      return addresses.map((address) => known.find((at) => at.address === address))
    },
    { most: 100 },
  )
}

function renewed({ log }: ListenerApp, server: SMTPServer, found: Certificate | Error): void {
  if (found instanceof Error)
    return log.warn({ reason: found.message }, 'the new certificate of the mail listener is not used')
  server.updateSecureContext(found)
  log.info('the mail listener has a new certificate')
}

/** What became of a mail at the door. */
type Received = { readonly orgs: readonly string[]; readonly refused?: Error }

async function received(door: Door, stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Received> {
  const { app, deadlines, patience } = door
  const mail = incoming(door.held)
  try {
    deadlines.within(session.id, patience.mailMs)
    const raw = await mail.read(stream as AsyncIterable<Buffer>, app.config.mail.maxBytes)
    // What is left to do is ours.
    deadlines.lift(session.id)
    if (raw === 'too-large' || stream.sizeExceeded)
      return { orgs: [], refused: answer(552, '5.3.4 The mail is too large') }
    if (raw === 'busy') return { orgs: [], refused: answer(452, '4.3.1 Too much mail at once, try again later') }
    return await keepReceived(door, raw, session)
  } finally {
    mail.letGo()
    if (!stream.destroyed || stream.readableEnded) deadlines.within(session.id, patience.commandsMs)
  }
}

/** Keeps what came, an organisation at a time: whichever fails, the sender tries all again, and what is here stays once. */
async function keepReceived(
  { app, via, keep, named }: Door,
  raw: Buffer,
  session: SMTPServerSession,
): Promise<Received> {
  const { mailFrom, rcptTo } = session.envelope
  const known = named.get(session)
  const { found } = destinationsAmong(rcptTo.flatMap((r) => known?.get(r.address) ?? []))
  if (found.length === 0) return { orgs: [], refused: answer(550, '5.1.1 No such mailbox here') }
  const envelope = {
    via,
    mailFrom: mailFrom ? mailFrom.address : '',
    clientIp: session.remoteAddress,
    helo: session.hostNameAppearsAs || '',
  }
  for (const to of found) await keep(to.org, { to, envelope, raw, now: app.now() })
  return { orgs: found.map((to) => to.org) }
}

const answer = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode })

/** A database that is away, or a defect of ours: not the sender's fault, who shall try again. */
function unavailable({ log }: ListenerApp, done: (error: Error) => void): (error: unknown) => void {
  return (error) => {
    log.warn({ err: error }, 'a mail could not be accepted')
    done(answer(451, '4.3.0 Not available now, try again later'))
  }
}

const gatherMs = 150

/** Asks for a worker once for all that came within a moment. What is not asked for is found within a minute anyway. */
function waker(app: ListenerApp): { wake(org: string): void; stop(): Promise<void> } {
  const waiting = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let under = Promise.resolve()
  const flush = () => {
    timer = undefined
    const orgs = [...waiting]
    waiting.clear()
    under = Promise.all(orgs.map((org) => wakeTakeIn(app, org))).then(
      () => undefined,
      (error: unknown) => app.log.warn({ err: error }, 'no worker could be asked to take mail in'),
    )
  }
  return {
    wake(org) {
      waiting.add(org)
      timer ??= setTimeout(flush, gatherMs)
    },
    async stop() {
      if (timer) {
        clearTimeout(timer)
        flush()
      }
      await under
    },
  }
}
