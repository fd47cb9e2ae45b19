// Runs before the first paint, so that a dark desk never flashes white. A file of its own: inline scripts are forbidden.
try {
  var stored = localStorage.getItem('mantine-color-scheme-value')
  var dark = stored === 'dark' || (stored !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
  var contrast = localStorage.getItem('redress.contrast') || matchMedia('(prefers-contrast: more)').matches
  if (contrast) document.documentElement.setAttribute('data-contrast', 'more')
  var locale = localStorage.getItem('redress.locale')
  if (locale) document.documentElement.lang = locale
} catch {
  // Storage may be forbidden: the desk then starts light.
}
