import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { link, mkdir, open as openFile, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const SECRET_FILE = 'secret.key'
const MIN_CHARACTERS = 32
const SEAL_VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Something sealed that this key cannot open: another key, another context, or changed bytes. */
export class SealBroken extends Error {
  constructor(reason: string) {
    super(`cannot open sealed value: ${reason}`)
  }
}

/**
 * The master secret: `value` (`REDRESS_SECRET`) if given, else the text of `<dataDir>/secret.key`, which is made
 * once (0600, on disk before it is used). The file's text may be moved into `REDRESS_SECRET` and means the same.
 * Throws a plain sentence for the operator when the secret is shorter than 32 characters or others may read the file.
 */
export async function masterSecret(from: { value?: string | undefined; dataDir: string }): Promise<Buffer> {
  if (from.value !== undefined && from.value !== '') return longEnough(from.value, 'REDRESS_SECRET')
  const path = join(from.dataDir, SECRET_FILE)
  const text = (await readSecretFile(path)) ?? (await createSecretFile(from.dataDir, path))
  return longEnough(text, path)
}

function longEnough(text: string, where: string): Buffer {
  const secret = text.trim()
  if (secret.length < MIN_CHARACTERS) throw new Error(`${where} must hold at least ${MIN_CHARACTERS} characters`)
  return Buffer.from(secret, 'utf8')
}

async function readSecretFile(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(undefinedWhenMissing)
  if (!found) return undefined
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    throw new Error(`${path} can be read by other users of this machine: run chmod 600 on it`)
  }
  return readFile(path, 'utf8')
}

/** Two processes may start together: a hard link to a finished file lets exactly one of them win. */
async function createSecretFile(dataDir: string, path: string): Promise<string> {
  await mkdir(dataDir, { recursive: true })
  const draft = `${path}.${randomBytes(8).toString('hex')}.tmp`
  try {
    await writeDurably(draft, `${randomBytes(32).toString('base64url')}\n`)
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(draft, { force: true })
  }
  await syncDirectory(dataDir)
  return readFile(path, 'utf8')
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await openFile(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await openFile(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

function undefinedWhenMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

/** A 32-byte key for one purpose (`'mail-credentials'`), by HKDF-SHA256: one leaked subkey opens nothing else. */
export function subkey(master: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, 'redress', purpose, 32))
}

/** A public name of the master secret (32 hex characters), kept in the database so that a process with another refuses to start. */
export function fingerprint(master: Buffer): string {
  return subkey(master, 'fingerprint').toString('hex', 0, 16)
}

/**
 * Encrypts with AES-256-GCM: version byte ‖ 12-byte nonce ‖ ciphertext ‖ 16-byte tag. `context` (such as
 * `org/mailbox/7`) is not stored but must be given again to open, so that a sealed value cannot be moved to another row.
 */
export function seal(key: Buffer, plaintext: string | Uint8Array, context = ''): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(additionalData(context))
  const text = Buffer.concat([cipher.update(Buffer.from(plaintext)), cipher.final()])
  return Buffer.concat([Buffer.of(SEAL_VERSION), nonce, text, cipher.getAuthTag()])
}

/** The plaintext of `seal`; throws SealBroken for another key or context, changed bytes or an unknown version. */
export function open(key: Buffer, sealed: Uint8Array, context = ''): Buffer {
  const bytes = Buffer.from(sealed)
  if (bytes[0] !== SEAL_VERSION) throw new SealBroken(`unknown version ${bytes[0]}`)
  if (bytes.length < 1 + NONCE_BYTES + TAG_BYTES) throw new SealBroken('too short')
  const nonce = bytes.subarray(1, 1 + NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(additionalData(context)).setAuthTag(bytes.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(1 + NONCE_BYTES, -TAG_BYTES)), decipher.final()])
  } catch {
    throw new SealBroken('wrong key or context, or changed bytes')
  }
}

function additionalData(context: string): Buffer {
  return Buffer.concat([Buffer.of(SEAL_VERSION), Buffer.from(context, 'utf8')])
}

/** HMAC-SHA256, 32 bytes. */
export function hmac(key: Buffer, data: string | Uint8Array): Buffer {
  let known = keyObjects.get(key)
  if (!known) keyObjects.set(key, (known = createSecretKey(key)))
  return createHmac('sha256', known).update(data).digest()
}
/** Taking bytes for a key costs ten times the hash: the same bytes are taken once. */
const keyObjects = new WeakMap<Buffer, KeyObject>()

/** Equality whose time tells nothing of the values, whatever their lengths. */
export function safeEqual(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}
