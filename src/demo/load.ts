import { sql } from 'kysely'
import { numbersIn } from './numbers-in.ts'
import type { Services } from '../kit/services.ts'
import { createOrganisation } from '../people/index.ts'
import { seedOrganisation } from '../seeds/index.ts'
import { complaints } from './complaints/index.ts'
import { organisation } from './organisation.ts'
import { Replay } from './replay.ts'
import { hashPasswords, type Org, type Passwords, people, passwordOf, setScene } from './scene.ts'
import { timeline } from './timeline.ts'

export type SignIn = {
  readonly name: string
  readonly mail: string
  readonly password: string
  readonly roles: readonly string[]
}
export type LoadedDemo = { readonly organisation: Org; readonly signIns: readonly SignIn[] }

const day = 86_400_000

/**
 * Adds the demo organisation with its people and replays its complaints through the real commands, ending at this moment.
 * One transaction: there is never half a demo. Nobody is written to. `passwords` by staff key replace the shared one.
 * Refuses people.slug-taken and people.mail-taken (409) when it is there already.
 */
export async function loadDemo(app: Services, options: { passwords?: Passwords } = {}): Promise<LoadedDemo> {
  const { passwords = {} } = options
  const hashes = await hashPasswords(passwords)
  const now = app.now()
  const founded = now - 90 * day
  const { slug, name } = organisation
  const given = { slug, name, locale: 'zh-Hant', zone: 'Asia/Taipei', demo: true }
  const org = await createOrganisation(app.db, founded, given, async (tx, { orgId, teamId, no }) => {
    // What is made up again in seconds need not wait for the disk.
    await tx.run(sql`set local synchronous_commit = off`)
    await seedOrganisation(tx, orgId, founded)
    const made = { id: orgId, slug, no }
    const scene = await setScene(tx, { org: made, firstTeam: teamId, now: founded }, passwords, hashes)
    const numbers = numbersIn(tx)
    const replay = new Replay({ ...app, numbers, wake: () => undefined }, tx, scene, now)
    for (const moment of timeline(complaints, now)) await replay.play(moment)
    await replay.end()
    await numbers.save()
    return made
  })
  app.wake(org.id)
  const signIns = people.map((one) => ({ ...one, password: passwordOf(one.key, passwords) }))
  return {
    organisation: org,
    signIns: signIns.map(({ name: who, mail, password, roles }) => ({ name: who, mail, password, roles })),
  }
}
