// Everything here is a convenience: each page works without it.
for (const hidden of document.querySelectorAll('[data-js]')) hidden.hidden = false

// A second press of the same button does nothing while the first is on its way.
for (const form of document.forms) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) return event.preventDefault()
    form.dataset.sent = '1'
    for (const button of form.querySelectorAll('button')) button.setAttribute('aria-disabled', 'true')
  })
}
addEventListener('pageshow', () => {
  for (const form of document.forms) {
    delete form.dataset.sent
    for (const button of form.querySelectorAll('button')) button.removeAttribute('aria-disabled')
  }
})

// Words not yet sent outlive a crash, a lost connection and a way back: in this tab only, for half an hour after the last
// one, and for the same draft or complaint only, because the next person in this tab may be another. They arrived when the
// page that answers the form comes.
const kept = 'redress.words'
const longest = 30 * 60_000
const here = location.pathname
const whose = document.querySelector('main')?.dataset.words
try {
  const held = JSON.parse(sessionStorage.getItem(kept) ?? 'null')
  const boxes = [...document.querySelectorAll('textarea')]
  const from = document.referrer ? new URL(document.referrer).pathname : ''
  // A session that ran out, and a code typed wrongly then, are no farewell: the same complaint, opened again, has its words.
  const stays = location.search.includes('ended=') || document.querySelector('[aria-invalid]')
  const over = here.endsWith('/done') || (here.endsWith('/track') && !stays)
  const arrived = held?.sent && held.at === from && held.at !== here
  const old = !(Date.now() - held?.since < longest)
  const gone = over || arrived || old || (whose && held.whose !== whose)
  if (gone) sessionStorage.removeItem(kept)
  const restore = () => {
    if (gone || !whose || held.at !== here) return
    for (const box of boxes)
      if (held.words[box.name] && !box.matches('[aria-invalid]')) box.value = held.words[box.name]
  }
  restore()
  // Going back, browsers fill in what was typed at that place: not for another person than the one who typed it.
  const typist = history.state?.whose
  if (whose && typist && typist !== whose)
    addEventListener('pageshow', () => {
      for (const form of document.forms) form.reset()
      restore()
    })
  if (whose) history.replaceState({ whose }, '')
  const keep = (sent) => {
    const words = Object.fromEntries(boxes.map((box) => [box.name, box.value]))
    sessionStorage.setItem(kept, JSON.stringify({ whose, at: here, since: Date.now(), sent, words }))
  }
  if (whose) for (const box of boxes) box.addEventListener('input', () => keep(false))
  if (whose && boxes.length > 0) addEventListener('submit', () => keep(true))
} catch {
  // Storage is forbidden: the words stay in the page.
}

for (const button of document.querySelectorAll('[data-print]')) button.addEventListener('click', () => print())
for (const button of document.querySelectorAll('[data-copy]')) {
  button.addEventListener('click', async () => {
    await navigator.clipboard?.writeText(button.dataset.copy)
    button.textContent = button.dataset.copied
  })
}

// A voice recording made in the page becomes a chosen file like any other.
const record = document.querySelector('[data-record]')
const voice = document.querySelector('#voice')
if (record && voice) {
  let recorder
  record.hidden = !(navigator.mediaDevices && window.MediaRecorder)
  record.addEventListener('click', async () => {
    if (recorder?.state === 'recording') return recorder.stop()
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
      const parts = []
      recorder = new MediaRecorder(stream)
      recorder.ondataavailable = (event) => parts.push(event.data)
      recorder.onstop = () => {
        for (const track of stream.getTracks()) track.stop()
        const type = recorder.mimeType.split(';')[0] || 'audio/webm'
        const chosen = new DataTransfer()
        for (const file of voice.files) chosen.items.add(file)
        chosen.items.add(new File(parts, `recording-${voice.files.length + 1}.${type.split('/')[1]}`, { type }))
        voice.files = chosen.files
        record.textContent = record.dataset.start
      }
      recorder.start()
      record.textContent = record.dataset.stop
    } catch {
      record.hidden = true
    }
  })
}
