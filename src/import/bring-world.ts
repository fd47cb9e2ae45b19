import type { App } from '../app.ts'
import { newId } from '../kit/ids.ts'
import type { Mapping } from './domain/index.ts'
import { readHouse } from './house.ts'
import { type FileKeeper, noFiles } from './keep-files.ts'
import { look } from './plan.ts'
import type { Source } from './read/index.ts'
import { runImport } from './run.ts'
import { addRun, type RunRow, runOf } from './runs.ts'

/** For tests: brings a file into an organisation that is there already, by what is guessed of it and `mapping`. Gives the run. */
export async function bringInto(
  { app, org, now }: { app: App; org: string; now: number },
  source: Source,
  mapping: Partial<Mapping> = {},
  files: FileKeeper = noFiles,
): Promise<RunRow> {
  const house = await app.db.withScope({ org }, (tx) => readHouse(tx, org, now), 'read')
  const looked = await look(source, house.org.zone, mapping.format)
  const whole: Mapping = { ...looked.mapping, ...mapping }
  const id = newId(now)
  const given = { id, fileName: source.name, blob: null, fileHash: '00', format: looked.detected, mapping: whole }
  const run = { ...given, source: whole.source ?? 'old', total: null, staffId: null }
  await app.db.withScope({ org }, (tx) => addRun(tx, org, run, now))
  const read = () => app.db.withScope({ org }, async (tx) => (await runOf(tx, org, id)) as RunRow, 'read')
  await runImport(app, house, await read(), source, undefined, undefined, files)
  return read()
}
