import type { FastifyReply } from 'fastify'
import { RefusalError } from '../kit/pure/result.ts'
import { type ComplainantAct as Act, complainantActs, publicActor } from './doors.ts'
import { readForm } from './form.ts'
import { admit, type Counters, provenSession } from './guard.ts'
import { type Errors, noErrors, type Page } from './layout.ts'
import { maxFiles, takeForm } from './multipart.ts'
import { type ActPage, actPages } from './pages/acts.ts'
import { type PublicView, publicView } from './public-view.ts'
import { maxText } from './questions.ts'
import { inScope } from './scope.ts'
import { keepSession, sessionOf, type TrackSession, trackCsrf, wordsOf } from './session.ts'
import { uploads } from './store.ts'
import { seeOther, type Visit } from './visit.ts'

/** A form for something the complainant may do. */
export async function showAct(visit: Visit, act: Act): Promise<Page | FastifyReply> {
  const session = sessionOf(visit)
  if (!session) return seeOther(visit, '/track?ended=1')
  return actPage(visit, session, act, '', noErrors)
}

async function actPage(
  visit: Visit,
  session: TrackSession,
  act: Act,
  text: string,
  errors: Errors,
): Promise<Page | FastifyReply> {
  const view = await inScope(visit, (tx) => publicView(tx, visit.org.id, session.complaintId))
  if (!view) return seeOther(visit, '/track?ended=1')
  keepSession(visit, session)
  const waiting = await waitingFiles(visit, session)
  const shown: ActPage = {
    csrf: trackCsrf(visit, session),
    view,
    text,
    errors,
    files: waiting,
    limits: limitsOf(visit),
  }
  const page = { ...actPages[act](visit, shown), words: wordsOf(visit, session.complaintId) }
  return Object.keys(errors).length > 0 ? { ...page, errors, status: 422 } : page
}

function limitsOf(visit: Visit) {
  return { maxCount: maxFiles, maxBytes: visit.app.config.maxUploadBytes }
}

function uploaderOf(session: TrackSession): string {
  return `complainant:${session.complaintId}`
}

/** Files of an earlier try that were stored although the form then had an error. */
function waitingFiles(visit: Visit, session: TrackSession) {
  return inScope(visit, (tx) => uploads(tx, visit.org.id, uploaderOf(session)))
}

/** More words or files, at any state. */
export async function append(visit: Visit, counters: Counters): Promise<Page | FastifyReply> {
  admit(visit, counters, 'upload')
  let session: TrackSession | undefined
  const { form, errors } = await takeForm(visit, async (form) => {
    session = provenSession(visit, form.line('_csrf'))
    const { complaintId } = session
    const view: PublicView | undefined = await inScope(visit, (tx) => publicView(tx, visit.org.id, complaintId))
    const room = maxFiles - (await waitingFiles(visit, session)).length
    return { uploader: uploaderOf(session), room, cleanOnly: view?.mode === 'anonymous' && form.line('asis') !== 'yes' }
  })
  if (!session) return seeOther(visit, '/track?ended=1')
  const text = form.text('text')
  const files = await waitingFiles(visit, session)
  const wrong = {
    ...errors,
    ...(text === '' && files.length === 0 && Object.keys(errors).length === 0 && { text: visit.say('add.empty') }),
    ...(text.length > maxText && { text: visit.say('what.long', { max: maxText }) }),
  }
  if (Object.keys(wrong).length > 0) return actPage(visit, session, 'append', text, wrong)
  return perform(
    visit,
    session,
    'append',
    text || visit.say('add.files'),
    files.map((f) => f.id),
  )
}

/** Take it back, or ask for a review: with a reason, and for the first with a tick. */
export async function act(
  visit: Visit,
  kind: 'withdraw' | 'request_review',
  counters: Counters,
): Promise<Page | FastifyReply> {
  admit(visit, counters, 'draft')
  const form = readForm(String(visit.request.body ?? ''))
  const session = provenSession(visit, form.line('_csrf'))
  const text = form.line('text')
  const max = kind === 'withdraw' ? 1000 : 2000
  const errors = {
    ...(text === '' && { text: visit.say('reason.empty') }),
    ...(text.length > max && { text: visit.say('want.long', { max }) }),
    ...(kind === 'withdraw' && form.line('confirm') !== 'yes' && { confirm: visit.say('withdraw.confirm.empty') }),
  }
  if (Object.keys(errors).length > 0) return actPage(visit, session, kind, text, errors)
  return perform(visit, session, kind, text, [])
}

async function perform(
  visit: Visit,
  session: TrackSession,
  kind: Act,
  text: string,
  attachmentIds: string[],
): Promise<Page | FastifyReply> {
  let saved: string = kind
  try {
    const after: (() => void)[] = []
    const done = await inScope(
      visit,
      (tx) => {
        after.length = 0
        const context = {
          tx,
          actor: publicActor(visit.org, 'portal'),
          now: visit.now,
          afterCommit: (w: () => void) => void after.push(w),
        }
        return complainantActs(visit.app, context, session.complaintId, { kind, text, attachmentIds })
      },
      'write',
    )
    for (const work of after) work()
    // Somebody may be at risk: it is noted, and goes on.
    if (kind === 'withdraw' && done.state !== 'withdrawn') saved = 'withdraw_noted'
  } catch (error) {
    if (!(error instanceof RefusalError) || error.refusal.status >= 500) throw error
    return actPage(visit, session, kind, text, { text: visit.say('add.notnow') })
  }
  keepSession(visit, session)
  return seeOther(visit, `/track/status?saved=${saved}`)
}
