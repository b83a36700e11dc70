/** The listener on Firestore, with a Firestore that only notes what it is asked. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listen } from '../../shim/ports/firestore-feed.js'

test('a listener is started anew now and then, from where the last one was, and ended with whoever listens', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  /** @type {{ since: Date, ended: boolean }[]} */
  const queries = []
  const collection = /** @type {any} */ ({
    where: (/** @type {string} */ _field, /** @type {string} */ _is, /** @type {Date} */ since) => ({
      onSnapshot(/** @type {(snapshot: object) => void} */ hear) {
        const query = { since, ended: false }
        queries.push(query)
        hear({ docChanges: () => [] })
        return () => void (query.ended = true)
      },
    }),
  })
  const feed = listen({ views: collection, removed: collection, log: () => {}, clock: Date.now })
  const end = feed.subscribe(() => {})
  t.mock.timers.tick(3600_000)
  assert.deepEqual(
    queries.map(({ ended }) => ended),
    [true, true, false, false],
  )
  assert.ok(queries[2].since >= queries[0].since)
  assert.deepEqual([end(), end()], [true, false], 'the second time there was nothing to end')
  assert.ok(queries.every(({ ended }) => ended))
  t.mock.timers.tick(2 * 3600_000)
  assert.equal(queries.length, 4)
})
