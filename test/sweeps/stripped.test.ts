import { globSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

// The program runs as it stands here: Node takes the types off and understands nothing that is more than types. The tests are read by
// another reader, which does.
test('every file of the program is one Node can run as it stands', { timeout: 60_000 }, () => {
  const files = globSync('src/**/*.ts', { cwd: root, exclude: (name) => name.endsWith('.test.ts') })
  expect(files.length).toBeGreaterThan(300)
  const wrong = files.filter((file) => {
    try {
      stripTypeScriptTypes(readFileSync(root + file, 'utf8'))
      return false
    } catch {
      return true
    }
  })
  expect(wrong).toEqual([])
})
