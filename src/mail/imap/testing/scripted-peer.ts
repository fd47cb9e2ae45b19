import { createServer, type Socket } from 'node:net'
import type { Peer } from './dovecot.ts'

// A small IMAP server of our own, for machines without Dovecot: what our fetcher asks, and nothing else.

type Mail = { readonly uid: number; readonly raw: Buffer; readonly flags: Set<string> }
type Folder = { readonly validity: number; next: number; readonly mails: Mail[] }
type Store = { readonly folders: Map<string, Folder>; readonly idlers: Set<() => void>; validity: number }

const user = 'care'
const password = 'correct-horse-9'
const capabilities = 'IMAP4rev1 NAMESPACE UIDPLUS IDLE MOVE LITERAL+'

/** Listens on a free port of the loopback; its mails are in memory. */
export async function startScriptedPeer(): Promise<Peer> {
  const store: Store = { folders: new Map(), idlers: new Set(), validity: 1_700_000_000 }
  store.folders.set('INBOX', emptyFolder(store))
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    serve(socket, store)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  return {
    kind: 'a scripted peer',
    port: typeof address === 'object' && address ? address.port : 0,
    user,
    password,
    stop() {
      for (const socket of sockets) socket.destroy()
      return new Promise((closed) => server.close(() => closed()))
    },
  }
}

const emptyFolder = (store: Store): Folder => ({ validity: (store.validity += 1), next: 1, mails: [] })

type Session = {
  readonly store: Store
  readonly say: (line: string | Buffer) => void
  folder: Folder | undefined
  known: number
  idling: string | undefined
}

function serve(socket: Socket, store: Store): void {
  const say = (line: string | Buffer) => {
    if (!socket.destroyed) socket.write(typeof line === 'string' ? `${line}\r\n` : line)
  }
  const session: Session = { store, say, folder: undefined, known: 0, idling: undefined }
  const tell = () => {
    if (session.idling !== undefined) tellNews(session)
  }
  store.idlers.add(tell)
  socket.on('close', () => store.idlers.delete(tell))
  say('* OK ready')
  let waiting: Buffer = Buffer.alloc(0)
  socket.on('data', (bytes) => {
    waiting = Buffer.concat([waiting, bytes])
    for (;;) {
      const one = commandIn(waiting, say)
      if (!one) return
      waiting = waiting.subarray(one.length)
      answer(session, one.line, one.literals)
    }
  })
}

/** The first whole command of these bytes, its literals apart. */
function commandIn(
  bytes: Buffer,
  say: Session['say'],
): { line: string; literals: Buffer[]; length: number } | undefined {
  let line = ''
  let at = 0
  const literals: Buffer[] = []
  for (;;) {
    const end = bytes.indexOf('\r\n', at)
    if (end < 0) return undefined
    const part = bytes.subarray(at, end).toString()
    const [, size, plus] = /\{(\d+)(\+?)\}$/.exec(part) ?? []
    line += part
    at = end + 2
    if (size === undefined) return { line, literals, length: at }
    if (bytes.length < at + Number(size)) {
      if (!plus && bytes.length === at) say('+ go on')
      return undefined
    }
    literals.push(bytes.subarray(at, at + Number(size)))
    at += Number(size)
  }
}

function answer(s: Session, line: string, literals: readonly Buffer[]): void {
  if (s.idling !== undefined && /^done$/i.test(line)) {
    s.say(`${s.idling} OK idled`)
    s.idling = undefined
    return
  }
  const [, tag = '', uid = '', name = '', rest = ''] = /^(\S+) (uid )?(\S+) ?(.*)$/i.exec(line) ?? []
  const act = commands[`${uid}${name}`.toUpperCase()]
  if (!act) return s.say(`${tag} BAD what?`)
  const said = act(s, rest, { tag, literal: literals[0] })
  if (s.folder && !/^(UID )?(FETCH|STORE|SEARCH)$/i.test(`${uid}${name}`)) tellNews(s)
  if (said !== '') s.say(`${tag} ${said ?? 'OK done'}`)
}

/** How many there are, where that has changed. */
function tellNews(s: Session): void {
  const now = s.folder?.mails.length ?? 0
  if (now !== s.known) s.say(`* ${now} EXISTS`)
  s.known = now
}

type Act = (s: Session, rest: string, more: { tag: string; literal: Buffer | undefined }) => string | undefined
const nameOf = (text: string) =>
  (/^"((?:[^"\\]|\\.)*)"|^(\S+)/.exec(text) ?? []).slice(1).find((x) => x !== undefined) ?? ''
const news = (s: Session) => {
  for (const tell of s.store.idlers) tell()
}

const opens =
  (how: 'READ-WRITE' | 'READ-ONLY'): Act =>
  (s, rest) => {
    s.folder = s.store.folders.get(nameOf(rest))
    if (!s.folder) return 'NO [NONEXISTENT] no such folder'
    s.known = s.folder.mails.length
    s.say('* FLAGS (\\Seen \\Deleted)')
    s.say('* OK [PERMANENTFLAGS (\\Seen \\Deleted \\*)] ok')
    s.say(`* ${s.known} EXISTS`)
    s.say(`* OK [UIDVALIDITY ${s.folder.validity}] ok`)
    s.say(`* OK [UIDNEXT ${s.folder.next}] ok`)
    return `OK [${how}] opened`
  }

const commands: Readonly<Record<string, Act>> = {
  CAPABILITY: (s) => void s.say(`* CAPABILITY ${capabilities}`),
  LOGIN: (s, rest) => {
    const given = rest.match(/"(?:[^"\\]|\\.)*"|\S+/g)?.map((w) => w.replaceAll(/^"|"$/g, '')) ?? []
    if (given[0] !== user || given[1] !== password) return 'NO [AUTHENTICATIONFAILED] Authentication failed.'
    return `OK [CAPABILITY ${capabilities}] welcome`
  },
  NOOP: () => undefined,
  LOGOUT: (s) => void s.say('* BYE'),
  LIST: (s) => {
    for (const name of s.store.folders.keys()) s.say(`* LIST (\\HasNoChildren) "/" "${name}"`)
    return undefined
  },
  NAMESPACE: (s) => void s.say('* NAMESPACE (("" "/")) NIL NIL'),
  LSUB: () => undefined,
  SUBSCRIBE: () => undefined,
  CREATE: (s, rest) => void s.store.folders.set(nameOf(rest), emptyFolder(s.store)),
  DELETE: (s, rest) => void s.store.folders.delete(nameOf(rest)),
  RENAME: (s, rest) => {
    const [from = '', to = ''] = rest.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? []
    const folder = s.store.folders.get(nameOf(from))
    if (!folder) return 'NO [NONEXISTENT] no such folder'
    s.store.folders.delete(nameOf(from))
    return void s.store.folders.set(nameOf(to), folder)
  },
  SELECT: opens('READ-WRITE'),
  EXAMINE: opens('READ-ONLY'),
  CLOSE: (s) => {
    s.folder = undefined
    return undefined
  },
  STATUS: (s, rest) => {
    const folder = s.store.folders.get(nameOf(rest))
    if (!folder) return 'NO [NONEXISTENT] no such folder'
    const unseen = folder.mails.filter((m) => !m.flags.has('\\Seen')).length
    s.say(`* STATUS "${nameOf(rest)}" (MESSAGES ${folder.mails.length} UNSEEN ${unseen})`)
    return undefined
  },
  APPEND: (s, rest, { literal }) => {
    const folder = s.store.folders.get(nameOf(rest))
    if (!folder || !literal) return 'NO [TRYCREATE] no such folder'
    const flags = /\(([^)]*)\)/.exec(rest)?.[1]?.split(' ').filter(Boolean) ?? []
    folder.mails.push({ uid: folder.next++, raw: Buffer.from(literal), flags: new Set(flags) })
    news(s)
    return undefined
  },
  IDLE: (s, _rest, { tag }) => {
    s.idling = tag
    s.say('+ idling')
    tellNews(s)
    return ''
  },
  'UID SEARCH': (s, rest) => {
    const within = rangeOf(/UID (\S+)/i.exec(rest)?.[1] ?? '1:*', s.folder)
    const found = (s.folder?.mails ?? []).filter(
      (m) => within(m) && !(/UNDELETED|NOT DELETED/i.test(rest) && m.flags.has('\\Deleted')),
    )
    s.say(`* SEARCH${found.map((m) => ` ${m.uid}`).join('')}`)
    return undefined
  },
  FETCH: (s, rest) => fetchOf(s, rest, () => true),
  'UID FETCH': (s, rest) => fetchOf(s, rest, rangeOf(nameOf(rest), s.folder)),
  'UID STORE': (s, rest) => {
    const within = rangeOf(nameOf(rest), s.folder)
    const flags = /\(([^)]*)\)/.exec(rest)?.[1]?.split(' ') ?? []
    for (const m of s.folder?.mails ?? []) if (within(m)) for (const f of flags) m.flags.add(f)
    return undefined
  },
  'UID MOVE': (s, rest) => {
    const [range = '', ...to] = rest.split(' ')
    const target = s.store.folders.get(nameOf(to.join(' ')))
    if (!target || !s.folder) return 'NO [TRYCREATE] no such folder'
    const within = rangeOf(range, s.folder)
    for (const m of s.folder.mails.filter(within)) {
      const at = s.folder.mails.indexOf(m)
      s.folder.mails.splice(at, 1)
      target.mails.push({ ...m, uid: target.next++ })
      s.say(`* ${at + 1} EXPUNGE`)
    }
    s.known = s.folder.mails.length
    return undefined
  },
}

function rangeOf(text: string, folder: Folder | undefined): (m: Mail) => boolean {
  const last = folder?.mails.at(-1)?.uid ?? 0
  const parts = text.split(',').map((part) => {
    const ends = part.split(':').map((e) => (e === '*' ? last : Number(e)))
    return [Math.min(...ends), Math.max(...ends)] as const
  })
  return (m) => parts.some(([from, to]) => m.uid >= from && m.uid <= to)
}

function fetchOf(s: Session, rest: string, within: (m: Mail) => boolean): undefined {
  const [, start, most] = /BODY\.PEEK\[\](?:<(\d+)\.(\d+)>)?/i.exec(rest) ?? []
  for (const [at, m] of (s.folder?.mails ?? []).entries()) {
    if (!within(m)) continue
    const parts: (string | Buffer)[] = [
      `UID ${m.uid} FLAGS (${[...m.flags].join(' ')}) RFC822.SIZE ${m.raw.length} INTERNALDATE "22-Nov-2026 12:00:00 +0000"`,
    ]
    const put = (label: string, bytes: Buffer) => parts.push(` ${label} {${bytes.length}}\r\n`, bytes)
    if (/BODY\.PEEK\[\]/i.test(rest)) {
      const cut = start === undefined ? m.raw : m.raw.subarray(Number(start), Number(start) + Number(most))
      put(start === undefined ? 'BODY[]' : `BODY[]<${start}>`, cut)
    }
    if (/HEADER\.FIELDS/i.test(rest)) {
      const date = /^date:.*$/im.exec(m.raw.toString('latin1'))?.[0] ?? ''
      put('BODY[HEADER.FIELDS (DATE)]', Buffer.from(`${date.trim()}\r\n\r\n`))
    }
    s.say(
      Buffer.concat(
        [`* ${at + 1} FETCH (`, ...parts, ')\r\n'].map((p) => (typeof p === 'string' ? Buffer.from(p) : p)),
      ),
    )
  }
  return undefined
}
