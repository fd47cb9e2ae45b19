/** A mailbox as a mail names it; `address` as written, without its angle brackets. */
export type MailAddress = { readonly name: string; readonly address: string }

/**
 * What a mail is. Automatic mail (`auto_reply`, `bounce`, `own`) is kept beside its complaint and changes nothing there; a
 * `list` is read like a person's, and only not acknowledged.
 */
export type MailClass = 'human' | 'auto_reply' | 'bounce' | 'list' | 'own'

/** What could be shown of where a mail comes from; `none`: the sender's domain says nothing, `unknown`: nobody could be asked. */
export type AuthResult = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'unknown'
export type Authenticity = {
  readonly spf: AuthResult
  readonly dkim: AuthResult
  /** `fail` where `author` is said. */
  readonly dmarc: AuthResult
  /** Readers of mail could find different senders in it, or none: nobody can vouch for one. */
  readonly author?: 'unclear'
}

/** Of what did not arrive. `originalIds`: Message-IDs of the enclosed mail, without angle brackets. */
export type Bounce = {
  /** Still being tried: nobody needs to act yet. */
  readonly delayed: boolean
  readonly permanent: boolean
  readonly recipients: readonly string[]
  /** Enhanced status code (RFC 3463), as `5.1.1`; empty where none was given. */
  readonly status: string
  readonly originalIds: readonly string[]
}

export type MailPart = {
  readonly filename: string
  readonly contentType: string
  readonly content: Uint8Array
  readonly sha256: string
  /** Shown within the words rather than beside them. */
  readonly inline: boolean
  readonly contentId: string | null
}

/** A mail, read. Ids are without angle brackets, `date` is epoch ms, texts are free of NUL and lone surrogates. */
export type ReadMail = {
  readonly subject: string
  readonly from: readonly MailAddress[]
  readonly sender: MailAddress | null
  readonly to: readonly MailAddress[]
  readonly cc: readonly MailAddress[]
  readonly replyTo: readonly MailAddress[]
  readonly messageId: string | null
  readonly inReplyTo: readonly string[]
  readonly references: readonly string[]
  readonly date: number | null
  readonly class: MailClass
  readonly authenticity: Authenticity
  /** All its words, as plain text. */
  readonly text: string
  /** What its author wrote this time: without what is quoted and without the signature. */
  readonly newText: string
  /** Made harmless; null where the mail had no HTML. */
  readonly html: string | null
  readonly attachments: readonly MailPart[]
  /** Encrypted for a key that is not here, by S/MIME or PGP. */
  readonly sealed: 'smime' | 'pgp' | null
  readonly bounce: Bounce | null
  /** Whom it reached on the way here (Delivered-To, X-Original-To …): where a plus-address stands after forwarding. */
  readonly deliveredTo: readonly string[]
  /** Who wrote what is forwarded in it. */
  readonly forwardedFrom: MailAddress | null
  /** What had to be mended before it could be read, by the name of the step: `charset`, `raw-header` … */
  readonly mended: readonly string[]
  /** The same words from the same sender at the same time: what a mail without a Message-ID is known by (hex sha256). */
  readonly fingerprint: string
}
