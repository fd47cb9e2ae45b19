import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { iconPng } from './icons.ts'

const source = fileURLToPath(new URL('worker.js', import.meta.url))
const pictures: readonly (readonly [string, number, boolean])[] = [
  ['icon-192.png', 192, false],
  ['icon-512.png', 512, false],
  ['icon-whole-512.png', 512, true],
]

/** What makes the desk installable, written beside the built files: icons, manifest and the service worker of this build. */
export function installable(): Plugin {
  return {
    name: 'redress-installable',
    apply: 'build',
    writeBundle({ dir = '' }) {
      for (const [name, size, whole] of pictures) writeFileSync(join(dir, name), iconPng(size, whole))
      writeFileSync(join(dir, 'manifest.webmanifest'), JSON.stringify(manifest))
      const html = readFileSync(join(dir, 'index.html'), 'utf8')
      writeFileSync(join(dir, 'worker.js'), workerOf(html, readFileSync(source, 'utf8')))
    },
  }
}

/** The worker keeps the page and whatever it names: with every change of those it is another version. */
export function workerOf(html: string, template: string): string {
  const named = [...html.matchAll(/(?:src|href)="(\/desk\/[\w./~-]+)"/g)].map((m) => m[1] ?? '')
  const files = ['/desk/', ...new Set(named.filter((path) => !path.endsWith('.webmanifest')))]
  const version = createHash('sha256').update(template).update(html).digest('hex').slice(0, 12)
  return template.replace('__VERSION__', version).replace('__FILES__', JSON.stringify(files))
}

const manifest = {
  id: '/desk/',
  name: 'Redress',
  short_name: 'Redress',
  start_url: '/desk/',
  scope: '/desk/',
  display: 'standalone',
  background_color: '#f6f5f2',
  theme_color: '#0f6b5c',
  icons: [
    { src: 'icon.svg', type: 'image/svg+xml', sizes: 'any' },
    { src: 'icon-192.png', type: 'image/png', sizes: '192x192' },
    { src: 'icon-512.png', type: 'image/png', sizes: '512x512' },
    { src: 'icon-whole-512.png', type: 'image/png', sizes: '512x512', purpose: 'maskable' },
  ],
}
