import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

/** The fixed beginning of a PKCS #8 Ed25519 private key (RFC 8410), before its 32 bytes. */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex')

export type CheckpointKey = {
  /** Checks what `sign` made; an auditor needs nothing else of us. */
  readonly publicKey: KeyObject
  sign(hash: Buffer): Buffer
}

/** The key that signs checkpoints, always the same for one master secret. `seed`: 32 bytes, subkey('checkpoints'). */
export function checkpointKey(seed: Buffer): CheckpointKey {
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' })
  return { publicKey: createPublicKey(privateKey), sign: (hash) => sign(null, hash, privateKey) }
}

/** The key as a PEM text, for `redress checkpoint --key` and whoever audits. */
export function publicPem(key: CheckpointKey): string {
  return key.publicKey.export({ format: 'pem', type: 'spki' }).toString()
}

export function signatureHolds(publicKey: KeyObject, hash: Buffer, signature: Buffer): boolean {
  return verify(null, hash, publicKey, signature)
}
