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

// Words not yet sent outlive a crash, a lost connection and a way back, in this tab only. They arrived when the page that
// answers the form comes.
const kept = 'redress.words'
const here = location.pathname
try {
  const held = JSON.parse(sessionStorage.getItem(kept) ?? 'null')
  const boxes = [...document.querySelectorAll('textarea')]
  const from = document.referrer ? new URL(document.referrer).pathname : ''
  if (held?.at === here) {
    for (const box of boxes)
      if (held.words[box.name] && !box.matches('[aria-invalid]')) box.value = held.words[box.name]
  } else if ((held?.sent && held.at === from) || here.endsWith('/done')) sessionStorage.removeItem(kept)
  const keep = (sent) => {
    const words = Object.fromEntries(boxes.map((box) => [box.name, box.value]))
    sessionStorage.setItem(kept, JSON.stringify({ at: here, sent, words }))
  }
  for (const box of boxes) box.addEventListener('input', () => keep(false))
  if (boxes.length > 0) addEventListener('submit', () => keep(true))
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
