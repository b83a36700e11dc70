/** Armed before the tap, and back after faults: the client module in real Chromium with a real far end. */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { launch } from '../harness/browser.js'
import { Endpoint, until } from './endpoint.js'
import { observe } from './subject.js'

/** @type {import('playwright-core').Browser} */
let browser
/** @type {import('playwright-core').BrowserContext} */
let context
/** @type {import('playwright-core').Page} */
let page
/** @type {Endpoint} */
let endpoint

before(async () => {
  browser = await launch()
})
after(() => browser.close())
beforeEach(async () => {
  endpoint = await new Endpoint().listen()
  context = await browser.newContext()
  page = endpoint.page = await context.newPage()
  await page.addInitScript(() => Object.assign(globalThis, { here: globalThis, NativePeer: RTCPeerConnection }))
  await page.addInitScript(observe)
  await page.goto(endpoint.origin)
  await page.waitForFunction(() => 'ready' in globalThis)
})
afterEach(async () => {
  await context.close()
  endpoint.close()
})

const here = /** @type {any} */ (globalThis) // the page's own `here`, once it runs there
const start = () => page.evaluate((to) => here.publish().start(to), endpoint.url)
const phase = () => page.evaluate(() => here.states.at(-1)?.phase)
/** @param {string} wanted @param {number} [ms] */
const reach = (wanted, ms) => until(async () => (await phase()) === wanted, wanted, ms)
const restarts = () => endpoint.sent('PATCH').filter(({ headers }) => headers['if-match']?.includes('*'))
const cameraIsOn = () =>
  page.evaluate(() => here.cameras.every((/** @type {MediaStreamTrack} */ track) => track.readyState === 'live'))
const packets = () =>
  page.evaluate(async () => {
    let sum = 0
    for (const report of (await here.peers.at(-1).getStats()).values()) sum += report.packetsReceived ?? 0
    return sum
  })
const arrives = async () => {
  const before = await packets()
  await until(async () => (await packets()) > before + 5, 'media at the far end')
}

test('armed: offer, candidates and connection are ready, and the tap itself sends the POST', async () => {
  await page.evaluate((to) => {
    here.publish().preview()
    here.publisher.arm({ endpoint: to })
    const { fetch } = globalThis
    here.fetch = (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
      if (init.method === 'POST') here.posted = performance.now()
      return fetch(url, init)
    }
  }, endpoint.url)
  await reach('Ready')
  await until(() => endpoint.sent('OPTIONS').length, 'a request that opens the connection')
  await until(() => page.evaluate(() => here.connections.at(-1).iceGatheringState === 'complete'), 'candidates')
  const took = await page.evaluate((to) => {
    const tapped = performance.now()
    here.publisher.start(to)
    return here.posted - tapped
  }, endpoint.url)
  console.log(`tap_to_post ${took.toFixed(1)} ms`)
  assert.ok(took >= 0 && took < 10, `the POST came ${took} ms after the tap`)
  await reach('Live')
  assert.match(endpoint.sent('POST')[0].body, /^a=candidate:[^]*^a=end-of-candidates\r$/m)
  assert.equal(endpoint.sent('PATCH').length, 0, 'the server has all candidates already')
})

test('5: the handshake goes on while the camera is asked for, and the tracks join when it is granted', async () => {
  await page.evaluate(() => {
    const ask = navigator.mediaDevices.getUserMedia
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      await new Promise((resolve) => (here.grant = resolve))
      return ask(constraints)
    }
  })
  await start()
  await until(() => page.evaluate(() => here.connections.at(-1)?.connectionState === 'connected'), 'a connection')
  assert.equal(await phase(), 'Capturing')
  await page.evaluate(() => here.grant())
  await reach('Live')
  await arrives()
  assert.equal(endpoint.sent('POST').length, 1)
})

test('4.3.1: an ETag that is weak, unquoted, * or missing does no harm', async () => {
  for (const etag of ['W/"weak"', 'unquoted', '*', '']) {
    endpoint.script = [endpoint.session({ etag })]
    endpoint.patches = Array.from({ length: 9 }, () => () => ({ status: 204 }))
    const before = endpoint.sent('PATCH').length
    await start()
    await reach('Live')
    const patch = await until(() => endpoint.sent('PATCH')[before], 'a PATCH')
    assert.equal(patch.headers['if-match'], etag || undefined)
    await page.evaluate(() => here.publisher.stop())
    await reach('Idle')
  }
})

test('4.3.3: a server that takes no restart gets a new POST instead, and is not asked for one again', async () => {
  endpoint.patches = Array.from({ length: 9 }, () => ({ headers }) => ({
    status: headers['if-match'] === '*' ? 422 : 204,
  }))
  await start()
  await reach('Live')
  await page.evaluate(() => here.pretend('failed'))
  await until(() => endpoint.sent('POST').length === 2, 'another POST')
  await reach('Live')
  assert.equal(restarts().length, 1)
  assert.deepEqual([...endpoint.sessions.keys()].length, 1)
  await page.evaluate(() => here.pretend('failed'))
  await until(() => endpoint.sent('POST').length === 3, 'a third POST')
  await reach('Live')
  assert.equal(restarts().length, 1)
  assert.equal(endpoint.sessions.size, 1)
  assert.ok(await cameraIsOn())
})

test('4.3.3: a server that knows the quoted form only is asked in that form', async () => {
  const strict = endpoint.restartable
  endpoint.patches = Array.from({ length: 9 }, () => async (request, answer) => {
    if (request.headers['if-match'] === '*') return { status: 412 }
    const match = request.headers['if-match'] === '"*"' ? '*' : request.headers['if-match']
    return strict({ ...request, headers: { ...request.headers, 'if-match': match } }, answer)
  })
  await start()
  await reach('Live')
  await page.evaluate(() => here.pretend('failed'))
  await until(() => restarts().length === 2, 'the restart in both forms')
  assert.deepEqual(
    restarts().map(({ headers }) => headers['if-match']),
    ['*', '"*"'],
  )
  const credentials = () => page.evaluate(() => here.connections[0].remoteDescription?.sdp.match(/ice-ufrag:(.*)/)[1])
  const far = () => page.evaluate(() => here.peers[0].localDescription.sdp.match(/ice-ufrag:(.*)/)[1])
  await until(async () => (await credentials()) === (await far()), 'its credentials')
  await page.evaluate(() => here.pretend(''))
  await reach('Live')
  await arrives()
})

test('the network goes away and comes back: the stream goes on, with the camera on', async () => {
  await start()
  await reach('Live')
  endpoint.silent = true
  await page.evaluate(() => here.peers.at(-1).close())
  await reach('Waiting')
  await until(
    () => page.evaluate(() => here.states.some((/** @type {any} */ s) => s.reason === 'offline')),
    'offline',
    20000,
  )
  assert.ok(await cameraIsOn())
  endpoint.silent = false
  const back = Date.now()
  await reach('Live')
  console.log(`network_back_to_live ${Date.now() - back} ms`)
  await arrives()
  assert.equal(endpoint.sessions.size, 1)
  assert.ok(await cameraIsOn())
})

test('in silence one request at a time asks, and the first go over connections that no other shares', async () => {
  // Chromium has room for six attempts to connect to a host, and keeps those whose request was given up.
  await page.clock.install()
  await start()
  await reach('Live')
  await page.evaluate(() => {
    here.asked = []
    here.fetch = (/** @type {string} */ _url, /** @type {RequestInit} */ { method, credentials, signal }) =>
      new Promise((_resolve, reject) => {
        const request = { method, credentials, over: false, beside: 0 }
        if (method === 'OPTIONS') {
          const ahead = here.asked.filter((/** @type {any} */ { over }) => !over).length
          here.asked.push(Object.assign(request, { beside: ahead }))
        }
        signal?.addEventListener('abort', () => {
          request.over = true
          reject(signal.reason)
        })
      })
    here.peers.at(-1).close()
    here.pretend('failed')
  })
  await until(async () => {
    await page.clock.runFor(1000)
    return (await page.evaluate(() => here.asked.length)) > 8
  }, 'nine probes')
  const asked = await page.evaluate(() => here.asked.slice(0, 8))
  assert.ok(
    asked.every((/** @type {any} */ { beside }) => beside === 0),
    'one at a time',
  )
  assert.deepEqual(
    asked.map((/** @type {any} */ { credentials }) => credentials ?? 'shared'),
    [...Array.from({ length: 6 }, () => 'omit'), 'shared', 'shared'],
  )
  assert.ok(await cameraIsOn())
})

test('a service that has been live is not ended by a refusal, and its camera stays on', async () => {
  endpoint.patches = Array.from({ length: 9 }, () => () => ({ status: 422 }))
  await start()
  await reach('Live')
  // A proxy while its server is set up anew; a server that still holds the session that was lost.
  endpoint.script = [() => ({ status: 404, body: '<h1>404 page not found</h1>' }), () => ({ status: 403 })]
  await page.evaluate(() => here.pretend('failed'))
  await until(() => endpoint.sent('POST').length === 4, 'a POST after two refusals', 20_000)
  await reach('Live')
  await arrives()
  const told = await page.evaluate(() => here.states.map((/** @type {any} */ { reason }) => reason))
  assert.ok(told.includes('stream-gone') && told.includes('not-allowed'), String(told))
  assert.ok(await cameraIsOn())
})
