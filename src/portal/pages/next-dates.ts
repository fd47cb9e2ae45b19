import { deadlineText } from '../dates.ts'
import { html, type Safe } from '../html.ts'
import type { PublicClock } from '../public-clocks.ts'
import type { PublicView } from '../public-view.ts'
import type { Visit } from '../visit.ts'
import { isWord } from '../words.ts'

/** The zone of the place the complaint is about; else the organisation's. */
export function zoneOf(visit: Visit, view: Pick<PublicView, 'zone'>): string {
  return view.zone ?? visit.org.zone
}

/** What is promised and by when, nearest first, from the recorded clocks. */
export function nextDates(visit: Visit, clocks: readonly PublicClock[], zone: string, state?: string): readonly Safe[] {
  return clocks.flatMap((clock) => {
    const word = `next.${nameOf(clock, state)}`
    if (!isWord(word)) return []
    const text = visit.say(word, { at: deadlineText(clock.dueAt, zone, visit.locale) })
    const late = clock.state !== 'paused' && clock.dueAt < visit.now
    const note = clock.state === 'paused' ? visit.say('next.paused') : late ? visit.say('next.late') : ''
    return [html`<li${late && html` class="late"`}><b>${text}</b>${note && html`<small>${note}</small>`}</li>`]
  })
}

/** What we look at because they wrote after the end has a name of its own until somebody has. */
function nameOf({ kind, milestone }: PublicClock, state: string | undefined): string {
  if (kind === 'follow_up' && state === 'external') return 'outside'
  return milestone === 'containment' || (milestone === 'wrote_again' && state === 'wrote_again') ? milestone : kind
}

/** One step that has been taken. */
export function past(text: string): Safe {
  return html`<li class="d"><b>${text}</b></li>`
}

export function zoneNote(visit: Visit, zone: string): Safe {
  const name = new Intl.DateTimeFormat({ 'zh-Hant': 'zh-TW', 'zh-Hans': 'zh-CN', en: 'en-GB' }[visit.locale], {
    timeZone: zone,
    timeZoneName: 'longGeneric',
  })
    .formatToParts(visit.now)
    .find((p) => p.type === 'timeZoneName')?.value
  return html`<p class="hint">${visit.say('next.zone', { zone: name ?? zone })}</p>`
}
