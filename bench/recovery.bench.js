/**
 * Outages as funerals have them (outages.js), each on a network of its own, many at a time: our client and its peers, at
 * a server that restarts ICE (a Chromium answers) and at one that does not (our media server). Told is how long after
 * the end of the outage media arrives at the server again.
 */
import { Endpoint, until } from '../tests/browser/endpoint.js'
import { observe } from '../tests/browser/subject.js'
import { launch } from '../tests/harness/browser.js'
import { clients } from './clients.js'
import { startIngest } from './ingest.js'
import { noNetworks, openNetwork } from './netem.js'
import { outages, suffer, usual } from './outages.js'

const scripts = Number(process.env.SCRIPTS ?? 200)
const phones = Number(process.env.PHONES ?? 5)
const wanted = process.env.CLIENTS?.split(',') ?? Object.keys(clients)
const seed = Number(process.env.SEED ?? 1)
const peersEach = 5 // peers suffer every fifth outage only
const show = process.env.SHOW !== undefined // what happened in the page, where it took more ms than that
const patience = 20_000 // for media; who needs longer has given up
const begun = 3000 // a stream has been live for a little while before something happens to it
const size = { width: 320, height: 180 }
const here = /** @type {any} */ (globalThis) // the page's own `here`, once it runs there

/** @typedef {{ client: string, server: 'restart' | 'repost', outage: import('./outages.js').Outage }} Job */

/** @param {import('./run.js').Report} report */
export async function bench(report) {
  const why = await noNetworks()
  if (why) return console.error(`recovery is not measured: ${why}`)
  const jobs = plan()
  /** How long each took, by client and server; cuts only. @type {Record<string, number[]>} */
  const took = {}
  let [lived, ran] = [0, 0]
  const far = await launch()
  const phone = async () => {
    const place = await openPhone(far)
    try {
      for (let job = jobs.shift(); job; job = jobs.shift()) {
        const ms = await run(place, job).catch((/** @type {Error} */ error) => {
          console.error(error.message)
          return patience
        })
        const { client, server, outage } = job
        console.error(
          `${client} ${server} ${outage.kind} ${outage.ms} ms: ${ms < patience ? `back after ${ms} ms` : 'not back'}`,
        )
        if (outage.kind !== 'loss' && outage.kind !== 'thin') (took[`${client} ${server}`] ??= []).push(ms)
        if (client !== 'ours') continue
        ran++
        if (ms < patience) lived++
      }
    } finally {
      await place.close()
    }
  }
  try {
    await Promise.all(Array.from({ length: phones }, phone))
  } finally {
    await far.close()
  }
  report('recovery_live_percent', (100 * lived) / ran, 'percent', `of ${ran} outages end live within ${patience} ms`)
  for (const [of, values] of Object.entries(took)) {
    const [client, server] = of.split(' ')
    const p95 = values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1]
    const whose = client === 'ours' ? '' : `_${client}`
    const back = values.filter((ms) => ms < patience).length
    const how = `after the end of an outage to media at the server; ${back} of ${values.length} came back within ${patience} ms`
    report(`recovery_${server}_p95_ms${whose}`, p95, 'ms', how)
  }
}

/** Each outage at one of the two servers, by turns; a restarted server knows no session, so it wants a new POST. */
function plan() {
  /** @type {Job[]} */
  const jobs = []
  for (const [i, outage] of outages(scripts, seed).entries()) {
    const server = outage.kind === 'server restart' || Math.floor(i / 6) % 2 ? 'repost' : 'restart'
    for (const client of wanted) {
      if (client === 'ours' || i % peersEach === 0) jobs.push({ client, server, outage })
    }
  }
  return jobs
}

/**
 * A network of its own, a browser in it, and the two servers it can reach.
 * @param {import('playwright-core').Browser} far  where the Chromium that answers is
 */
async function openPhone(far) {
  const network = await openNetwork(usual)
  const ingest = await startIngest(network.near)
  const [restart, repost] = await Promise.all([1, 2].map(() => new Endpoint().listen(network.near)))
  const loopback = await new Endpoint().listen()
  repost.usual = ingest.handOn
  const browser = await launch({ namespace: network.namespace, secure: [restart.origin, repost.origin] })
  return {
    network,
    ingest,
    restart,
    repost,
    browser,
    /** A page that answers offers, and whose addresses are no secret: it may use the microphone. */
    async answer() {
      const context = await far.newContext()
      const page = await context.newPage()
      await page.goto(loopback.origin)
      await page.evaluate(watchArrivals)
      restart.page = page
      return page
    },
    async close() {
      await browser.close()
      for (const endpoint of [restart, repost, loopback]) endpoint.close()
      await ingest.close()
      await network.close()
    },
  }
}

/**
 * @param {Awaited<ReturnType<typeof openPhone>>} phone
 * @param {Job} job
 * @returns {Promise<number>}  ms until media came again; `patience` if it never did
 */
async function run({ network, ingest, restart, repost, browser, answer }, { client, server, outage }) {
  await network.set(usual)
  const farPage = server === 'restart' ? await answer() : undefined
  const input = server === 'repost' ? await ingest.createInput() : { uid: '', path: '/a/whip' }
  const pages = server === 'restart' ? restart : repost
  const context = await browser.newContext()
  const last = async () => (farPage ? farPage.evaluate(() => here.lastMedia) : ingest.lastMedia(input.uid))
  const comesAfter = (/** @type {number} */ at, /** @type {number} */ ms) =>
    until(async () => (await last()) > at && last(), 'media at the server', ms)
  try {
    const page = await context.newPage()
    await page.addInitScript(() => Object.assign(globalThis, { here: globalThis }))
    await page.addInitScript(observe)
    await page.addInitScript(smallCamera, size)
    if (show) await page.addInitScript(trace)
    await page.goto(pages.origin)
    await clients[client](page)
    await page.evaluate((to) => void here.subject.start(to), { endpoint: pages.origin + input.path })
    await comesAfter(0, 30_000)
    await until(() => page.evaluate(() => here.subject.state() === 'live'), 'live')
    await comesAfter((await last()) + begun, 30_000)
    const over = await suffer(outage, network, ingest)
    const back = await comesAfter(over, patience).catch(() => over + patience)
    // Not a last packet that was on its way: it goes on.
    await comesAfter(back + 1000, 5000).catch(() =>
      back === over + patience ? 0 : Promise.reject(new Error(`${client} fell silent`)),
    )
    const ms = Math.round(back - over)
    if (show && client === 'ours' && ms > Number(process.env.SHOW)) {
      const log = await page.evaluate(() => here.traced)
      const lines = log.map(
        (/** @type {[number, string]} */ [at, what]) => `  ${((at - over) / 1000).toFixed(2)} ${what}`,
      )
      console.error(`${server} ${outage.kind} ${outage.ms} ms -> ${ms} ms\n${lines.join('\n')}`)
    }
    await page.evaluate(() => void here.subject.stop()).catch(() => {}) // a client that has given up may not take it
    return ms
  } finally {
    await context.close()
    await farPage?.context().close()
  }
}

/** Runs in the page: keeps when a packet last came to any of its connections. */
async function watchArrivals() {
  Object.assign(globalThis, { here: globalThis, lastMedia: 0 })
  await navigator.mediaDevices.getUserMedia({ audio: true })
  let before = new Map()
  setInterval(async () => {
    const now = new Map()
    for (const [i, peer] of (here.peers ?? []).entries()) {
      for (const report of (await peer.getStats()).values()) {
        if (report.type === 'inbound-rtp') now.set(`${i} ${report.id}`, report.packetsReceived)
      }
    }
    for (const [id, packets] of now) if (packets > (before.get(id) ?? 0)) here.lastMedia = Date.now()
    before = now
  }, 30)
}

/** Runs in the page before its scripts: keeps when it asked for what, and what the browser told it. */
function trace() {
  /** @type {[number, string][]} */
  const log = []
  const note = (/** @type {string} */ what) => log.push([Date.now(), what])
  Object.assign(globalThis, { traced: log })
  const { fetch } = globalThis
  let n = 0
  globalThis.fetch = async (to, init) => {
    const name = `${init?.method ?? 'GET'} ${++n}`
    note(`${name} ${String(to).slice(-12)}`)
    try {
      const reply = await fetch(to, init)
      note(`${name} -> ${reply.status}`)
      return reply
    } catch (error) {
      note(`${name} -> ${error}`)
      throw error
    }
  }
  for (const type of ['online', 'offline']) addEventListener(type, () => note(type))
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    /** @param {RTCConfiguration} [configuration] */
    constructor(configuration) {
      super(configuration)
      note('connection made')
      this.addEventListener('connectionstatechange', () => note(`connection ${this.connectionState}`))
      this.addEventListener('iceconnectionstatechange', () => note(`ice ${this.iceConnectionState}`))
    }
  }
  const timer = setInterval(() => {
    const states = /** @type {any} */ (globalThis).states
    if (!states) return
    clearInterval(timer)
    const push = states.push
    states.push = (/** @type {any} */ state) => (note(`* ${state.phase} ${state.reason}`), push.call(states, state))
  }, 5)
}

/** Runs in the page before its scripts. @param {{ width: number, height: number }} size */
function smallCamera({ width, height }) {
  navigator.mediaDevices.getUserMedia = async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width, height })
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
    let n = 0
    setInterval(() => {
      pen.fillStyle = `hsl(${n++ % 360} 60% 40%)`
      pen.fillRect(0, 0, width, height)
    }, 100)
    const audio = new AudioContext()
    const tone = new OscillatorNode(audio, { frequency: 440 })
    const out = audio.createMediaStreamDestination()
    tone.connect(out)
    tone.start()
    return new MediaStream([...canvas.captureStream(10).getTracks(), ...out.stream.getTracks()])
  }
}
