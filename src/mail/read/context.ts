/** Asks a name server: TXT gives string[][], A, AAAA, PTR and CNAME string[], MX {exchange, priority}[]. Throws with `code` (ENOTFOUND, ENODATA, ETIMEOUT). */
export type Resolver = (domain: string, type: string) => Promise<unknown>

/** What SMTP said of a mail before its bytes; absent parts are unknown. */
export type Envelope = {
  readonly clientIp?: string
  readonly helo?: string
  /** MAIL FROM; empty for the null sender. */
  readonly mailFrom?: string
}

/** What is known about a mail beside its bytes. */
export type ReadContext = {
  readonly envelope?: Envelope
  /** Our own addresses: what comes from them is class `own`. */
  readonly own?: readonly string[]
  /** authserv-ids of our own MX, whose Authentication-Results headers are believed. */
  readonly trustedAuthServ?: readonly string[]
  /** Absent: nobody is asked, and authenticity stays `unknown` unless a trusted header says it. */
  readonly resolver?: Resolver
  /** Milliseconds for all questions to name servers (default 2,000). */
  readonly resolverMs?: number
  /** Epoch ms, for signatures that ran out. */
  readonly now?: number
  readonly limits?: Partial<Limits>
}

/** Beyond any of these a mail is not read, and says so. */
export type Limits = {
  readonly bytes: number
  readonly headerBytes: number
  readonly parts: number
  readonly depth: number
  readonly addresses: number
  readonly attachments: number
  /** Of words, in UTF-16 units: more is a file somebody forgot to attach. */
  readonly letters: number
  /** Servers it came through: more and it goes round (RFC 5321, 6.3). */
  readonly hops: number
}

export const standardLimits: Limits = {
  bytes: 35 * 1024 * 1024,
  headerBytes: 1024 * 1024,
  parts: 1_000,
  depth: 30,
  addresses: 2_000,
  attachments: 500,
  letters: 5_000_000,
  hops: 99,
}

/** A read that does not begin or does not end well; each is a `problem.…` sentence. */
export type MailProblem =
  | 'mail.too-large'
  | 'mail.headers-too-large'
  | 'mail.too-many-parts'
  | 'mail.too-deep'
  | 'mail.too-many-addresses'
  | 'mail.too-many-attachments'
  | 'mail.too-many-words'
  | 'mail.loop'
  | 'mail.too-slow'
  | 'mail.unreadable'
  | 'mail.worker-died'
  | 'mail.busy'
  | 'mail.empty'
