// The door of the audit: checkpoints, verification and refolding.

export { type CheckpointApp, writeCheckpoints, type Written } from './checkpoint.ts'
export { type CheckpointLine, checkpointPath } from './checkpoint-file.ts'
export { type Finding, sentence } from './finding.ts'
export { type Night, verifyNightly } from './nightly.ts'
export { proveComplaint, type Proven } from './prove.ts'
export { refold, type Refolded } from './refold.ts'
export { assertSecret, SecretMismatch } from './secret.ts'
export { checkpointKey, publicPem } from './signing.ts'
export { rowsOf as blobRows } from './verify-blobs.ts'
export {
  checkpointLineHolds,
  checkpointLines,
  keepCheckpointFile,
  putCheckpoint,
  unmetHeads,
} from './travelling.ts'
export { verifyComplaint, type Verification } from './verify-complaint.ts'
export { verifyAll, type Verified, type VerifyOptions } from './verify.ts'
