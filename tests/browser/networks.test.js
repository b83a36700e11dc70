/** Networks that people really have: our client in a namespace of its own, behind a link that does what they do. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { noNetworks, openNetwork } from '../../bench/netem.js'
import { launch } from '../harness/browser.js'
import { freeTcpPort } from '../harness/vigil.js'
import { Endpoint, until } from './endpoint.js'
import { observe, ours } from './subject.js'

const skip = (await noNetworks()) || false
const here = /** @type {any} */ (globalThis) // the page's own `here`, once it runs there

/** @type {Awaited<ReturnType<typeof openNetwork>>} */
let network
/** @type {import('playwright-core').Browser} */
let phone
/** @type {import('playwright-core').Browser} */
let far
/** @type {Endpoint} */
let endpoint
/** @type {Endpoint} where the page of the far end is: this machine, so that it may use the microphone */
let loopback

before(async () => {
  if (skip) return
  network = await openNetwork()
  endpoint = await new Endpoint().listen(network.near)
  loopback = await new Endpoint().listen()
  phone = await launch({ namespace: network.namespace, secure: [endpoint.origin] })
  far = await launch()
})
after(async () => {
  if (skip) return
  await phone.close()
  await far.close()
  endpoint.close()
  loopback.close()
  await network.close()
})

/**
 * A page with our client, on such a network, and a page that answers.
 * @param {import('node:test').TestContext} context
 * @param {import('../../bench/netem.js').Shape} shape
 */
async function open(context, shape) {
  await network.set(shape)
  const [farContext, phoneContext] = await Promise.all([far.newContext(), phone.newContext()])
  context.after(() => Promise.all([farContext.close(), phoneContext.close()]))
  endpoint.page = await farContext.newPage()
  await endpoint.page.goto(loopback.origin)
  // Whoever may use the microphone does not have its addresses hidden.
  await endpoint.page.evaluate(() => navigator.mediaDevices.getUserMedia({ audio: true }).then(() => {}))
  const page = await phoneContext.newPage()
  await page.addInitScript(() => Object.assign(globalThis, { here: globalThis }))
  await page.addInitScript(observe)
  await page.goto(endpoint.origin)
  await ours(page)
  return {
    page,
    start: () => page.evaluate((to) => void here.subject.start(to), { endpoint: endpoint.url }),
    reach: (/** @type {string} */ state, ms = 20_000) =>
      until(() => page.evaluate((wanted) => here.subject.state() === wanted, state), state, ms),
  }
}

/** Packets that came to the newest far end. */
const arrived = async () =>
  /** @type {import('playwright-core').Page} */ (endpoint.page).evaluate(async () => {
    let sum = 0
    for (const report of (await /** @type {any} */ (globalThis).peers.at(-1).getStats()).values())
      sum += report.packetsReceived ?? 0
    return sum
  })
const arrives = async () => {
  const before = await arrived()
  await until(async () => (await arrived()) > before + 5, 'media at the far end', 20_000)
}

test(
  'where only TCP gets through it goes live by the TURN server of the Link header, and comes back',
  { skip },
  async (context) => {
    const turn = await turnServer(network.near, context)
    // RFC 9725 section 4.6
    endpoint.script = Array.from({ length: 9 }, () => endpoint.session({ link: turn }))
    const { page, start, reach } = await open(context, { delay: 10, udp: false })
    const tapped = Date.now()
    await start()
    await reach('live')
    await arrives()
    console.log(`tap_to_media_by_turn ${Date.now() - tapped} ms`)
    const relayed = await page.evaluate(async () => {
      const reports = [...(await here.connections.at(-1).getStats()).values()]
      const transport = reports.find(({ type }) => type === 'transport')
      const pair = reports.find(({ id }) => id === transport.selectedCandidatePairId)
      return reports.find(({ id }) => id === pair.localCandidateId).candidateType
    })
    assert.equal(relayed, 'relay')
    await network.move()
    await arrives()
    await reach('live')
  },
)

test('no network, then another one: the same session goes on by an ICE restart', { skip }, async (context) => {
  endpoint.script = []
  const { page, start, reach } = await open(context, { delay: 10 })
  await start()
  await reach('live')
  await arrives()
  const posts = endpoint.sent('POST').length
  await network.down()
  await until(() => page.evaluate(() => !navigator.onLine), 'offline')
  await network.move()
  await arrives()
  await reach('live')
  assert.equal(endpoint.sent('POST').length, posts)
  const on = () => here.cameras.every((/** @type {MediaStreamTrack} */ track) => track.readyState === 'live')
  assert.ok(await page.evaluate(on), 'the camera stays on')
})

test(
  'a far end that has fallen silent is noticed before the browser does, and heard again',
  { skip },
  async (context) => {
    endpoint.script = []
    const { page, start, reach } = await open(context, { delay: 10 })
    await start()
    await reach('live')
    // How often this far end is usually heard has to be known first.
    const heard = () =>
      page.evaluate(async () => {
        const reports = [...(await here.connections[0].getStats()).values()]
        return reports.find(({ type }) => type === 'transport').packetsReceived
      })
    const before = await heard()
    await until(async () => (await heard()) > before + 60, 'reports of the far end')
    const reason = () => page.evaluate(() => here.states.at(-1).reason)
    await network.set({ loss: 1 })
    const silent = Date.now()
    await until(async () => (await reason()) === 'unsteady', 'the silence told')
    console.log(`silence_to_told ${Date.now() - silent} ms`)
    assert.ok(Date.now() - silent < 5000)
    await network.set({ delay: 10 })
    await until(async () => (await reason()) === '', 'live again')
    await arrives()
    assert.equal(endpoint.sent('POST').length, 3, 'one for each test')
  },
)

/**
 * coturn, for TCP only.
 * @param {string} host
 * @param {import('node:test').TestContext} context
 * @returns {Promise<string>}  how a Link header names it
 */
async function turnServer(host, context) {
  const port = await freeTcpPort()
  const folder = await mkdtemp(join(tmpdir(), 'vigil-turn-'))
  const own = ['--userdb', join(folder, 'turndb'), '--pidfile', join(folder, 'pid'), '--log-file', 'stdout']
  const server = spawn('turnserver', [
    ...['-n', '--listening-ip', host, '--relay-ip', host, '--listening-port', String(port), '--no-udp', '--no-cli'],
    ...['--no-tls', '--no-dtls', '--lt-cred-mech', '--realm', 'vigil.test', '--user', "a;b:c,d'e", ...own],
  ])
  server.stdout.resume()
  context.after(async () => {
    server.kill()
    await once(server, 'exit')
    await rm(folder, { recursive: true, force: true })
  })
  await until(() => listens(host, port), 'a TURN server')
  return `<turn:${host}:${port}?transport=tcp>; rel="ice-server"; username="a;b"; credential="c,d'e"; credential-type="password"`
}

/** @param {string} host @param {number} port @returns {Promise<boolean>} */
const listens = (host, port) =>
  new Promise((resolve) => {
    const socket = connect(port, host, () => (socket.destroy(), resolve(true)))
    socket.on('error', () => resolve(false))
  })
