// The door of operations: backup, restore, doctor, schema.

export { backup, type BackupApp, type BackupOptions } from './backup.ts'
export { type Check, examine } from './doctor.ts'
export { BackupProblem, type Manifest, readManifest } from './manifest.ts'
export { pendingMigrations } from './pending.ts'
export { restore, type RestoreOptions } from './restore.ts'
export { dumpSchema } from './schema.ts'
