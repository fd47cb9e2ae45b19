const PREFIX = 'redress.draft.'

/** Unsent words kept in this browser only, per complaint and kind; cleared on sign-out. */
export function readDraft(key: string): string {
  try {
    return localStorage.getItem(PREFIX + key) ?? ''
  } catch {
    return ''
  }
}

export function keepDraft(key: string, text: string): void {
  try {
    if (text === '') localStorage.removeItem(PREFIX + key)
    else localStorage.setItem(PREFIX + key, text)
  } catch {
    // Storage full or forbidden: the words stay in the page.
  }
}

export function clearDraft(key: string): void {
  keepDraft(key, '')
}

export function clearDrafts(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key)
  } catch {
    // Nothing was kept, then.
  }
}

/** What was last sent and is not known to have arrived; outlives a crash of the page, so that sending again is no second effect. */
export type Intent = { readonly text: string; readonly key: string; readonly version?: number }

export function readIntent(name: string): Intent | undefined {
  try {
    const kept = JSON.parse(readDraft(`intent.${name}`) || 'null') as Partial<Intent> | null
    return typeof kept?.text === 'string' && typeof kept.key === 'string' ? (kept as Intent) : undefined
  } catch {
    return undefined
  }
}

export function keepIntent(name: string, intent: Intent | undefined): void {
  keepDraft(`intent.${name}`, intent ? JSON.stringify(intent) : '')
}
