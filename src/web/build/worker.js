// The service worker of the desk. It keeps the files the desk is made of and nothing else: no answer of the API, no word of
// any case. `build/installable.ts` writes version and files into it.
const version = '__VERSION__'
const files = __FILES__
const prefix = 'redress-desk-'
const cacheName = prefix + version
const page = '/desk/'

addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(files.map(fresh))))
})

addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(names.filter((n) => n.startsWith(prefix) && n !== cacheName).map((n) => caches.delete(n))),
      ),
  )
})

// A new version waits until somebody asks for it: nobody loses what they are doing.
addEventListener('message', (event) => {
  if (event.data === 'take-over') void skipWaiting()
  // What the page had loaded before there was a worker.
  else if (Array.isArray(event.data?.used)) event.waitUntil(keepUsed(event.data.used))
})

addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname, search } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (request.mode === 'navigate') {
    if (pathname.startsWith(page)) event.respondWith(fetch(request).catch(() => kept(page)))
  } else if (isOwnFile(pathname, search)) event.respondWith(fromCache(request, pathname))
})

function isOwnFile(pathname, search) {
  return search === '' && (files.includes(pathname) || /^\/desk\/assets\/[\w.~-]+$/.test(pathname))
}

const fresh = (path) => new Request(path, { cache: 'reload' })

async function fromCache(request, pathname) {
  const cache = await caches.open(cacheName)
  const found = await cache.match(pathname)
  if (found) return found
  const answer = await fetch(request)
  if (answer.ok && answer.type === 'basic') await cache.put(pathname, answer.clone())
  return answer
}

async function kept(path) {
  const cache = await caches.open(cacheName)
  return (await cache.match(path)) ?? Response.error()
}

async function keepUsed(paths) {
  const cache = await caches.open(cacheName)
  for (const path of paths) {
    if (typeof path === 'string' && isOwnFile(path, '') && !(await cache.match(path))) await cache.add(path)
  }
}
