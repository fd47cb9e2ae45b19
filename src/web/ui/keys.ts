const OFF = 'redress.shortcuts-off'

/**
 * Whether a key belongs to an input method that is still composing (注音, 拼音): such an Enter chooses a word and must
 * never send. Safari ends the composition before the key event and tells it by keyCode 229 alone.
 */
export function isComposing(e: { isComposing?: boolean; keyCode?: number }): boolean {
  return e.isComposing === true || e.keyCode === 229
}

export function shortcutsOn(): boolean {
  return localStorage.getItem(OFF) === null
}

export function setShortcuts(on: boolean): void {
  if (on) localStorage.removeItem(OFF)
  else localStorage.setItem(OFF, '1')
}

export function isTyping(target: EventTarget | null): boolean {
  const typing = 'input, textarea, select, [contenteditable], [role=dialog], [role=menu]'
  return target instanceof Element && target.closest(typing) !== null
}
