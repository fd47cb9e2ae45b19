import type { FastifyReply } from 'fastify'
import {
  type Answers,
  type DraftKey,
  draftAnswers,
  draftCsrf,
  draftHours,
  draftKey,
  draftTokenHash,
  heldKey,
  kept,
  newDraft,
} from './draft.ts'
import { readForm } from './form.ts'
import { admit, type Counters, provenDraft } from './guard.ts'
import { noErrors, type Errors, type Page } from './layout.ts'
import { pages, type Step } from './pages/questions.ts'
import { questions } from './questions.ts'
import { inScope } from './scope.ts'
import { wordsOf } from './session.ts'
import { type Draft, findDraft, places, privacyOf, products, saveDraft, sweepDrafts } from './store.ts'
import { seeOther, type Visit } from './visit.ts'

const next: Readonly<Record<Step, string>> = { what: 'about', about: 'want', want: 'files', you: 'check' }

/** Starts a new draft, or goes on with the one not yet sent. */
export async function begin(visit: Visit): Promise<FastifyReply> {
  const key = heldKey(visit)
  if (!key || (await draftOf(visit, key))?.complaintId) newDraft(visit)
  return seeOther(visit, '/complain/what')
}

export function draftOf(visit: Visit, key: DraftKey): Promise<Draft | undefined> {
  return inScope(visit, (tx) => findDraft(tx, visit.org.id, rowKey(key), visit.now))
}

export function rowKey(key: DraftKey): { id: string; hash: Buffer } {
  return { id: key.id, hash: draftTokenHash(key) }
}

/** Shows one question with what was answered before. */
export async function ask(visit: Visit, step: Step): Promise<Page | FastifyReply> {
  const key = draftKey(visit)
  const draft = key.fresh ? undefined : await draftOf(visit, key)
  if (draft?.complaintId) return seeOther(visit, '/complain/done')
  if (!draft && step !== 'what') return seeOther(visit, '/complain/what')
  return questionPage(visit, step, key, draft?.answers ?? draftAnswers.parse({}), noErrors)
}

/** Takes the answer to one question; wrong or not, the words are shown again or kept. */
export async function answer(visit: Visit, step: Step, counters: Counters): Promise<Page | FastifyReply> {
  admit(visit, counters, 'draft')
  const form = readForm(String(visit.request.body ?? ''))
  const key = provenDraft(visit, form.line('_csrf'))
  const draft = await draftOf(visit, key)
  if (draft?.complaintId) return seeOther(visit, '/complain/done')
  if (!draft && step !== 'what') return seeOther(visit, '/complain/what')
  const before = draft?.answers ?? draftAnswers.parse({})
  const lists = step === 'about' ? await listsOf(visit) : { places: [], products: [] }
  const { answers, errors } = questions[step](form, visit.say, lists)
  const after = { ...before, ...answers }
  if (Object.keys(errors).length > 0) return questionPage(visit, step, key, after, errors)
  if (!draft) await inScope(visit, (tx) => sweepDrafts(tx, visit.org.id, visit.now), 'write')
  await keepAnswers(visit, key, after)
  return seeOther(visit, `/complain/${fromCheck(visit) ? 'check' : next[step]}`)
}

export async function keepAnswers(visit: Visit, key: DraftKey, answers: Answers): Promise<void> {
  const expiresAt = visit.now + draftHours * 3_600_000
  await inScope(visit, (tx) => saveDraft(tx, visit.org.id, rowKey(key), kept(answers), expiresAt), 'write')
}

/** Whether the reader came from "check your answers" to change one. */
export function fromCheck(visit: Visit): boolean {
  return visit.request.url.split('?')[1]?.split('&').includes('from=check') ?? false
}

function listsOf(visit: Visit) {
  return inScope(visit, async (tx) => ({
    places: await places(tx, visit.org.id),
    products: await products(tx, visit.org.id),
  }))
}

async function questionPage(visit: Visit, step: Step, key: DraftKey, answers: Answers, errors: Errors): Promise<Page> {
  const lists = step === 'about' ? await listsOf(visit) : { places: [], products: [] }
  const privacy = step === 'you' ? await inScope(visit, (tx) => privacyOf(tx, visit.org.id)) : undefined
  const asked = { csrf: draftCsrf(visit, key), answers, errors, lists, fromCheck: fromCheck(visit), privacy }
  const page = { ...pages[step](visit, asked), words: wordsOf(visit, key.id) }
  return Object.keys(errors).length > 0 ? { ...page, errors, status: 422 } : page
}
