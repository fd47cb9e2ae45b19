import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { installable } from './src/web/build/installable.ts'

/** Where `vite dev` finds a running server; the built desk is served by that server itself. */
const server = process.env.REDRESS_DEV_SERVER ?? 'http://127.0.0.1:3000'

const pieces = { name: 'shared', minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 3_000 }

// The desk needs it at once: merged with pieces of single screens it would bring all of them along.
const live = { name: 'live', test: /complaints\/ui\/live-cache\.ts$/, priority: 1 }

/** Beside each text a browser loads, the same compressed once for all: the server only picks (src/web-routes.ts). */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    writeBundle({ dir = '' }, bundle) {
      for (const name of Object.keys(bundle).filter((one) => /\.(js|css|html|svg|webmanifest)$/.test(one))) {
        const text = readFileSync(join(dir, name))
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(text))
        writeFileSync(join(dir, `${name}.gz`), gzipSync(text, { level: 9 }))
      }
    },
  }
}

export default defineConfig({
  root: 'src/web/desk',
  base: '/desk/',
  // Small ones of our own for two that are large or slow in a browser (docs/decisions/0022-ui-speed.md).
  resolve: {
    alias: [
      { find: /^zod$/, replacement: join(import.meta.dirname, 'src/web/build/shapes.ts') },
      { find: /^react-i18next$/, replacement: join(import.meta.dirname, 'src/web/ui/use-translation.ts') },
    ],
  },
  plugins: [react(), compressed(), installable()],
  // One chunk a language, parsed as JSON (faster than a JS literal of that size).
  json: { namedExports: false, stringify: true },
  server: { host: '127.0.0.1', proxy: { '/api': server } },
  build: {
    outDir: '../../../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // The content security policy allows no data: scripts or styles, and small files cache as well as large ones.
    assetsInlineLimit: 0,
    // Pieces of a few kilobytes cost more in requests than they save in bytes.
    rolldownOptions: { output: { codeSplitting: { groups: [live, pieces] } } },
  },
})
