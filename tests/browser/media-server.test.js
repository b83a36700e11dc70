/** The client module against the real media server, in Chromium, from another origin. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, newPage } from '../harness/browser.js'
import { get, given, segmentsOf } from '../media/media.js'
import { farColour, pluggable } from './devices.js'
import { Endpoint, until } from './endpoint.js'
import { observe } from './subject.js'

/** @type {import('playwright-core').Browser} */
let browser
before(async () => {
  browser = await launch()
})
after(() => browser.close())

const here = /** @type {any} */ (globalThis) // the page's own `here`, once it runs there

/**
 * A media server, an input of it, and pages that may talk to it.
 * @param {import('node:test').TestContext} context
 * @param {Parameters<typeof given>[1]} [options]
 */
async function service(context, options) {
  const media = await given(context, options)
  const input = await media.createInput()
  const pages = await new Endpoint().listen()
  pages.elsewhere = new URL(media.url).origin
  context.after(() => pages.close())
  const page = async (devices = false) => {
    const opened = await newPage(browser, { camera: !devices })
    context.after(() => opened.context.close())
    if (devices) await opened.context.addInitScript(pluggable)
    await opened.page.goto(pages.origin)
    await opened.page.waitForFunction(() => 'ready' in globalThis)
    return opened.page
  }
  return { media, uid: input.uid, publishUrl: input.webRTC.url, playUrl: input.webRTCPlayback.url, page }
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} url
 */
const start = (page, url) => page.evaluate((to) => here.publish().start(to), url)
/** @param {import('playwright-core').Page} page */
const last = (page) =>
  page.evaluate(() => {
    const { phase, mode, reason } = here.states.at(-1) ?? {}
    return { phase, mode, reason }
  })
/**
 * @param {import('playwright-core').Page} page
 * @param {string} phase
 */
const reach = (page, phase) => until(async () => (await last(page)).phase === phase, phase, 20000)

/**
 * The codec and figures of what the page sends or receives.
 * @param {import('playwright-core').Page} page
 * @param {string} type  'inbound-rtp' or 'outbound-rtp'
 * @param {string} kind
 */
const flow = (page, type, kind) =>
  page.evaluate(
    async ({ type, kind }) => {
      const reports = [...(await here.connections.at(-1).getStats()).values()]
      const stream = reports.find((report) => report.type === type && report.kind === kind)
      const codec = reports.find((report) => report.id === stream?.codecId)
      return stream && { ...stream, mimeType: codec?.mimeType, fmtp: codec?.sdpFmtpLine ?? '' }
    },
    { type, kind },
  )

/** @param {import('playwright-core').Page} page */
const keepConnections = (page) =>
  page.evaluate(() => {
    const Native = RTCPeerConnection
    here.connections = []
    here.RTCPeerConnection = class extends Native {
      /** @param {RTCConfiguration} configuration */
      constructor(configuration) {
        super(configuration)
        here.connections.push(this)
      }
    }
  })

test('it publishes H.264 in full size and stereo music, and a viewer sees it by WHEP', async (context) => {
  const { page, publishUrl, playUrl } = await service(context)
  const publisher = await page()
  await keepConnections(publisher)
  await start(publisher, publishUrl)
  await reach(publisher, 'Live')
  const video = await until(async () => {
    const stream = await flow(publisher, 'outbound-rtp', 'video')
    return stream?.framesEncoded > 5 && stream
  }, 'video being sent')
  assert.equal(video.mimeType, 'video/H264')
  assert.equal(`${video.frameWidth}x${video.frameHeight}`, '1280x720')
  const audio = await until(() => flow(publisher, 'outbound-rtp', 'audio'), 'audio being sent')
  assert.equal(audio.mimeType, 'audio/opus')
  for (const parameter of ['stereo=1', 'useinbandfec=1', 'maxaveragebitrate=128000']) {
    assert.ok(audio.fmtp.split(';').includes(parameter), `${parameter} in ${audio.fmtp}`)
  }

  const viewer = await page()
  await keepConnections(viewer)
  await viewer.evaluate(async (whepUrl) => {
    await navigator.mediaDevices.getUserMedia({ audio: true })
    here.play().show({ phase: 'live', whepUrl })
  }, playUrl)
  await until(async () => (await last(viewer)).mode === 'whep', 'whep')
  await until(async () => (await flow(viewer, 'inbound-rtp', 'video'))?.framesDecoded > 5, 'pictures')
  await until(async () => (await flow(viewer, 'inbound-rtp', 'audio'))?.packetsReceived > 5, 'sound')

  await publisher.evaluate(() => here.publisher.stop())
  await reach(publisher, 'Idle')
})

test('a second device waits while the first streams, and takes over when it has stopped', async (context) => {
  const { page, publishUrl } = await service(context)
  const [first, second] = [await page(), await page()]
  await start(first, publishUrl)
  await reach(first, 'Live')
  await start(second, publishUrl)
  await reach(second, 'Waiting')
  assert.equal((await last(second)).reason, 'in-use')
  await first.evaluate(() => here.publisher.stop())
  await reach(second, 'Live')
})

test('a wrong key is refused with a reason', async (context) => {
  const { page, publishUrl } = await service(context)
  const device = await page()
  await start(device, publishUrl.replace(/\/[^/]*(\/webRTC\/publish)$/, '/wrongkwrong$1'))
  await reach(device, 'Failed')
  assert.match((await last(device)).reason, /not-allowed|stream-gone/)
})

test('a connection that is lost comes back by itself, though this server restarts no ICE', async (context) => {
  const { page, publishUrl } = await service(context)
  const publisher = await page()
  await publisher.evaluate(observe)
  await start(publisher, publishUrl)
  await reach(publisher, 'Live')
  await publisher.evaluate(() => here.pretend('failed'))
  const lost = Date.now()
  await until(() => publisher.evaluate(() => here.connections.length === 2), 'another connection', 20000)
  await reach(publisher, 'Live')
  console.log(`lost_to_live ${Date.now() - lost} ms`)
  await until(async () => (await flow(publisher, 'outbound-rtp', 'video'))?.framesEncoded > 5, 'pictures')
  assert.ok(
    await publisher.evaluate(() => here.cameras.every((/** @type {MediaStreamTrack} */ t) => t.readyState === 'live')),
  )
})

test('a camera that goes and comes is the slate in between, for viewers and in one recording run', async (context) => {
  const { media, uid, page, publishUrl, playUrl } = await service(context)
  const publisher = await page(true)
  await start(publisher, publishUrl)
  await reach(publisher, 'Live')
  const viewer = await page(true)
  await viewer.evaluate((whepUrl) => here.play().show({ phase: 'live', whepUrl }), playUrl)
  await until(() => viewer.evaluate(() => here.states.at(-1)?.stream), 'a picture')
  await viewer.evaluate(() => {
    const video = document.body.appendChild(document.createElement('video'))
    video.srcObject = here.states.at(-1).stream
    return video.play()
  })
  const sees = (/** @type {string} */ colour) =>
    until(async () => (await viewer.evaluate(farColour)) === colour, `${colour} at the viewer`, 20000)
  await sees('red')
  await publisher.evaluate(() => (here.world.unplug('green'), here.world.unplug('red')))
  await sees('slate')
  await publisher.evaluate(() => here.world.plug('red'))
  await sees('red')
  assert.equal((await last(publisher)).phase, 'Live')
  const text = await until(async () => {
    const list = await get(`${media.url}/${uid}/manifest/video.m3u8`)
    return segmentsOf(list.text).length > 2 ? list.text : ''
  }, 'three segments')
  assert.ok(!/^#EXT-X-DISCONTINUITY$/m.test(text), text)
})

test('a phone that is turned begins another run of the same recording, and viewers see it upright', async (context) => {
  const { media, uid, page, publishUrl, playUrl } = await service(context)
  const publisher = await page(true)
  await publisher.evaluate(observe)
  await start(publisher, publishUrl)
  await reach(publisher, 'Live')
  // Without it a browser turns the pictures itself: a recording would show them lying.
  const answer = await publisher.evaluate(() => here.connections[0].remoteDescription.sdp)
  assert.ok(!answer.includes('video-orientation'), answer)
  const viewer = await page(true)
  await keepConnections(viewer)
  await viewer.evaluate((whepUrl) => here.play().show({ phase: 'live', whepUrl }), playUrl)
  const seen = (/** @type {string} */ size) =>
    until(async () => {
      const video = await flow(viewer, 'inbound-rtp', 'video')
      return `${video?.frameWidth}x${video?.frameHeight}` === size
    }, `pictures of ${size}`)
  await seen('640x360')
  await publisher.evaluate(() => here.world.turn())
  await seen('360x640')
  const list = await until(async () => {
    const { text } = await get(`${media.url}/${uid}/manifest/video.m3u8`)
    return /^#EXT-X-DISCONTINUITY$/m.test(text) ? text : ''
  }, 'another run')
  assert.equal(list.match(/^#EXT-X-DISCONTINUITY$/gm)?.length, 1)
  assert.equal((await last(publisher)).phase, 'Live')
})
