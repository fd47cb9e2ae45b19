import type { Database, Tx } from '../kit/db/database.ts'
import type { Binding } from '../kit/http/serve.ts'
import { subkey } from '../kit/secrets.ts'
import type { StaffActor } from './actor.ts'
import { type TotpKeys, totpKeys } from './totp.ts'
import { type Tries, tries } from './tries.ts'

export type PeopleBinding = Binding<StaffActor>

export type PeopleConfig = {
  readonly db: Database
  readonly publicUrl: string
  /** The master secret (kit/secrets). */
  readonly master: Buffer
  /** Sign-ins from one address that may fail in a row before it must wait; ships 30. */
  readonly triesPerPlace?: number
  /** Fills a new organisation (codes, calendars) in the transaction that creates it. */
  readonly onOrganisationCreated?: (tx: Tx, orgId: string, now: number) => Promise<void>
}

/** What the use cases of this slice are given. */
export type People = {
  readonly db: Database
  readonly publicUrl: string
  readonly setupKey: Buffer
  readonly totp: TotpKeys
  /** Signs what a browser that signed in before shows. */
  readonly deviceKey: Buffer
  readonly tries: Tries
  readonly triesPerPlace: number
  readonly onOrganisationCreated: (tx: Tx, orgId: string, now: number) => Promise<void>
}

export function openPeople(config: PeopleConfig): People {
  return {
    db: config.db,
    publicUrl: config.publicUrl,
    setupKey: subkey(config.master, 'setup-token'),
    totp: totpKeys(config.master),
    deviceKey: subkey(config.master, 'known-device'),
    tries: tries(config.db, subkey(config.master, 'sign-in-tries')),
    triesPerPlace: config.triesPerPlace ?? 30,
    onOrganisationCreated: config.onOrganisationCreated ?? (async () => undefined),
  }
}
