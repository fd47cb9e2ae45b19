// Runs in the page: every text one sees or hears, and what is wider than its place. Read as text by pseudo.ts.
;(() => {
  const texts = []
  const wide = []
  const width = document.documentElement.clientWidth
  const name = (el) =>
    `${el.tagName.toLowerCase()}.${String(el.getAttribute('class') ?? '').replaceAll(' ', '.')} “${(el.textContent ?? '').slice(0, 50)}”`
  if (document.documentElement.scrollWidth > width + 1)
    wide.push(`the page is ${document.documentElement.scrollWidth} wide`)
  const dialog = document.querySelector('.dialog[open]')
  for (const el of (dialog ?? document.body).querySelectorAll('*')) {
    if (!el.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
    if (el.closest('kbd, script, style, svg, .spoken, .qr')) continue
    // A table or chart of many numbers scrolls in its own box on a telephone (WCAG 1.4.10 lets it).
    const scrolls = el.closest('.figures-box, .figures-chart') !== null
    for (const attribute of ['aria-label', 'title', 'placeholder']) {
      const text = el.getAttribute(attribute)
      if (text && !(attribute === 'title' && el.tagName === 'TIME')) texts.push(text)
    }
    const own = [...el.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.nodeValue ?? '')
    const text = own.join(' ').trim()
    if (text !== '') texts.push(text)
    const style = getComputedStyle(el)
    const over = el.scrollWidth - el.clientWidth
    const clips = style.overflowX !== 'visible'
    if (
      !scrolls &&
      over > 1 &&
      el.clientWidth > 0 &&
      (style.overflowX === 'auto' || style.overflowX === 'scroll') &&
      style.display !== 'inline'
    )
      wide.push(`scrolls sideways by ${over}: ${name(el)}`)
    const pressed = el.closest('button, [role=button], .mantine-Button-root, .chip, .nav-view, .new')
    if (over > 1 && clips && pressed && !pressed.closest('.row, [role=option]'))
      wide.push(`cut off by ${over}: ${name(el)}`)
    const { left, right, width: of } = el.getBoundingClientRect()
    if (text !== '' && of > 0 && right > width + 1 && left < width && !scrolls) {
      let at = el
      while (at && getComputedStyle(at).textOverflow !== 'ellipsis') at = at.parentElement
      if (!at) wide.push(`out of the screen by ${Math.round(right - width)}: ${name(el)}`)
    }
  }
  return { texts, wide }
})()
