import { sql } from 'kysely'
import { lanesOf } from './lanes.ts'
import { numbersFor } from './numbers-in.ts'
import { removeDemo } from './remove.ts'
import type { Services } from '../kit/services.ts'
import { readByAll } from '../notices/index.ts'
import { createOrganisation } from '../people/index.ts'
import { seedOrganisation } from '../seeds/index.ts'
import { complaintsAt } from './complaints/index.ts'
import { organisation } from './organisation.ts'
import { Replay } from './replay.ts'
import { hashPasswords, type Org, type Passwords, people, passwordOf, type Scene, setScene } from './scene.ts'
import { timeline } from './timeline.ts'

export type SignIn = {
  readonly name: string
  readonly mail: string
  readonly password: string
  readonly roles: readonly string[]
}
export type LoadedDemo = { readonly organisation: Org; readonly signIns: readonly SignIn[] }

const day = 86_400_000

/** How far the loading is, from 0 to 1. */
export type Progress = (done: number) => void

/**
 * Adds the demo organisation with its people and replays its complaints through the real commands, ending at this moment.
 * Nobody is written to. `passwords` by staff key replace the shared one. What a loading that was cut off left behind is
 * removed first. Refuses people.slug-taken and people.mail-taken (409) when it is there already.
 */
export async function loadDemo(
  app: Services,
  options: { passwords?: Passwords; progress?: Progress } = {},
): Promise<LoadedDemo> {
  const { passwords = {}, progress = () => undefined } = options
  const hashes = await hashPasswords(passwords)
  const now = app.now()
  if (await demoUnfinished(app)) await removeDemo(app)
  const scene = await found(app, now - 430 * day, passwords, hashes)
  try {
    await replayAll(app, scene, now, progress)
  } catch (cause) {
    await removeDemo(app)
    throw cause
  }
  app.wake(scene.org.id)
  const signIns = people.map((one) => ({ ...one, password: passwordOf(one.key, passwords) }))
  return {
    organisation: scene.org,
    signIns: signIns.map(({ name: who, mail, password, roles }) => ({ name: who, mail, password, roles })),
  }
}

/** Whether a demo is there of which the loading did not come to its end. */
export async function demoUnfinished(app: Pick<Services, 'db'>): Promise<boolean> {
  return app.db.withoutScope(async (tx) => {
    await tx.run(sql`set local role redress_system`)
    const row = await tx.first(
      sql`select 1 as ok from organisation where slug = ${organisation.slug} and demo and settings ? 'loading'`,
    )
    return row !== undefined
  })
}

function found(
  app: Services,
  founded: number,
  passwords: Passwords,
  hashes: ReadonlyMap<string, string>,
): Promise<Scene> {
  const { slug, name } = organisation
  const given = { slug, name, locale: 'zh-Hant', zone: 'Asia/Taipei', demo: true }
  return createOrganisation(app.db, founded, given, async (tx, { orgId, teamId, no }) => {
    await seedOrganisation(tx, orgId, founded)
    return setScene(tx, { org: { id: orgId, slug, no }, firstTeam: teamId, now: founded }, passwords, hashes)
  })
}

/** Two lanes at once, a transaction each: the database works for one while this process works for the other. */
async function replayAll(app: Services, scene: Scene, now: number, progress: Progress): Promise<void> {
  const complaints = complaintsAt(now)
  const moments = timeline(complaints, now)
  const numbers = numbersFor(moments)
  const { id: org } = scene.org
  let played = 0
  const lanes = lanesOf(moments, complaints).map((lane) =>
    app.db.withScope({ org, scope: 'none' }, async (tx) => {
      // What is made up again in seconds need not wait for the disk.
      await tx.run(sql`set local synchronous_commit = off`)
      const replay = new Replay({ ...app, wake: () => undefined }, tx, scene, { now, numbers })
      for (const moment of lane) {
        await replay.play(moment)
        progress(++played / moments.length)
      }
      await replay.end()
    }),
  )
  const ended = await Promise.allSettled(lanes)
  for (const lane of ended) if (lane.status === 'rejected') throw lane.reason
  await app.db.withScope({ org, scope: 'none' }, async (tx) => {
    await numbers.save(tx, org)
    await tx.run(sql`update organisation set settings = settings - 'loading' where org_id = ${org}`)
    await tx.run(sql`set local role redress_system`)
    // Whoever looks at a demo was there on the days before, and has read of them.
    await readByAll(tx, org, now - day)
  })
}
