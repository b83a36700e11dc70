/**
 * What happens without anybody asking: unfinished attempts are settled, and streams whose notices may have been lost are
 * compared with their providers. Any number of instances may do this at once; the store says who settles what.
 */
import { reasonOf } from '../media/log.js'

const atOnce = 4
const batch = 20

/**
 * @param {object} options
 * @param {import('./core.js').Core} options.core
 * @param {Pick<import('./ports/store-sqlite.js').Store, 'dueIntents' | 'dueStreams'>} options.store
 * @param {(flow: import('./run.js').Flow) => Promise<import('./run.js').Answer>} options.carryOut
 * @param {string} options.mediaBase
 * @param {{ muxPlaybackBase: string }} options.paths
 * @param {import('../media/log.js').Log} options.log
 * @param {number} [options.interval]  milliseconds between two looks at what is due
 * @param {() => number} [options.clock]  milliseconds
 */
export function createWorkers({ core, store, carryOut, mediaBase, paths, log, interval = 5000, clock = Date.now }) {
  const now = () => new Date(clock()).toISOString()
  /** @type {Set<Promise<void>>} */
  const working = new Set()
  let stopped = false

  /** @param {string} event @param {string} id @param {() => import('./run.js').Flow} flow */
  async function one(event, id, flow) {
    try {
      const { status, body } = await carryOut(flow())
      log(event, { id, status, what: body.what ?? body.error?.what })
    } catch (error) {
      log(`${event}.failed`, { id, reason: reasonOf(error) })
    }
  }

  /** @param {string} id */
  const settle = (id) => one('settle', id, () => core.settleIntent(JSON.stringify({ id, now: now() })))
  /** @param {string} id */
  const reconcile = (id) => {
    const { muxPlaybackBase } = paths
    return one('reconcile', id, () =>
      core.reconcileStream(JSON.stringify({ id, now: now(), mediaBase, muxPlaybackBase })),
    )
  }

  /** @param {(now: string, limit: number) => Promise<string[]>} due @param {(id: string) => Promise<void>} work */
  async function all(due, work) {
    const ids = await due(now(), batch)
    const lanes = Array.from({ length: Math.min(atOnce, ids.length) }, async () => {
      for (let id = ids.shift(); id !== undefined && !stopped; id = ids.shift()) await work(id)
    })
    await Promise.all(lanes)
  }

  /** @type {NodeJS.Timeout | undefined} */
  let timer
  /** Does what is due now; for tests, the clock aside, the whole of the worker. */
  async function round() {
    await all(store.dueIntents, settle).catch((error) => log('settle.failed', { reason: reasonOf(error) }))
    await all(store.dueStreams, reconcile).catch((error) => log('reconcile.failed', { reason: reasonOf(error) }))
  }
  /** @param {Promise<void>} work */
  const keep = (work) => {
    working.add(work)
    return work.finally(() => working.delete(work))
  }
  // The pauses of several instances drift apart, so that they rarely find the same work.
  const loop = () => {
    timer = setTimeout(() => keep(round()).then(() => stopped || loop()), interval * (0.5 + Math.random()))
    timer.unref()
  }

  return {
    start: loop,
    round: () => keep(round()),

    /** Settles one attempt now: a refusal or a removal has just left it. @param {string} id */
    settleNow(id) {
      if (!stopped) keep(settle(id))
    },

    /** Settles when nothing is under way. */
    async idle() {
      while (working.size) await Promise.all(working)
    },

    /** Begins nothing more, and waits for what is under way. */
    async stop() {
      stopped = true
      clearTimeout(timer)
      await Promise.all(working)
    },
  }
}

/** @typedef {ReturnType<typeof createWorkers>} Workers */
