/** What changed on Firestore, whichever instance wrote it: a listener on the public views. */

const overlap = 60_000 // two clocks may differ; hearing of something twice costs nothing
const longestPause = 30_000

/**
 * @param {object} options
 * @param {FirebaseFirestore.Firestore} options.db
 * @param {FirebaseFirestore.CollectionReference} options.views
 * @param {FirebaseFirestore.CollectionReference} options.removed
 * @param {import('../log.js').Log} options.log
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
    let retry
    let end = () => {}
    const start = () => {
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
          retry = setTimeout(start, pause)
          retry.unref()
          pause = Math.min(pause * 2, longestPause)
        },
      )
    }
    start()
    return () => {
      clearTimeout(retry)
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
        if (listeners.delete(listener) && !listeners.size) close()
        return true
      }
    },
    close,
  }
}
