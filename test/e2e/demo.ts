import { databaseLike } from '../../src/kit/testing/database.ts'
import { type Program, startProgram } from './program.ts'

/** The demo organisation in a database outside the program. */
export type Demo = Program & { readonly databaseUrl: string }

const secret = { REDRESS_SECRET: 'of the copies of one demo, nothing else' }

/**
 * The real program on a demo of its own. The demo is replayed once a test run, and everybody gets a copy: what takes a
 * first start so long is the same for all. How a first start goes is seen in main-line and first-run.
 */
export async function startDemo(env: Record<string, string> = {}): Promise<Demo> {
  const database = await databaseLike('redress_demo', replay)
  const program = await startProgram({ ...secret, DATABASE_URL: database.url, ...env })
  const remove = async () => {
    await program.remove()
    await database.drop()
  }
  return { ...program, databaseUrl: database.url, remove }
}

async function replay(url: string): Promise<void> {
  const program = await startProgram({ ...secret, DATABASE_URL: url })
  await program.remove()
}
