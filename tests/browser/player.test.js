import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { launch, newPage } from '../harness/browser.js'
import { Endpoint, until } from './endpoint.js'

/** @type {import('playwright-core').Browser} */
let browser
/** @type {Endpoint} */
let endpoint
/** @type {Awaited<ReturnType<typeof newPage>>} */
let open

before(async () => {
  browser = await launch()
})
after(() => browser.close())
beforeEach(async () => {
  endpoint = await new Endpoint().listen()
  open = await newPage(browser)
  endpoint.page = open.page
  await open.page.goto(endpoint.origin)
  await open.page.waitForFunction(() => 'ready' in globalThis)
  await open.page.evaluate(async () => {
    await navigator.mediaDevices.getUserMedia({ audio: true }) // only then does a viewer of this machine gather 127.0.0.1
    here.play()
  })
})
afterEach(async () => {
  await open.context.close()
  endpoint.close()
})

const here = /** @type {any} */ (globalThis) // the page's own `here`, once it runs there: client, play(), player, states

/** @param {{ phase: string, whepUrl?: string, hlsUrl?: string, recordingUrl?: string }} view */
const show = (view) => open.page.evaluate((it) => here.player.show(it), view)
/** @param {string} what */
const report = (what) => open.page.evaluate((it) => here.player.report(it), what)
/** @returns {Promise<{ mode: string, url: string, tracks: number }>} */
const state = () =>
  open.page.evaluate(() => {
    const { mode, url, stream } = here.states.at(-1) ?? { mode: 'nothing told', url: '', stream: null }
    return { mode, url, tracks: stream?.getTracks().length ?? 0 }
  })
/** @returns {Promise<string[]>} */
const modes = () => open.page.evaluate(() => here.states.map((/** @type {any} */ it) => it.mode))
/**
 * @param {string} mode
 * @param {number} [ms]
 */
const reach = (mode, ms) => until(async () => (await state()).mode === mode, `mode ${mode}`, ms)

const hlsUrl = 'https://m.test/live.m3u8'
const recordingUrl = 'https://m.test/recording.m3u8'

test('live comes by WHEP: one offer to receive, a stream with picture and sound, DELETE at the end', async () => {
  await show({ phase: 'waiting' })
  await show({ phase: 'live', whepUrl: endpoint.url, hlsUrl })
  assert.deepEqual(await state(), { mode: 'connecting', url: '', tracks: 0 })
  await reach('whep')
  assert.deepEqual(await state(), { mode: 'whep', url: '', tracks: 2 })
  const [post] = endpoint.sent('POST')
  assert.equal(post.body.match(/^a=recvonly\r$/gm)?.length, 2)
  assert.equal(post.body.match(/^a=rtcp-mux-only\r$/gm)?.length, 2)
  await report('playing')
  await show({ phase: 'preparing' })
  assert.deepEqual(await state(), { mode: 'preparing', url: '', tracks: 0 })
  await until(() => endpoint.sessions.size === 0, 'the DELETE')
  await show({ phase: 'recording', recordingUrl })
  assert.deepEqual(await state(), { mode: 'recording', url: recordingUrl, tracks: 0 })
  assert.deepEqual(open.faults, [])
})

test('a WHEP that is refused gives way to HLS at once', async () => {
  endpoint.script = [() => ({ status: 404 })]
  await show({ phase: 'live', whepUrl: endpoint.url, hlsUrl })
  await reach('hls', 2000)
  assert.equal((await state()).url, hlsUrl)
})

test('a server that says "not yet" once is asked again before HLS is shown', async () => {
  endpoint.script = [() => ({ status: 409, headers: { 'retry-after': '1' } })]
  await show({ phase: 'live', whepUrl: endpoint.url, hlsUrl })
  await reach('whep')
  assert.deepEqual(await modes(), ['connecting', 'whep'])
})

test('a WHEP that does not answer gives way to HLS after four seconds, and its session is deleted', async () => {
  let release = () => {}
  const held = new Promise((resolve) => (release = () => resolve(undefined)))
  endpoint.script = [async (request, answer) => ({ ...(await endpoint.session()(request, answer)), after: held })]
  const began = Date.now()
  await show({ phase: 'live', whepUrl: endpoint.url, hlsUrl })
  await reach('hls')
  const took = Date.now() - began
  assert.ok(took > 3900 && took < 6000, `${took} ms`)
  release()
  await until(() => endpoint.sent('DELETE').length === 1, 'the DELETE')
})

test('a WHEP that breaks gives way to HLS at once, and is tried again behind it', async () => {
  await show({ phase: 'live', whepUrl: endpoint.url, hlsUrl })
  await reach('whep')
  await report('playing')
  await open.page.evaluate(() => here.peers.at(-1).close())
  await reach('hls', 3000)
  await reach('whep', 13000)
  assert.deepEqual((await modes()).slice(-3), ['whep', 'hls', 'whep'])
})

test('with nothing but WHEP it keeps trying until the service begins', async () => {
  endpoint.script = [
    () => ({ status: 409, headers: { 'retry-after': '1' } }),
    () => ({ status: 404, headers: { 'retry-after': '1' } }),
  ]
  await show({ phase: 'live', whepUrl: endpoint.url })
  await reach('whep')
  assert.deepEqual(await modes(), ['connecting', 'whep'])
})

test('delete() at any time is safe, ends the session and leaks nothing', async () => {
  await open.page.evaluate(() => here.player.delete())
  for (const mode of ['connecting', 'whep', 'hls']) {
    await open.page.evaluate(
      ({ url, hls, last }) =>
        new Promise((resolve) => {
          const player = here.client.createPlayer((/** @type {any} */ told) => {
            if (told.mode === 'whep' && last === 'hls') player.show({ phase: 'live', hlsUrl: hls })
            if (told.mode !== last) return
            player.delete()
            resolve(undefined)
          })
          player.show({ phase: 'live', whepUrl: url, hlsUrl: hls })
        }),
      { url: endpoint.url, hls: hlsUrl, last: mode },
    )
    await until(
      () => open.page.evaluate(() => here.client.liveObjects() === 0),
      `everything freed after delete() in ${mode}`,
    )
    await until(() => endpoint.sessions.size === 0, `no session after delete() in ${mode}`)
  }
  assert.deepEqual(open.faults, [])
})

test('WHEP 4.3: a server that would rather offer itself is answered', async () => {
  const offer = () =>
    open.page.evaluate(async () => {
      const peer = (here.counter = new RTCPeerConnection())
      for (const track of here.source.getTracks()) peer.addTransceiver(track, { direction: 'sendonly' })
      await peer.setLocalDescription(await peer.createOffer())
      while (peer.iceGatheringState !== 'complete')
        await new Promise((resolve) => peer.addEventListener('icegatheringstatechange', resolve, { once: true }))
      return peer.localDescription?.sdp ?? ''
    })
  const headers = { 'content-type': 'application/sdp', location: '/s/counter', etag: '"c"' }
  endpoint.script = [async () => ({ status: 406, headers, body: await offer() })]
  endpoint.patches = [
    async ({ body, headers: sent }) => {
      assert.equal(sent['content-type'], 'application/sdp')
      await open.page.evaluate((sdp) => here.counter.setRemoteDescription({ type: 'answer', sdp }), body)
      return { status: 204 }
    },
  ]
  await show({ phase: 'live', whepUrl: endpoint.url })
  await until(async () => (await state()).mode === 'whep', 'the picture')
  assert.equal(endpoint.sent('PATCH')[0].path, '/s/counter')
  assert.match(endpoint.sent('PATCH')[0].body, /^a=recvonly\r$/m)
  assert.equal((await state()).tracks, 2)
})
