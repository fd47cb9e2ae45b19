import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodeOf } from './packages.mjs'

/**
 * Builds `dist/web` when it is missing or older than what it is built from. Throws with what vite said.
 * @param {string} root
 */
export function ensureWeb(root) {
  if (!existsSync(join(root, 'vite.config.ts'))) return
  const stamp = join(root, 'dist', 'web.stamp')
  const built =
    existsSync(join(root, 'dist', 'web')) && existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : {}
  const files = sources(root)
  const seen = digest(files, (file) => {
    const { size, mtimeMs } = statSync(join(root, file))
    return `${size} ${mtimeMs}`
  })
  if (built.seen === seen) return
  // A checkout or copy touches files without changing them.
  const content = digest(files, (file) => readFileSync(join(root, file)))
  if (built.content !== content) build(root)
  mkdirSync(join(root, 'dist'), { recursive: true })
  writeFileSync(stamp, JSON.stringify({ seen, content }))
}

function sources(root) {
  const found = ['vite.config.ts', 'package-lock.json', 'tsconfig.web.json'].filter((file) =>
    existsSync(join(root, file)),
  )
  const visit = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) visit(path)
      else if (!/\.test\.tsx?$|\.sql$|\.md$/.test(entry.name)) found.push(path)
    }
  }
  visit('src')
  return found.sort()
}

function digest(files, part) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(`\n${file}\n`).update(part(file))
  return hash.digest('hex')
}

function build(root) {
  process.stderr.write('building the web pages …\n')
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const args = [vite, 'build', '--logLevel', 'warn']
  const done = spawnSync(nodeOf(root), args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  if (done.status !== 0) throw new Error(`${done.stdout ?? ''}${done.stderr ?? ''}\nthe web pages could not be built`)
}
