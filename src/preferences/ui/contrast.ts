const KEPT = 'redress.contrast'
const wished = () => matchMedia('(prefers-contrast: more)')

/** High contrast, where it is chosen or the system asks for it. `public/theme.js` does the same before the first paint. */
export function keepContrast(chosen: boolean): () => void {
  const system = wished()
  const apply = () => {
    const { dataset } = document.documentElement
    if (chosen || system.matches) dataset.contrast = 'more'
    else delete dataset.contrast
  }
  apply()
  system.addEventListener('change', apply)
  try {
    if (chosen) localStorage.setItem(KEPT, '1')
    else localStorage.removeItem(KEPT)
  } catch {
    // Storage forbidden: it comes with the session, a moment later.
  }
  return () => system.removeEventListener('change', apply)
}
