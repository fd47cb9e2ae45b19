import { openApi } from './kit/http/openapi.ts'
import type { App } from './app.ts'

/** OpenAPI 3.1 and a page to read it, from the contract objects that serve the API. */
export function docsRoutes(app: App): void {
  const { server, routes } = app.binding
  const document = () =>
    openApi(routes, {
      title: 'Redress',
      version: '1',
      description: 'Complaints: record, answer, close, prove. Errors are application/problem+json with a stable code.',
    })
  server.get('/api/v1/openapi.json', async (_request, reply) =>
    reply.header('cache-control', 'no-cache').send(document()),
  )
  server.get('/api/v1/docs', async (_request, reply) => reply.type('text/html; charset=utf-8').send(page(routes)))
}

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

function page(routes: App['binding']['routes']): string {
  const rows = routes
    .map(({ endpoint, access }) => {
      const codes = (endpoint.refusals ?? []).map((c) => `<code>${escape(c)}</code>`).join(' ')
      return `<tr><td><b>${endpoint.method}</b></td><td><code>${escape(endpoint.path)}</code></td><td>${escape(endpoint.summary)}</td><td><code>${escape(access)}</code></td><td>${codes}</td></tr>`
    })
    .join('\n')
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Redress API</title>
<style>body{font:15px/1.55 system-ui,sans-serif;margin:24px auto;max-width:1200px;padding:0 16px;color-scheme:light dark}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:6px 8px;border-bottom:1px solid #8884;vertical-align:top}code{font-size:13px}</style>
<h1>Redress API</h1><p>The machine-readable description is <a href="openapi.json">openapi.json</a> (OpenAPI 3.1). Send <code>Authorization: Bearer rk_…</code>;
every POST takes an <code>Idempotency-Key</code>; lists page by <code>cursor</code>; refusals are <code>application/problem+json</code> with a stable <code>code</code>.</p>
<table><thead><tr><th>Method</th><th>Path</th><th>What it does</th><th>Permission</th><th>Refusals</th></tr></thead><tbody>${rows}</tbody></table></html>`
}
