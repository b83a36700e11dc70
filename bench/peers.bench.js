/**
 * From the tap to the POST and to the connection, at several round trips: our client and its peers, in the same Chromium
 * against the same media server. Before the tap the person looks at the preview, and each client does what it can then.
 */
import { Endpoint, until } from '../tests/browser/endpoint.js'
import { observe } from '../tests/browser/subject.js'
import { launch } from '../tests/harness/browser.js'
import { clients } from './clients.js'
import { startIngest } from './ingest.js'
import { noNetworks, openNetwork } from './netem.js'

const rounds = Number(process.env.ROUNDS ?? 5)
const roundTrips = [0, 50, 150]
const here = /** @type {any} */ (globalThis) // the page's own `here`, once it runs there

/**
 * @typedef {{ post: number, connected: number, floor: number }} Times  ms after the tap; `floor`: what the protocols need
 * @param {import('./run.js').Report} report
 */
export async function bench(report) {
  const why = await noNetworks()
  if (why) return console.error(`tap_to_connected is not measured: ${why}`)
  const network = await openNetwork()
  const ingest = await startIngest(network.near)
  const pages = await new Endpoint().listen(network.near)
  pages.usual = ingest.handOn
  const browser = await launch({ namespace: network.namespace, secure: [pages.origin] })
  const [ratios, over] = [[0], [0]]
  try {
    for (const roundTrip of roundTrips) {
      for (const iceServers of [[], [{ urls: `stun:${network.nobody}:3478` }]]) {
        const row = `${roundTrip} ms round trip, ${iceServers.length ? 'a STUN server that never answers' : 'no STUN server'}`
        /** @type {Record<string, Times[]>} */
        const seen = {}
        for (let round = 0; round < rounds; round++) {
          for (const [name, put] of Object.entries(clients)) {
            await network.set({ delay: 0 })
            const endpoint = pages.origin + (await ingest.createInput()).path
            const context = await browser.newContext()
            const page = await context.newPage()
            await page.addInitScript(() => Object.assign(globalThis, { here: globalThis }))
            await page.addInitScript(observe)
            await page.addInitScript(noteTimes)
            await page.goto(pages.origin)
            await put(page)
            await network.set({ delay: roundTrip / 2 })
            await page.evaluate((to) => here.subject.prepare(to), { endpoint, iceServers })
            await new Promise((resolve) => setTimeout(resolve, 1000)) // the person looks at the preview
            const times = await tap(page, { endpoint, iceServers }, roundTrip)
            ;(seen[name] ??= []).push(times)
            await context.close()
          }
        }
        const middle = (/** @type {string} */ name, /** @type {keyof Times} */ what) =>
          median(seen[name].map((times) => times[what]))
        for (const name of Object.keys(clients)) {
          report(`tap_to_post_ms_${name}`, middle(name, 'post'), 'ms', `${row}; median of ${rounds}`)
          report(`tap_to_connected_ms_${name}`, middle(name, 'connected'), 'ms', `${row}; median of ${rounds}`)
        }
        const best = Math.min(
          ...Object.keys(clients)
            .filter((name) => name !== 'ours')
            .map((name) => middle(name, 'connected')),
        )
        ratios.push(middle('ours', 'connected') / best)
        over.push(middle('ours', 'connected') - middle('ours', 'floor'))
      }
    }
  } finally {
    await browser.close()
    pages.close()
    await ingest.close()
    await network.close()
  }
  const how = `the worst of ${ratios.length - 1} rows`
  report(
    'tap_to_connected_ratio_best_peer',
    Math.max(...ratios),
    'ratio',
    `${how}; ours / the best peer of the row; below 1 is faster`,
  )
  report(
    'tap_to_connected_over_floor_ms',
    Math.max(...over),
    'ms',
    `${how}; the floor is 3 round trips with DTLS 1.3, 4 with 1.2`,
  )
}

/**
 * @param {import('playwright-core').Page} page
 * @param {import('../tests/browser/subject.js').Target} to
 * @param {number} roundTrip
 * @returns {Promise<Times>}
 */
async function tap(page, to, roundTrip) {
  await page.evaluate((to) => {
    here.times.tap = performance.now()
    here.subject.start(to)
  }, to)
  const times = await until(() => page.evaluate(() => here.times.connected && here.times), 'a connection', 20_000)
  const transport = await page.evaluate(async () => {
    const reports = [...(await here.connections.at(-1).getStats()).values()]
    return reports.find(({ type }) => type === 'transport')
  })
  const trips = transport.tlsVersion === 'FEFC' ? 3 : 4
  console.error(
    `${to.endpoint.slice(-8)} ${JSON.stringify(times)} ${transport.tlsVersion} ${transport.dtlsRole} ${transport.iceRole}`,
  )
  return { post: times.post - times.tap, connected: times.connected - times.tap, floor: trips * roundTrip }
}

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

/** Runs in the page: when the offer was posted, and when the newest connection was up. */
function noteTimes() {
  const times = { tap: 0, post: 0, connected: 0 }
  Object.assign(globalThis, { times })
  const plain = globalThis.fetch
  globalThis.fetch = (input, init) => {
    if (init?.method === 'POST') times.post = performance.now()
    return plain(input, init)
  }
  const Plain = globalThis.RTCPeerConnection
  globalThis.RTCPeerConnection = class extends Plain {
    /** @param {RTCConfiguration} [configuration] */
    constructor(configuration) {
      super(configuration)
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'connected') times.connected ||= performance.now()
      })
    }
  }
}
