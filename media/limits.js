/** Rate limits of one process: at most so many within a sliding window. */

/** @param {() => number} [now]  milliseconds */
export function openLimits(now = Date.now) {
  /** @type {Map<string, { times: number[], until: number }>} */
  const windows = new Map()
  let sweepAt = 0

  return {
    /**
     * Counts one more under `key`.
     * @param {string} key
     * @param {{ limit: number, seconds: number }} rule
     * @returns {Promise<number>} 0 when it is within the limit; else after how many seconds to try again
     */
    async take(key, { limit, seconds }) {
      const at = now()
      if (at >= sweepAt) {
        for (const [name, window] of windows) if (window.until <= at) windows.delete(name)
        sweepAt = at + 60_000
      }
      const window = windows.get(key) ?? { times: [], until: 0 }
      window.times = window.times.filter((time) => time > at - seconds * 1000)
      windows.set(key, window)
      if (window.times.length >= limit) return Math.ceil((window.times[0] + seconds * 1000 - at) / 1000) || 1
      window.times.push(at)
      window.until = at + seconds * 1000
      return 0
    },
  }
}

/** @typedef {ReturnType<typeof openLimits>} Limits */
