import type { FastifyReply } from 'fastify'
import { RefusalError } from '../kit/pure/result.ts'
import { draftOf, rowKey } from './complain.ts'
import { publicActor, recordComplaint } from './doors.ts'
import {
  type Answers,
  type DraftKey,
  draftAnswers,
  draftCsrf,
  forgetDraft,
  heldKey,
  openReceipt,
  receiptHours,
  sealReceipt,
} from './draft.ts'
import { readForm } from './form.ts'
import { admit, type Counters, provenDraft } from './guard.ts'
import { type Errors, noErrors, type Page } from './layout.ts'
import { checkPage } from './pages/check.ts'
import { donePage } from './pages/done.ts'
import { publicClocks } from './public-clocks.ts'
import { publicView } from './public-view.ts'
import { missing } from './questions.ts'
import { inScope } from './scope.ts'
import { type Draft, findDraft, places, products, sealDraft, type Upload, uploads } from './store.ts'
import { draftFiles, draftUploader } from './uploads.ts'
import { seeOther, type Visit } from './visit.ts'

/** Everything that will be sent, each answer with its "change". */
export async function showCheck(visit: Visit): Promise<Page | FastifyReply> {
  const key = heldKey(visit)
  const draft = key && (await draftOf(visit, key))
  return key && draft ? checked(visit, key, draft, noErrors) : seeOther(visit, '/complain/what')
}

async function checked(visit: Visit, key: DraftKey, draft: Draft, errors: Errors): Promise<Page | FastifyReply> {
  if (draft.complaintId) return seeOther(visit, '/complain/done')
  const step = missing(draft.answers)
  if (step) return seeOther(visit, `/complain/${step}?from=check`)
  const lists = await inScope(visit, async (tx) => ({
    places: await places(tx, visit.org.id),
    products: await products(tx, visit.org.id),
  }))
  const files = await draftFiles(visit, key)
  const unclean = uncleanOf(draft.answers, files)
  return checkPage(visit, { csrf: draftCsrf(visit, key), answers: draft.answers, files, unclean, lists, errors })
}

/** Files that may tell who sent them although their sender stays anonymous. */
function uncleanOf(answers: Answers, files: readonly Upload[]): readonly Upload[] {
  return answers.mode === 'anonymous' ? files.filter((f) => !f.stripped) : []
}

/** Records it, once: a second sending of the same draft waits for the first and shows the same number. */
export async function send(visit: Visit, counters: Counters): Promise<Page | FastifyReply> {
  admit(visit, counters, 'submit')
  const form = readForm(String(visit.request.body ?? ''))
  const key = provenDraft(visit, form.line('_csrf'))
  const after: (() => void)[] = []
  const outcome = await inScope(
    visit,
    async (tx) => {
      after.length = 0
      const draft = await findDraft(tx, visit.org.id, rowKey(key), visit.now, true)
      if (!draft) return 'expired'
      if (draft.complaintId) return 'sent'
      if (missing(draft.answers)) return 'missing'
      const files = await uploads(tx, visit.org.id, draftUploader(key))
      if (uncleanOf(draft.answers, files).length > 0 && form.line('keep') !== 'yes') return 'unclean'
      const actor = publicActor(visit.org, draftUploader(key))
      const context = { tx, actor, now: visit.now, afterCommit: (work: () => void) => void after.push(work) }
      const recorded = await recordComplaint(visit.app, context, submissionOf(visit, draft, files))
      const until = visit.now + receiptHours * 3_600_000
      const nothing = draftAnswers.parse({ receipt: sealReceipt(key, recorded.secret) })
      await sealDraft(tx, visit.org.id, draft.id, recorded.id, nothing, until)
      return 'sent'
    },
    'write',
  )
  for (const work of after) work()
  if (outcome === 'expired') throw new RefusalError({ code: 'portal.draft-expired', status: 410 })
  if (outcome === 'sent') return seeOther(visit, '/complain/done')
  const draft = await draftOf(visit, key)
  if (!draft) return seeOther(visit, '/complain/what')
  const errors = outcome === 'unclean' ? { keep: visit.say('check.unclean.choose') } : noErrors
  return checked(visit, key, draft, errors)
}

type Submission = Parameters<typeof recordComplaint>[2]

function submissionOf(visit: Visit, draft: Draft, files: readonly Upload[]): Submission {
  const { answers } = draft
  const { name, mail, phone, address: lines, country } = answers
  const address = lines.trim() === '' ? {} : { address: { lines, country } }
  const known = answers.mode === 'named' || answers.mode === 'confidential'
  return {
    via: 'portal',
    channel: 'portal',
    externalId: draft.id,
    raw: { ...answers, locale: visit.locale, attachmentIds: files.map((f) => f.id) },
    text: answers.text,
    mode: answers.mode === '' ? 'named' : answers.mode,
    // Who is complained of may be the first to open it: those responsible see it, and let others in.
    confidentiality: answers.staff === 'yes' ? 'restricted' : 'normal',
    ...(known
      ? { complainant: { name, ...(mail && { mail }), ...(phone && { phone }), ...address, locale: visit.locale } }
      : {}),
    onBehalfOf: behalfText(visit, answers),
    remedySought: answers.remedySought,
    ...(answers.placeId && { placeId: answers.placeId }),
    ...(answers.productId && { productId: answers.productId }),
    ...(answers.orderNo && { orderNo: answers.orderNo }),
    // What the person says of danger is believed until somebody has looked.
    flags: answers.hurt === 'yes' ? ['safety'] : [],
    attachmentIds: files.map((f) => f.id),
    subjectStaffIds: [],
    locale: visit.locale,
  }
}

/** Whom it is for, their relation and whether they agreed, in one line. */
function behalfText({ say }: Visit, { behalf, behalfName, relation, authorised }: Answers): string {
  if (behalf !== 'other') return ''
  const agreed = say(authorised === 'yes' ? 'you.behalf.agreed' : 'you.behalf.not-agreed')
  return say('you.behalf.line', { name: behalfName, how: [relation, agreed].filter(Boolean).join(say('page.comma')) })
}

/** The number, the code and the dates; safe to reload for an hour in the browser that sent it. */
export async function showDone(visit: Visit): Promise<Page | FastifyReply> {
  const key = heldKey(visit)
  const draft = key && (await draftOf(visit, key))
  const id = draft?.complaintId
  if (!key || !id) return seeOther(visit, draft ? '/complain/check' : '/track')
  const found = await inScope(visit, async (tx) => ({
    view: await publicView(tx, visit.org.id, id),
    clocks: await publicClocks(tx, visit.org.id, id, visit.now),
  }))
  if (!found.view) return seeOther(visit, '/track')
  const secret = openReceipt(key, draft.answers.receipt)
  return donePage(visit, { csrf: draftCsrf(visit, key), view: found.view, clocks: found.clocks, secret })
}

/** A shared device forgets the receipt. */
export async function clearDone(visit: Visit): Promise<FastifyReply> {
  const form = readForm(String(visit.request.body ?? ''))
  provenDraft(visit, form.line('_csrf'))
  forgetDraft(visit)
  return seeOther(visit, '/')
}
