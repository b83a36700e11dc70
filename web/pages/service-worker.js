/**
 * Shows the offline page where a page cannot be had, and does nothing else: whatever is shown online comes from the
 * server, and nothing a person sees or holds (a key, a session, a service) is ever kept here.
 */
const worker = /** @type {any} */ (self)

/** The offline page and what it is made of; the build fills it in, so that each build is a worker of its own. */
const kFiles = /** @type {string[]} */ (JSON.parse('{{offline-files}}'))
const kPage = kFiles[0]
const kCache = kFiles.join()

worker.addEventListener('install', (/** @type {any} */ event) => {
  void worker.skipWaiting()
  event.waitUntil(caches.open(kCache).then((cache) => cache.addAll(kFiles)))
})

worker.addEventListener('activate', (/** @type {any} */ event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name !== kCache) await caches.delete(name)
    // The browser asks the server at once, without waiting for this worker to be started.
    await worker.registration.navigationPreload?.enable()
  }
  event.waitUntil(tidy())
})

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { request, preloadResponse } = event
  /** @param {string | Request} instead  what is shown where there is no answer */
  const load = async (instead) => {
    try {
      return (await preloadResponse) ?? (await fetch(request))
    } catch (error) {
      const kept = await caches.match(instead)
      if (kept) return kept
      throw error
    }
  }
  if (request.mode === 'navigate') event.respondWith(load(kPage))
  // Named by its content, so what is kept is what the server would send.
  else if (kFiles.includes(new URL(request.url).pathname)) event.respondWith(load(request))
})
