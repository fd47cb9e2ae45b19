import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** One check of the whole project besides its tests. */
export type Step = { readonly name: string; readonly run: readonly string[] }

export type Outcome = {
  readonly name: string
  readonly passed: boolean
  readonly seconds: number
  readonly said: string
}

/** The steps this tree has the configuration for. */
export function stepsOf(root: string): Step[] {
  const has = (path: string) => existsSync(join(root, path))
  const bin = (name: string) => join(root, 'node_modules', '.bin', name)
  const steps: (Step & { needs: boolean })[] = [
    { name: 'web build', needs: has('vite.config.ts'), run: [process.execPath, join(root, 'bootstrap.mjs'), 'web'] },
    { name: 'types: server', needs: has('tsconfig.json'), run: [bin('tsc'), '-p', 'tsconfig.json'] },
    {
      name: 'types: web',
      needs: has('tsconfig.web.json') && has('src/web'),
      run: [bin('tsc'), '-p', 'tsconfig.web.json'],
    },
    { name: 'lint', needs: has('.oxlintrc.json'), run: [bin('oxlint'), '--deny-warnings'] },
  ]
  return steps.filter((step) => step.needs)
}

/** Runs the steps two at a time, telling each as it ends. */
export async function runSteps(
  root: string,
  steps: readonly Step[],
  tell: (outcome: Outcome) => void,
): Promise<Outcome[]> {
  const waiting = [...steps]
  const outcomes: Outcome[] = []
  const lane = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const outcome = await runStep(root, step)
      outcomes.push(outcome)
      tell(outcome)
    }
  }
  await Promise.all([lane(), lane()])
  return outcomes
}

function runStep(root: string, { name, run: [program = '', ...args] }: Step): Promise<Outcome> {
  const begun = performance.now()
  const said: Buffer[] = []
  return new Promise((done) => {
    const end = (passed: boolean) => {
      const seconds = (performance.now() - begun) / 1000
      done({ name, passed, seconds, said: Buffer.concat(said).toString().trim() })
    }
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk))
    child.on('error', (error) => {
      said.push(Buffer.from(error.message))
      end(false)
    })
    child.on('close', (code) => end(code === 0))
  })
}
