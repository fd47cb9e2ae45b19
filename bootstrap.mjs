// Runs on any Node from 18 and needs no package: it brings the packages and the project's own Node, then hands over.
// start [options] · test [vitest arguments] · bench [name] · bench-ui · cli [command] · web (only builds what browsers load)
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensurePackages, nodeOf } from './src/kit/setup/packages.mjs'
import { handOver } from './src/kit/setup/hand-over.mjs'
import { heap } from './src/kit/setup/heap.mjs'
import { ensureWeb } from './src/kit/setup/web.mjs'

const root = dirname(fileURLToPath(import.meta.url))
const [verb, ...args] = process.argv.slice(2)
const entries = {
  start: ['src/main.ts', 'all'],
  cli: ['src/main.ts'],
  bench: ['bench/run.ts'],
  'bench-ui': ['bench/run.ts', 'bundles', 'ui'],
  test: ['src/kit/testing/sequence.ts'],
  web: [],
}

const entry = entries[verb ?? '']
if (!entry) end(2, `use: node bootstrap.mjs ${Object.keys(entries).join(' | ')}`)
try {
  ensurePackages(root)
  if (verb === 'start' || verb === 'web' || verb === 'bench-ui') ensureWeb(root)
} catch (error) {
  end(1, error instanceof Error ? error.message : String(error))
}
if (verb === 'web') end(0)
// The command line is used from other folders too; everything else is at home in the project.
if (verb !== 'cli') process.chdir(root)
const [file, ...first] = entry
if (!existsSync(`${root}/${file}`)) end(1, `${file} is missing`)
const limits = verb === 'start' || verb === 'cli' ? heap : []
// Some hundred files are read at each start: what Node made of them the last time saves it half a second.
if (verb === 'start' || verb === 'cli') process.env.NODE_COMPILE_CACHE ??= `${root}/.cache/node`
handOver(nodeOf(root), [...limits, `${root}/${file}`, ...first, ...args])

function end(code, line) {
  if (line) process.stderr.write(`${line}\n`)
  process.exit(code)
}
