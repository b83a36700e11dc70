/** Outages at random, the same for the same seed, and what they do to a phone's network and its server. */

/**
 * @typedef {'no network' | 'silence' | 'another network' | 'server restart' | 'loss' | 'thin'} Kind
 * @typedef {{ kind: Kind, ms: number }} Outage
 *   'no network': the interface is down; 'silence': it is up, and nothing gets through; 'another network': away, then
 *   back with another address; 'loss': 20 %; 'thin': 100 kbit/s
 */

/** Those that cut the stream, with how long; and those that make it worse. @type {[Kind, number, number][]} */
const kinds = [
  ['no network', 1000, 60_000],
  ['silence', 1000, 60_000],
  ['another network', 0, 10_000],
  ['server restart', 1000, 20_000],
  ['loss', 10_000, 30_000],
  ['thin', 10_000, 30_000],
]

/**
 * @param {number} count
 * @param {number} seed
 * @returns {Outage[]}
 */
export function outages(count, seed) {
  const random = randomFrom(seed)
  return Array.from({ length: count }, (_, i) => {
    const [kind, least, most] = kinds[i % kinds.length]
    return { kind, ms: Math.round(least + random() * (most - least)) }
  })
}

/**
 * Mulberry32.
 * @param {number} seed
 * @returns {() => number}  0 to 1
 */
function randomFrom(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * Lets it happen, and gives back when it was over (ms since 1970).
 * @param {Outage} outage
 * @param {Awaited<ReturnType<typeof import('./netem.js').openNetwork>>} network
 * @param {{ kill: () => Promise<void>, start: () => Promise<void> }} server
 */
export async function suffer({ kind, ms }, network, server) {
  const lasts = () => new Promise((resolve) => setTimeout(resolve, ms))
  if (kind === 'no network') {
    await network.down()
    await lasts()
    await network.up()
  } else if (kind === 'another network') {
    await network.down()
    await lasts()
    await network.move()
  } else if (kind === 'server restart') {
    await server.kill()
    await lasts()
    await server.start()
  } else {
    await network.set(
      kind === 'silence' ? { loss: 1 } : kind === 'loss' ? { ...usual, loss: 0.2 } : { ...usual, rate: 100_000 },
    )
    await lasts()
    await network.set(usual)
  }
  return Date.now()
}

/** A phone's network on a good day. */
export const usual = { delay: 25 }
