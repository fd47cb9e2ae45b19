import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import type { Tx } from '../kit/db/database.ts'
import { parseReference } from '../kit/pure/base32.ts'
import { complainantOffers, opensWith, publicActor } from './doors.ts'
import { readForm } from './form.ts'
import { admit, type Counters, provenSession } from './guard.ts'
import type { Page } from './layout.ts'
import { type PublicAnswers, publicAnswers } from './public-answers.ts'
import { type Together, togetherOf } from './public-merge.ts'
import { statusPage } from './pages/status.ts'
import { trackPage } from './pages/track.ts'
import { publicClocks } from './public-clocks.ts'
import {
  publicFiles,
  type PublicMessage,
  publicMessages,
  type PublicView,
  publicView,
  secretHashOf,
  secretOf,
} from './public-view.ts'
import { inScope } from './scope.ts'
import {
  endSession,
  isGoodLink,
  keepSession,
  readLink,
  sessionOf,
  startSession,
  trackCsrf,
  wordsOf,
} from './session.ts'
import { seeOther, type Visit } from './visit.ts'

// Compared with when no complaint has the reference, so that both answers take the same way.
const nobody = Buffer.alloc(32)

export async function showTrack(visit: Visit): Promise<Page | FastifyReply> {
  if (sessionOf(visit)) return seeOther(visit, '/track/status')
  return trackPage(visit, {
    reference: '',
    errors: {},
    note: visit.request.url.includes('ended=') ? 'track.ended' : undefined,
  })
}

/** Reference and secret together; an unknown reference and a wrong secret get the same answer. */
export async function enter(visit: Visit, counters: Counters): Promise<Page | FastifyReply> {
  admit(visit, counters, 'track')
  const form = readForm(String(visit.request.body ?? ''))
  const typed = { reference: form.line('reference').slice(0, 100), secret: form.line('secret').slice(0, 100) }
  const empty = {
    ...(typed.reference === '' && { reference: visit.say('track.reference.empty') }),
    ...(typed.secret === '' && { secret: visit.say('track.secret.empty') }),
  }
  if (Object.keys(empty).length > 0) return trackPage(visit, { reference: typed.reference, errors: empty })
  const reference = parseReference(typed.reference) ?? typed.reference
  const tried = `${visit.org.id}|${createHash('sha256').update(reference).digest('base64url')}`
  // Counted before looking, so that tries sent at the same moment count too.
  await counters.tries.begin(tried, visit.now)
  const complaintId = await complaintOpenedBy(visit, reference, parseReference(typed.secret) ?? typed.secret)
  if (!complaintId)
    return trackPage(visit, { reference: typed.reference, errors: { reference: visit.say('track.wrong') } })
  await counters.tries.right(tried)
  startSession(visit, complaintId)
  return seeOther(visit, '/track/status')
}

async function complaintOpenedBy(visit: Visit, reference: string, secret: string): Promise<string | undefined> {
  const found = await inScope(visit, (tx) => secretOf(tx, visit.org.id, reference))
  return opensWith(visit.app, secret, found?.hash ?? nobody) && found ? found.id : undefined
}

/** A mailed link: opens the complaint it was made for, then leaves the address bar. */
export async function enterByLink(visit: Visit): Promise<Page | FastifyReply> {
  const link = readLink(new URLSearchParams(visit.request.url.split('?')[1] ?? '').get('t') ?? '')
  const found = link && (await inScope(visit, (tx) => secretHashOf(tx, visit.org.id, link.complaintId)))
  if (!link || !isGoodLink(visit, link, found?.hash ?? nobody)) {
    return { ...trackPage(visit, { reference: '', errors: {}, note: 'track.link.bad' }), status: 410 }
  }
  startSession(visit, link.complaintId)
  return seeOther(visit, '/track/status')
}

/** How it stands, in plain words with dates; the answers; what may be done. */
export async function showStatus(visit: Visit): Promise<Page | FastifyReply> {
  const session = sessionOf(visit)
  const found = session && (await everything(visit, session.complaintId))
  if (!session || !found) return seeOther(visit, '/track?ended=1')
  keepSession(visit, session)
  const saved = new URLSearchParams(visit.request.url.split('?')[1] ?? '').get('saved') ?? ''
  const page = statusPage(visit, { ...found, csrf: trackCsrf(visit, session), saved })
  return { ...page, words: wordsOf(visit, session.complaintId) }
}

function everything(visit: Visit, id: string) {
  const org = visit.org.id
  return inScope(visit, async (tx) => {
    const view = await publicView(tx, org, id)
    if (!view) return undefined
    const together = await togetherOf(tx, org, id)
    const messages = await publicMessages(tx, org, id, visit.now, together)
    const answered = await publicAnswers(tx, org, id, visit.now, messages, together)
    return {
      view: together ? asAnswered(view, together, { messages, answered }) : view,
      offers: await complainantOffers(tx, publicActor(visit.org, 'portal'), id, visit.now),
      clocks: await datesOf(tx, visit, view, together),
      messages,
      answered,
      files: await publicFiles(tx, org, id, visit.now, together),
    }
  })
}

/** Their own dates; of one that is answered together with another, that one's, but for what was promised there. */
async function datesOf(tx: Tx, { org, now }: Visit, view: PublicView, together: Together | undefined) {
  if (view.open) return publicClocks(tx, org.id, view.id, now)
  if (!together || together.closedAt !== null) return []
  return (await publicClocks(tx, org.id, together.id, now)).filter((c) => !['promise', 'callback'].includes(c.kind))
}

/** A merged complaint has got what was answered since, and has ended when the other has. */
function asAnswered(
  view: PublicView,
  { closedAt }: Together,
  { messages, answered }: { messages: readonly PublicMessage[]; answered: PublicAnswers },
): PublicView {
  const firstReplyAt = view.firstReplyAt ?? messages.find((m) => m.together !== undefined)?.at ?? null
  return {
    ...view,
    firstReplyAt,
    respondedAt: view.respondedAt ?? answered.answeredAt.responded ?? answered.answeredAt.finalised,
    closedAt,
  }
}

export async function leave(visit: Visit): Promise<FastifyReply> {
  provenSession(visit, readForm(String(visit.request.body ?? '')).line('_csrf'))
  endSession(visit)
  return seeOther(visit, '/track')
}
