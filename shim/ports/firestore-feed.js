/** What changed on Firestore, whichever instance wrote it: a listener on the public views. */

const overlap = 60_000 // two clocks may differ; hearing of something twice costs nothing
const longestPause = 30_000
const freshAfter = 3600_000 // a listener holds whatever has changed since it was started

/**
 * @param {object} options
 * @param {FirebaseFirestore.CollectionReference} options.views
 * @param {FirebaseFirestore.CollectionReference} options.removed
 * @param {import('../../media/log.js').Log} options.log
 * @param {() => number} options.clock
 */
export function listen({ views, removed, log, clock }) {
  /** @type {Set<import('./store-sqlite.js').Listener>} */
  const listeners = new Set()
  /** @type {(() => void)[]} */
  let ends = []

  /** @param {FirebaseFirestore.CollectionReference} collection */
  function follow(collection) {
    let since = clock() - overlap
    let pause = 500
    /** @type {NodeJS.Timeout | undefined} */
    let next
    let end = () => {}
    const start = () => {
      end()
      next = setTimeout(start, freshAfter)
      next.unref()
      end = collection.where('changedAt', '>', new Date(since)).onSnapshot(
        (snapshot) => {
          pause = 500
          since = clock() - overlap
          const ids = new Set(snapshot.docChanges().map((change) => change.doc.get('memorialId')))
          for (const memorialId of ids) for (const listener of listeners) listener({ memorialId })
        },
        (error) => {
          // The listener has ended for good; what changes meanwhile is heard of by the next one.
          log('feed.failed', { code: /** @type {any} */ (error).code, pause })
          clearTimeout(next)
          next = setTimeout(start, pause)
          next.unref()
          pause = Math.min(pause * 2, longestPause)
        },
      )
    }
    start()
    return () => {
      clearTimeout(next)
      end()
    }
  }

  const close = () => {
    for (const end of ends) end()
    ends = []
  }

  return {
    /**
     * The connection is made for the first listener and ended with the last.
     * @param {import('./store-sqlite.js').Listener} listener
     */
    subscribe(listener) {
      listeners.add(listener)
      if (!ends.length) ends = [follow(views), follow(removed)]
      return () => {
        const known = listeners.delete(listener)
        if (known && !listeners.size) close()
        return known
      }
    },
    close,
  }
}
