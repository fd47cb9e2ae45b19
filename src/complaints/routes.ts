import type { App } from '../app.ts'
import { on, onUnscoped } from '../kit/http/serve.ts'
import { bulkKey, doInBulk } from './bulk.ts'
import { readings } from '../people/index.ts'
import * as act from './commands.ts'
import * as contract from './contract.ts'
import { owners } from './owners.ts'
import { assertVisible, openComplaint } from './page.ts'
import { readTimeline } from './timeline.ts'
import { countMatching, listComplaints } from './queries.ts'
import { similarTo } from './similar.ts'

/** Every route of the slice, its permission on the same line. */
export function complaintRoutes(app: App): void {
  const { binding } = app
  on(binding, contract.listComplaints, 'complaint.read').answer(({ tx, actor, query, now }) =>
    listComplaints(tx, actor, query, now),
  )
  on(binding, contract.countFiltered, 'complaint.read').answer(async ({ tx, actor, query, now }) => ({
    ...(await countMatching(tx, actor, query, now)),
    asOf: new Date(now).toISOString(),
  }))
  on(binding, contract.owners, 'complaint.read').answer(({ tx, actor }) => owners(tx, actor))
  // Each of them asks for the permission of its own.
  onUnscoped(binding, contract.bulk, 'complaint.read').answer(({ actor, body, now, request }) =>
    doInBulk(app, { actor, now, key: bulkKey(request.headers['idempotency-key']) }, body),
  )
  const noteReading = readings(app, 'complaint.read-restricted')
  on(binding, contract.openComplaint, 'complaint.read').answer(async ({ tx, actor, params, now, afterCommit }) => {
    const page = await openComplaint(tx, actor, params.id, now)
    if (page.complaint.confidentiality !== 'normal')
      afterCommit(() => noteReading(actor, { complaintId: params.id }, now))
    return page
  })
  on(binding, contract.readTimeline, 'complaint.read').answer(async ({ tx, actor, params, query }) => {
    await assertVisible(tx, actor, params.id)
    return readTimeline(tx, actor, params.id, query)
  })
  on(binding, contract.acknowledge, 'complaint.acknowledge').answer((c) => act.acknowledge(app, c, c.params.id, c.body))
  on(binding, contract.assess, 'complaint.assess').answer((c) => act.assess(app, c, c.params.id, c.body))
  on(binding, contract.assign, 'complaint.assign').answer((c) => act.assign(app, c, c.params.id, c.body))
  on(binding, contract.addHelper, 'complaint.assign').answer((c) => act.addHelper(app, c, c.params.id, c.body))
  on(binding, contract.investigate, 'complaint.handle').answer((c) => act.investigate(app, c, c.params.id, c.body))
  on(binding, contract.askInformation, 'complaint.handle').answer((c) =>
    act.askInformation(app, c, c.params.id, c.body),
  )
  on(binding, contract.resume, 'complaint.handle').answer((c) => act.resume(app, c, c.params.id, c.body))
  on(binding, contract.findPoint, 'complaint.decide').answer((c) => act.findPoints(app, c, c.params.id, c.body))
  on(binding, contract.addPoint, 'complaint.assess').answer((c) => act.addPoint(app, c, c.params.id, c.body))
  on(binding, contract.editPoint, 'complaint.assess').answer((c) => act.editPoint(app, c, c.params.id, c.body))
  on(binding, contract.removePoint, 'complaint.assess').answer((c) => act.removePoint(app, c, c.params.id, c.body))
  on(binding, contract.propose, 'complaint.handle').answer((c) => act.propose(app, c, c.params.id, c.body))
  on(binding, contract.requestApproval, 'complaint.handle').answer((c) =>
    act.requestApproval(app, c, c.params.id, c.body),
  )
  on(binding, contract.approve, 'complaint.approve').answer((c) => act.approve(app, c, c.params.id, c.body))
  on(binding, contract.decideOutcome, 'complaint.decide').answer((c) => act.decideOutcome(app, c, c.params.id, c.body))
  on(binding, contract.reply, 'complaint.answer').answer((c) => act.reply(app, c, c.params.id, c.body))
  on(binding, contract.answerAuthority, 'complaint.answer').answer((c) =>
    act.answerAuthority(app, c, c.params.id, c.body),
  )
  on(binding, contract.note, 'complaint.note').answer((c) => act.note(app, c, c.params.id, c.body))
  on(binding, contract.appendMessage, 'complaint.append').answer((c) => act.appendMessage(app, c, c.params.id, c.body))
  on(binding, contract.foldMessage, 'complaint.note').answer((c) => act.fold(app, c, c.params.id, c.body))
  on(binding, contract.translateMessage, 'complaint.note').answer((c) => act.translate(app, c, c.params.id, c.body))
  on(binding, contract.readMessage, 'complaint.read').answer(async (c) => {
    await assertVisible(c.tx, c.actor, c.params.id)
    return act.messageOf(c, c.params.id, c.query.messageId)
  })
  on(binding, contract.similarComplaints, 'complaint.read').answer(async ({ tx, actor, params }) => {
    await assertVisible(tx, actor, params.id)
    return { items: await similarTo(tx, actor.org.id, params.id) }
  })
  on(binding, contract.call, 'complaint.append').answer((c) => act.call(app, c, c.params.id, c.body))
  on(binding, contract.promise, 'complaint.append').answer((c) => act.promise(app, c, c.params.id, c.body))
  on(binding, contract.keepPromise, 'complaint.append').answer((c) => act.keepPromise(app, c, c.params.id, c.body))
  on(binding, contract.movePromise, 'complaint.append').answer((c) => act.movePromise(app, c, c.params.id, c.body))
  on(binding, contract.dropPromise, 'complaint.append').answer((c) => act.dropPromise(app, c, c.params.id, c.body))
  on(binding, contract.handOver, 'complaint.assign').answer((c) => act.handOver(app, c, c.params.id, c.body))
  on(binding, contract.acceptHandover, 'complaint.handle').answer((c) =>
    act.acceptHandover(app, c, c.params.id, c.body),
  )
  on(binding, contract.returnHandover, 'complaint.assign').answer((c) =>
    act.returnHandover(app, c, c.params.id, c.body),
  )
  on(binding, contract.contain, 'complaint.handle').answer((c) => act.contain(app, c, c.params.id, c.body))
  on(binding, contract.startRemedy, 'complaint.handle').answer((c) => act.startRemedy(app, c, c.params.id, c.body))
  on(binding, contract.finishRemedy, 'complaint.handle').answer((c) => act.finishRemedy(app, c, c.params.id, c.body))
  on(binding, contract.confirm, 'complaint.handle').answer((c) => act.confirm(app, c, c.params.id, c.body))
  on(binding, contract.tryToReach, 'complaint.handle').answer((c) => act.tryToReach(app, c, c.params.id, c.body))
  on(binding, contract.close, 'complaint.close').answer((c) => act.close(app, c, c.params.id, c.body))
  on(binding, contract.reopen, 'complaint.reopen').answer((c) => act.reopen(app, c, c.params.id, c.body))
  on(binding, contract.leaveEnded, 'complaint.close').answer((c) => act.leaveEnded(app, c, c.params.id, c.body))
  on(binding, contract.requestReview, 'complaint.reopen').answer((c) => act.requestReview(app, c, c.params.id, c.body))
  on(binding, contract.finalise, 'complaint.review').answer((c) => act.finalise(app, c, c.params.id, c.body))
  on(binding, contract.goExternal, 'complaint.handle').answer((c) => act.goExternal(app, c, c.params.id, c.body))
  on(binding, contract.withdraw, 'complaint.close').answer((c) => act.withdraw(app, c, c.params.id, c.body))
  on(binding, contract.redirect, 'complaint.close').answer((c) => act.redirect(app, c, c.params.id, c.body))
  on(binding, contract.merge, 'complaint.merge').answer((c) => act.merge(app, c, c.params.id, c.body))
  on(binding, contract.unmerge, 'complaint.merge').answer((c) => act.unmerge(app, c, c.params.id, c.body))
  on(binding, contract.link, 'complaint.merge').answer((c) => act.link(app, c, c.params.id, c.body))
  on(binding, contract.unlink, 'complaint.merge').answer((c) => act.unlink(app, c, c.params.id, c.body))
  on(binding, contract.dismissSuggestion, 'complaint.merge').answer((c) =>
    act.dismissSuggestion(app, c, c.params.id, c.body),
  )
  on(binding, contract.restrict, 'complaint.restrict').answer((c) => act.restrict(app, c, c.params.id, c.body))
  on(binding, contract.nameSubject, 'complaint.restrict').answer((c) => act.nameSubject(app, c, c.params.id, c.body))
}
