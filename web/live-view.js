import { getMemorial } from './api.js'

/**
 * @typedef {import('./api.js').ApiError} ApiError
 * @typedef {import('./types.js').MemorialView} MemorialView
 */

const kPollEvery = 3000

// Without events for so long we ask: a connection that died in silence looks just like a quiet one. No more often where
// there is said to be no such memorial: there may be one yet.
const kQuiet = 30_000

/**
 * Follows a memorial: `onView` gets its public view now and after each change. Server-sent events where they get
 * through; while they do not (a proxy that buffers, a dropped connection), the view is fetched every 3 s instead.
 *
 * @param {string} memorialId
 * @param {object} options
 * @param {(view: MemorialView) => void} options.onView
 * @param {(error: ApiError | null) => void} [options.onTrouble]  an error when neither way works, null when one works again
 * @param {string} [options.server]  where Vigil is, when not where the page is
 * @param {string | null} [options.first]  the view as it was just now, as JSON
 * @returns {() => void} stops following
 */
export function watchMemorial(memorialId, { onView, onTrouble = () => {}, server = '', first }) {
  /** @type {EventSource | undefined} */
  let events
  let last = ''
  let stopped = false
  let fetching = false
  let reopenAt = 0
  let askAt = 0
  let lastWord = Date.now()
  let heard = false

  /** @param {string} text */
  const deliver = (text) => {
    if (stopped) return
    lastWord = Date.now()
    onTrouble(null)
    if (text === last) return
    last = text
    onView(JSON.parse(text))
  }

  const poll = async () => {
    if (fetching || stopped) return
    fetching = true
    try {
      const text = JSON.stringify(await getMemorial(memorialId, server))
      const missed = heard && text !== last
      deliver(text)
      if (missed) open()
    } catch (error) {
      if (!last && /** @type {ApiError} */ (error).code === 'not-found') askAt = Date.now() + kQuiet
      if (!stopped) onTrouble(/** @type {ApiError} */ (error))
    }
    fetching = false
  }

  const open = () => {
    events?.close()
    heard = false
    reopenAt = Date.now() + 30_000
    if (typeof EventSource === 'undefined') return
    events = new EventSource(`${server}/api/memorials/${encodeURIComponent(memorialId)}/events`)
    events.addEventListener('memorial', (event) => {
      heard = true
      deliver(JSON.stringify(JSON.parse(event.data)))
    })
    events.onerror = () => {
      heard = false
      void poll()
    }
  }

  const tick = () => {
    if (Date.now() < askAt) return
    if (events?.readyState === 2 /* closed: an answer that is not a stream; the browser gives up, we do not */) {
      if (Date.now() > reopenAt) open()
    }
    if (!heard || Date.now() - lastWord > kQuiet) void poll()
  }

  // A phone that slept, or changed networks, may hold a connection that is silently dead.
  const wake = () => {
    if (document.visibilityState !== 'visible') return
    open()
    void poll()
  }

  if (first) deliver(first)
  open()
  const timer = setInterval(tick, kPollEvery)
  document.addEventListener('visibilitychange', wake)
  addEventListener('online', wake)
  return () => {
    stopped = true
    clearInterval(timer)
    events?.close()
    document.removeEventListener('visibilitychange', wake)
    removeEventListener('online', wake)
  }
}
