import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Where `vite dev` finds a running server; the built desk is served by that server itself. */
const server = process.env.REDRESS_DEV_SERVER ?? 'http://127.0.0.1:3000'

export default defineConfig({
  root: 'src/web/desk',
  base: '/desk/',
  plugins: [react()],
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
  },
})
