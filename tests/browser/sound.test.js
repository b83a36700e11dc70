/** What the microphone gives, as the person sees it, and what is done to it, as they choose. */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { launch, newPage } from '../harness/browser.js'
import { Endpoint, until } from './endpoint.js'

/** @type {import('playwright-core').Browser} */
let browser
/** @type {Endpoint} */
let endpoint
/** @type {import('playwright-core').Page} */
let page

before(async () => {
  browser = await launch()
})
after(() => browser.close())
beforeEach(async () => {
  endpoint = await new Endpoint().listen()
  const opened = await newPage(browser)
  page = endpoint.page = opened.page
  await page.goto(endpoint.origin)
  await page.waitForFunction(() => 'ready' in globalThis)
})
afterEach(async () => {
  await page.context().close()
  endpoint.close()
})

const here = /** @type {any} */ (globalThis) // the page's own `here`, once it runs there

/** @param {string} phase */
const reach = (phase) =>
  until(() => page.evaluate((name) => here.states.at(-1)?.phase === name, phase), `${phase} in the page`)

/** The page's own connection becomes `here.connection`; that of the far end is none of its. */
const keepConnection = () =>
  page.evaluate(() => {
    const Native = (here.NativePeer = RTCPeerConnection)
    here.RTCPeerConnection = class extends Native {
      /** @param {RTCConfiguration} configuration */
      constructor(configuration) {
        super(configuration)
        here.connection = this
      }
    }
  })

test('the meter follows the microphone, and one that falls silent is told of within 3 s', async () => {
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      if (!constraints?.audio) throw new DOMException('', 'NotFoundError') // its picture never moves: asked for anew
      const audio = new AudioContext()
      const out = audio.createMediaStreamDestination()
      const gain = new GainNode(audio, { gain: 0.1 })
      const tone = new OscillatorNode(audio)
      tone.connect(gain).connect(out)
      tone.start()
      Object.assign(here, { gain })
      const picture = document.createElement('canvas')
      picture.getContext('2d')
      return new MediaStream([...out.stream.getTracks(), ...picture.captureStream(5).getTracks()])
    }
    const publisher = here.publish()
    here.told = []
    publisher.listen((/** @type {object} */ sound) => here.told.push({ ...sound, at: performance.now() }))
    publisher.preview()
  })
  await reach('Ready')
  const last = () => page.evaluate(() => here.told.at(-1))
  // 0.1 is -20 dBFS, two thirds up a scale that begins at -60 dBFS.
  await until(async () => Math.abs((await last())?.level - 2 / 3) < 0.02, 'the level of the tone')
  assert.equal((await last()).silent, false)

  await page.evaluate(() => {
    here.gain.gain.value = 0
    here.gone = performance.now()
  })
  await until(async () => (await last()).silent, 'the alarm')
  const waited = await page.evaluate(() => here.told.find((/** @type {any} */ { silent }) => silent).at - here.gone)
  assert.ok(waited > 2000 && waited < 3000, `the alarm came after ${waited} ms`)

  await page.evaluate(() => void (here.gain.gain.value = 0.5))
  await until(async () => !(await last()).silent, 'the end of the alarm')
  await page.evaluate(() => here.publisher.delete())
  await until(() => page.evaluate(() => here.client.liveObjects() === 0), 'everything freed')
  const told = await page.evaluate(() => here.told.length)
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)))
  assert.equal(await page.evaluate(() => here.told.length), told, 'nothing is told after delete()')
})

test('speech is made clearer, and left alone again, in the session there is', async () => {
  await keepConnection()
  await page.evaluate((url) => here.publish().start(url), endpoint.url)
  await reach('Live')
  const microphone = () =>
    page.evaluate(() => {
      const track = here.states.at(-1).stream.getAudioTracks()[0]
      const { echoCancellation, noiseSuppression, autoGainControl } = track.getSettings()
      return { echoCancellation, noiseSuppression, autoGainControl, hint: track.contentHint, state: track.readyState }
    })
  const music = {
    echoCancellation: false,
    noiseSuppression: false,
    autoGainControl: false,
    hint: 'music',
    state: 'live',
  }
  const speech = { ...music, noiseSuppression: true, autoGainControl: true, hint: 'speech' }
  assert.deepEqual(await microphone(), music)
  /** How much sound has gone into the encoder. */
  const energy = () =>
    page.evaluate(async () => {
      for (const report of (await here.connection.getStats()).values()) {
        if (report.type === 'media-source' && report.kind === 'audio') return report.totalAudioEnergy
      }
    })
  for (const [wish, expected] of /** @type {const} */ ([
    [true, speech],
    [false, music],
  ])) {
    await page.evaluate((speech) => here.publisher.choose({ speech, size: '720p' }), wish)
    await until(async () => (await microphone()).hint === expected.hint, expected.hint)
    assert.deepEqual(await microphone(), expected)
    const before = await energy()
    await until(async () => (await energy()) > before, 'the beep of the fake microphone is sent')
  }
  assert.equal(endpoint.sent('POST').length, 1)
  assert.equal(endpoint.sessions.size, 1)
})

for (const [size, width, height, kbps] of /** @type {const} */ ([
  ['1080p', 1920, 1080, 4000],
  ['480p', 854, 480, 1200],
])) {
  test(`${size} is sent in full from the first picture on, behind the sound`, async () => {
    await keepConnection()
    await page.evaluate(
      ({ url, size }) => {
        const publisher = here.publish()
        publisher.choose({ speech: false, size })
        publisher.start(url)
      },
      { url: endpoint.url, size },
    )
    await reach('Live')
    const first = await until(
      () =>
        page.evaluate(async () => {
          for (const report of (await here.peers[0].getStats()).values()) {
            if (report.type === 'inbound-rtp' && report.kind === 'video' && report.framesDecoded)
              return `${report.frameWidth}x${report.frameHeight}`
          }
        }),
      'a first picture',
    )
    assert.equal(first, `${width}x${height}`)
    const [audio, video] = await page.evaluate(() =>
      here.connection.getSenders().map((/** @type {RTCRtpSender} */ sender) => sender.getParameters()),
    )
    const { maxBitrate, priority, networkPriority } = audio.encodings[0]
    assert.deepEqual(
      { maxBitrate, priority, networkPriority },
      { maxBitrate: 64_000, priority: 'high', networkPriority: 'high' },
    )
    assert.equal(video.encodings[0].maxBitrate, kbps * 1000)
    assert.equal(video.encodings[0].priority, 'low')
    assert.equal(video.degradationPreference, 'maintain-resolution')
  })
}

test('what is sent is judged each second, and noted in a log that names no address', async () => {
  await keepConnection()
  await page.evaluate((url) => {
    const publisher = here.publish()
    here.reports = []
    publisher.watch((/** @type {unknown} */ report) => here.reports.push(report))
    publisher.start(url)
  }, endpoint.url)
  await reach('Live')
  const report = await until(
    () => page.evaluate(() => here.reports.find((/** @type {any} */ { roundTripMs }) => roundTripMs)),
    'a report with a round trip',
  )
  const most = () => page.evaluate(() => here.connection.getSenders()[0].getParameters().encodings[0].maxBitrate)
  await until(async () => (await most()) === 128_000, 'all the sound wants, once the way has carried the first seconds')
  assert.ok(['good', 'fair'].includes(report.grade), report.grade)
  assert.ok(report.audioKbps > 10 && report.videoKbps > 50, `${report.audioKbps} and ${report.videoKbps} kbit/s`)
  assert.ok(report.width > 0 && report.height > 0 && report.framesPerSecond > 0 && report.lossPercent < 5)
  const log = await page.evaluate(() => here.publisher.log())
  assert.match(log, /^\d+ Live $/m)
  assert.match(log, /^\d+ good .*audio=\d+ video=\d+ kbit\/s loss=0 % roundtrip=\d+ ms \d+x\d+@\d+/m)
  assert.doesNotMatch(log, /http|127\.0\.0\.1|whip/)
  await page.evaluate(() => here.publisher.stop())
  await reach('Idle')
  const told = await page.evaluate(() => here.reports.length)
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1200)))
  assert.equal(await page.evaluate(() => here.reports.length), told, 'nothing is judged when nothing is sent')
})
