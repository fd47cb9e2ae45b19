import { momentText } from '../dates.ts'
import { form } from '../fields.ts'
import { type Content, html, lines, type Safe } from '../html.ts'
import type { Page } from '../layout.ts'
import { ourWords } from '../markup.ts'
import type { PublicAnswers } from '../public-answers.ts'
import type { PublicClock } from '../public-clocks.ts'
import type { PublicFile, PublicMessage, PublicView } from '../public-view.ts'
import type { Visit } from '../visit.ts'
import { isWord, labelIn, type Word } from '../words.ts'
import { fileName } from './files.ts'
import { nextDates, past, zoneNote, zoneOf } from './next-dates.ts'

export type StatusPage = {
  readonly csrf: string
  readonly view: PublicView
  /** What the process lets the complainant do now. */
  readonly offers: ReadonlySet<string>
  readonly clocks: readonly PublicClock[]
  readonly messages: readonly PublicMessage[]
  readonly answered: PublicAnswers
  readonly files: readonly PublicFile[]
  readonly saved: string
}

export function statusPage(visit: Visit, p: StatusPage): Page {
  const { say, base } = visit
  const zone = zoneOf(visit, p.view)
  const saved = `status.saved.${p.saved}`
  const answers = p.messages.filter((m) => m.direction === 'out')
  return {
    title: say('status.title'),
    ...(p.view.jurisdiction ? { jurisdictions: [p.view.jurisdiction] } : {}),
    body: html`<h1>${say('status.title')}</h1>
${isWord(saved) && html`<p class="good" role="status">${say(saved)}</p>`}
<div class="ref"><dl><dt>${say('done.number')}</dt><dd>${p.view.number}</dd></dl>${p.view.title}</div>
<h2>${stateText(visit, p)}</h2>
${p.view.withdrawalNoted && html`<p class="pane">${say('status.withdrawal.noted')}</p>`}
${ownerText(visit, p.view)}
${p.view.open && p.view.calledOn && html`<p>${say('status.call', { end: p.view.calledOn })}</p>`}
<ol class="line">${milestones(visit, p, zone)}${nextSteps(visit, p, zone)}</ol>
${zoneNote(visit, zone)}
<h2>${say('status.answers')}</h2>
${answers.length > 0 ? answers.map((m) => messageBox(visit, p, m, zone)) : html`<p class="pane">${say('status.answers.none')}</p>`}
${pointAnswers(visit, p.answered)}
${p.offers.has('append') && html`<a class="btn" href="${base}/track/add">${say('status.add')}</a>`}
${p.offers.has('withdraw') && html`<a class="btn s" href="${base}/track/withdraw">${say('status.withdraw')}</a>`}
${p.offers.has('request_review') && !p.answered.waiting && unhappy(visit)}
<h2>${say('status.yours')}</h2>
${p.messages.filter((m) => m.direction === 'in').map((m) => messageBox(visit, p, m, zone))}
${looseFiles(visit, p)}
${form(p.csrf, `${base}/track/leave`, html`<button class="text" type="submit">${say('track.leave')}</button>`)}`,
  }
}

/** What can still be taken back has not been said: until then the step before it is the truth. */
const before = { responded: 'state.decided', finalised: 'state.review' } as const

function stateText(visit: Visit, { view, answered }: StatusPage): string {
  if (answered.waiting) return visit.say(before[answered.waiting])
  const { finalised } = answered.answeredAt
  if (finalised !== null && view.state === 'remedy_in_progress') return visit.say('state.remedy_owed')
  if (finalised !== null && view.state === 'follow_up') return visit.say('state.follow_up_final')
  const waiting = `state.${view.state}.${view.waitingFor}`
  const word = isWord(waiting) ? waiting : `state.${view.state}`
  return visit.say(isWord(word) ? word : 'state.other')
}

function ownerText(visit: Visit, view: PublicView): Content {
  return view.open && view.ownerName && html`<p>${visit.say('status.owner', { name: view.ownerName })}</p>`
}

/** What has happened, oldest first. */
function milestones(visit: Visit, { view, answered }: StatusPage, zone: string): readonly Safe[] {
  const { responded, finalised } = answered.answeredAt
  const steps: readonly (readonly [number | null, Word])[] = [
    [view.receivedAt, 'status.received.at'],
    [view.acknowledgedAt, 'status.acknowledged.at'],
    [view.firstReplyAt, 'status.replied.at'],
    [view.respondedAt && (responded ?? (finalised === null ? view.respondedAt : null)), 'status.responded.at'],
    [view.respondedAt && finalised, 'status.final.at'],
    [view.remedyDoneAt, 'status.remedy.at'],
    // What was written to after its end had ended all the same.
    [view.open && view.state !== 'wrote_again' ? null : view.closedAt, 'status.closed.at'],
  ]
  return steps.flatMap(([at, word]) =>
    at === null || (answered.waitingSince !== null && at >= answered.waitingSince)
      ? []
      : [past(visit.say(word, { at: momentText(at, zone, visit.locale) }))],
  )
}

/** What happens next and by when; where nothing will, that. Never silence. */
function nextSteps(visit: Visit, { view, clocks, offers }: StatusPage, zone: string): readonly Safe[] {
  const dates = nextDates(visit, clocks, zone, view.state)
  if (dates.length > 0) return dates
  const word = `next.over.${view.state}`
  const ended = view.open ? 'next.open' : offers.has('append') ? 'next.over' : 'next.over.for-good'
  return [html`<li><b>${visit.say(isWord(word) ? word : ended)}</b></li>`]
}

function messageBox(visit: Visit, p: StatusPage, message: PublicMessage, zone: string): Safe {
  const from = message.direction === 'out' && `${labelIn(visit.org.name, visit.locale)} · `
  const files = p.files.filter((f) => f.messageId === message.id)
  return html`<div class="msg"><small>${from}${momentText(message.at, zone, visit.locale)}</small>${saidAs(visit, p, message)}${message.together && html`<p>${visit.say('status.together', { number: message.together })}</p>`}<div dir="auto">${message.direction === 'out' ? ourWords(message.body) : lines(message.body)}</div>${fileLinks(visit, files)}</div>`
}

/** Whether it is a question, the formal answer or the last one; a word on the way needs no name. */
function saidAs(visit: Visit, p: StatusPage, message: PublicMessage): Content {
  const word = `said.${p.answered.saidAs.get(message.id) ?? ''}`
  return isWord(word) && html`<p><b>${visit.say(word)}</b></p>`
}

function pointAnswers(visit: Visit, { points }: PublicAnswers): Content {
  if (points.length === 0) return undefined
  const { say } = visit
  return html`<h2>${say('answers.points')}</h2><ol class="points">${points.map((point) => {
    const finding = `finding.${point.finding}`
    return html`<li value="${String(point.no)}"><div dir="auto">${lines(point.text)}</div><p><b>${isWord(finding) ? say(finding) : point.finding}</b></p>${point.answer && html`<div dir="auto">${lines(point.answer)}</div>`}</li>`
  })}</ol>`
}

function fileLinks(visit: Visit, files: readonly PublicFile[]): Content {
  if (files.length === 0) return undefined
  return html`<ul class="files">${files.map((f) => html`<li><a href="${visit.base}/track/file/${f.id}">${fileName(visit, f)}</a></li>`)}</ul>`
}

function looseFiles(visit: Visit, p: StatusPage): Content {
  const files = p.files.filter((f) => !p.messages.some((m) => m.id === f.messageId))
  return files.length > 0 && html`<h2>${visit.say('status.files')}</h2>${fileLinks(visit, files)}`
}

function unhappy(visit: Visit): Content {
  const { say, base } = visit
  return html`<h2>${say('status.unhappy')}</h2><p>${say('status.unhappy.text')}</p><a class="btn s" href="${base}/track/review">${say('status.review')}</a>`
}
