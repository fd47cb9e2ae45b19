import { type ScopeName, width } from './roles.ts'

/** What a key may be given without anybody's agreement: it brings something in, or tells of no case. */
const openToAll: ReadonlySet<string> = new Set([
  'complaint.create',
  'attachment.upload',
  'catalogue.read',
  'settings.read',
  'view.use',
])

export type Voucher = { readonly permissions: ReadonlySet<string>; readonly scope: ScopeName }

/**
 * What this person cannot answer for of a key that sees as far as `scope`: nobody opens to a key what they may not open
 * themselves (docs/decisions/0016-keys-and-administrators.md). Empty: they can.
 */
export function beyond(person: Voucher, permissions: readonly string[], scope: ScopeName): string[] {
  const opening = permissions.filter((p) => !openToAll.has(p))
  return width[person.scope] < width[scope] ? opening : opening.filter((p) => !person.permissions.has(p))
}
