import { type KeyName, keyIn, useKeys } from './keys.ts'

/** The key of something beside its name, as this person has it; nothing where it has none. For eyes: the name is said already. */
export function Key({ of }: { of: KeyName }) {
  const keys = useKeys()
  const key = keys.on ? keyIn(keys, of) : null
  return key && <kbd aria-hidden="true">{keyCap(key)}</kbd>
}

/** As it stands on the keyboard. */
export function keyCap(key: string): string {
  return /^\p{Lu}$/u.test(key) ? `⇧${key}` : key.toUpperCase()
}
