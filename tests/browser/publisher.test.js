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
  await openPage()
})
afterEach(async () => {
  await open.context.close()
  endpoint.close()
})

/** @param {Parameters<typeof newPage>[1]} [options] */
async function openPage(options) {
  await open?.context.close()
  open = await newPage(browser, options)
  endpoint.page = open.page
  await open.page.goto(endpoint.origin)
  await open.page.waitForFunction(() => 'ready' in globalThis)
}

const here = /** @type {any} */ (globalThis) // the page's own `here`, once it runs there: client, publish(), publisher, states

/** @param {string} [url] */
const start = (url = endpoint.url) =>
  open.page.evaluate((to) => {
    here.publish().start(to)
  }, url)
const stop = () => open.page.evaluate(() => here.publisher.stop())
/** @returns {Promise<string[]>} */
const phases = () => open.page.evaluate(() => here.states.map((/** @type {any} */ state) => state.phase))
/** @returns {Promise<{ phase: string, reason: string, sentence: string, attempt: number, tracks: string[] }>} */
const state = () =>
  open.page.evaluate(() => {
    const { stream, ...rest } = here.states.at(-1) ?? { phase: 'Idle', stream: null }
    return { ...rest, tracks: stream?.getTracks().map((/** @type {MediaStreamTrack} */ t) => t.readyState) ?? [] }
  })
/** @param {string} phase */
const reach = (phase) => until(async () => (await state()).phase === phase, `${phase}; phases so far in the page`)
const liveObjects = () => open.page.evaluate(() => here.client.liveObjects())

test('it goes live with picture and sound, and Stop deletes the session and turns the camera off', async () => {
  await start()
  await reach('Live')
  const order = await phases()
  assert.deepEqual(
    order.filter((phase, n) => phase !== order[n - 1] && !['Offering', 'Posting', 'Connecting'].includes(phase)),
    ['Capturing', 'Live'],
  )
  const [post] = endpoint.sent('POST')
  assert.equal(post.headers['content-type'], 'application/sdp')
  assert.equal(post.body.match(/^a=sendonly\r$/gm)?.length, 2)
  assert.equal(post.body.match(/^a=rtcp-mux-only\r$/gm)?.length, 2)
  assert.equal(post.body.match(/^a=setup:actpass\r$/gm)?.length, 2)
  const streams = [...post.body.matchAll(/^a=msid:(\S+) /gm)].map((match) => match[1])
  assert.equal(streams.length, 2)
  assert.equal(streams[0], streams[1], '4.4.2: one MediaStream')
  assert.match(post.body, /^a=group:BUNDLE 0 1\r$/m)
  assert.match(post.body, /^a=fmtp:111 .*stereo=1/m)
  const first = post.body.match(/^m=video \d+ \S+ (\d+)/m)?.[1]
  assert.match(post.body, new RegExp(`^a=rtpmap:${first} H264/90000`, 'm'))
  await until(
    () =>
      open.page.evaluate(async () => {
        let kinds = 0
        for (const report of (await here.peers[0].getStats()).values()) {
          if (report.type === 'inbound-rtp' && report.packetsReceived > 5) kinds++
        }
        return kinds === 2
      }),
    'picture and sound arriving',
  )
  assert.deepEqual((await state()).tracks, ['live', 'live'])
  await stop()
  await reach('Idle')
  assert.deepEqual(
    endpoint.sent('DELETE').map((request) => request.path),
    ['/s/1'],
  )
  assert.equal(endpoint.sessions.size, 0)
  assert.deepEqual((await state()).tracks, [])
  assert.deepEqual(open.faults, [])
})

test('the camera is on before the tap, and is the one that is sent', async () => {
  await open.page.evaluate(() => here.publish().preview())
  await reach('Ready')
  const before = await open.page.evaluate(() => here.states.at(-1).stream.id)
  assert.equal(endpoint.sent('POST').length, 0)
  await open.page.evaluate((to) => here.publisher.start(to), endpoint.url)
  await reach('Live')
  assert.equal(await open.page.evaluate(() => here.states.at(-1).stream.id), before)
})

test('the picture has its full size from the first frame on', async () => {
  await openPage({ camera: true })
  await start()
  await reach('Live')
  const size = await until(
    () =>
      open.page.evaluate(async () => {
        for (const report of (await here.peers[0].getStats()).values()) {
          if (report.type === 'inbound-rtp' && report.kind === 'video' && report.framesDecoded)
            return `${report.frameWidth}x${report.frameHeight}`
        }
      }),
    'a first picture',
  )
  assert.equal(size, '1280x720')
})

test('a 201 that comes after Stop is deleted', async () => {
  let release = () => {}
  const held = new Promise((resolve) => (release = () => resolve(undefined)))
  endpoint.script = [async (request, answer) => ({ ...(await endpoint.session()(request, answer)), after: held })]
  await start()
  await reach('Posting')
  await until(() => endpoint.sessions.size === 1, 'the server made a session')
  await stop()
  assert.deepEqual((await state()).tracks, [])
  release()
  await reach('Idle')
  await until(() => endpoint.sent('DELETE').length === 1, 'the DELETE')
  assert.equal(endpoint.sessions.size, 0)
  assert.deepEqual(open.faults, [])
})

test('after a 503 it waits as long as asked, keeps the camera and tries again', async () => {
  endpoint.script = [() => ({ status: 503, headers: { 'retry-after': '1' } })]
  await start()
  await reach('Waiting')
  const waiting = await state()
  assert.equal(waiting.reason, 'service-unavailable')
  assert.equal(waiting.attempt, 1)
  assert.match(waiting.sentence, /keeps trying/)
  // The offer may go out, and be refused, before the camera is granted.
  await until(async () => (await state()).tracks.length === 2, 'the camera')
  await reach('Live')
  const live = await state()
  assert.deepEqual([live.reason, live.sentence, live.attempt], ['', '', 0])
  assert.deepEqual(live.tracks, ['live', 'live'])
  assert.equal(endpoint.sent('POST').length, 2)
})

test('a relative Location is resolved against the URL that answered after a redirect', async () => {
  endpoint.script = [
    () => ({ status: 307, headers: { location: '/b/deep/whip' } }),
    async (request, answer) => ({ ...(await endpoint.session({ location: 'sess/77' })(request, answer)) }),
  ]
  await start()
  await reach('Live')
  assert.deepEqual(
    endpoint.sent('POST').map((request) => request.path),
    ['/a/whip', '/b/deep/whip'],
  )
  assert.equal(endpoint.sent('POST')[1].body, endpoint.sent('POST')[0].body)
  await stop()
  await reach('Idle')
  assert.equal(endpoint.sent('DELETE')[0].path, '/b/deep/sess/77')
})

test('4.6: ICE servers the page knows are there from the beginning, those of the 201 as they came', async () => {
  await open.page.evaluate(() => {
    const calls = (here.calls = /** @type {unknown[]} */ ([]))
    const { setConfiguration } = RTCPeerConnection.prototype
    RTCPeerConnection.prototype.setConfiguration = function (configuration) {
      calls.push(configuration?.iceServers)
      return setConfiguration.call(this, configuration)
    }
    const Native = RTCPeerConnection
    here.RTCPeerConnection = class extends Native {
      /** @param {RTCConfiguration} configuration */
      constructor(configuration) {
        super(configuration)
        if (configuration?.iceServers) calls.push(configuration.iceServers)
      }
    }
  })
  const link =
    '<stun:127.0.0.1:9>; rel="ice-server", <turn:127.0.0.1:9?transport=udp>; rel="ice-server"; ' +
    'username="a;b"; credential="c,\\"d\\""; credential-type="password", <https://x.test>; rel="other"'
  endpoint.script = [endpoint.session({ link })]
  await open.page.evaluate((to) => {
    here.publish().arm({ endpoint: to, iceServers: [{ urls: ['stun:127.0.0.1:7'] }] })
    here.publisher.start(to)
  }, endpoint.url)
  await reach('Live')
  assert.deepEqual(await open.page.evaluate(() => here.calls), [
    [{ urls: 'stun:127.0.0.1:7' }],
    [{ urls: 'stun:127.0.0.1:9' }, { urls: 'turn:127.0.0.1:9?transport=udp', username: 'a;b', credential: 'c,"d"' }],
  ])
})

test('each refusal ends with a sentence, the camera off, and Try Again starts anew', async () => {
  for (const [status, reason, words] of /** @type {[number, string, RegExp][]} */ ([
    [403, 'not-allowed', /link/],
    [404, 'stream-gone', /no longer exists/],
    [400, 'offer-refused', /browser/],
  ])) {
    endpoint.script = [() => ({ status })]
    await start()
    await reach('Failed')
    const failed = await state()
    assert.equal(failed.reason, reason)
    assert.match(failed.sentence, words)
    assert.deepEqual(failed.tracks, [])
  }
  await open.page.evaluate((to) => here.publisher.start(to), endpoint.url)
  await reach('Live')
  assert.deepEqual(
    open.faults.filter((fault) => !fault.includes('status of 40')),
    [],
  )
})

test('someone else streaming is told, and taken over from when they have stopped', async () => {
  endpoint.script = [() => ({ status: 409 })]
  await start()
  await reach('Waiting')
  assert.equal((await state()).reason, 'in-use')
  await reach('Live')
})

test('an answer without video is refused and its session deleted', async () => {
  endpoint.script = [
    async (request, answer) => {
      const reply = await endpoint.session()(request, answer)
      return {
        ...reply,
        body: reply.body?.replace(/m=video \d+/, 'm=video 0').replace(/a=recvonly(?![^]*a=recvonly)/, 'a=inactive'),
      }
    },
  ]
  await start()
  await reach('Failed')
  assert.equal((await state()).reason, 'answer-unfit')
  await until(() => endpoint.sessions.size === 0, 'the DELETE')
})

test('no network is waited out, the far end going away is noticed at once', async () => {
  await open.context.setOffline(true)
  await start()
  await reach('Waiting')
  assert.equal((await state()).reason, 'offline')
  await open.context.setOffline(false)
  await reach('Live')
  await open.page.evaluate(() => here.peers.at(-1).close())
  await until(async () => (await phases()).filter((phase) => phase === 'Live').length === 2, 'live again', 8000)
  assert.equal(endpoint.sent('POST').length, 2)
  assert.deepEqual(
    endpoint.sent('DELETE').map((request) => request.path),
    ['/s/1'],
  )
})

for (const [error, reason, words] of /** @type {[string, string, RegExp][]} */ ([
  ['NotAllowedError', 'camera-denied', /Allow both/],
  ['NotFoundError', 'no-camera', /Connect one/],
  ['NotReadableError', 'camera-busy', /Close that app/],
])) {
  test(`${error} from the camera becomes a sentence`, async () => {
    await open.page.evaluate((name) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', name))
    }, error)
    await start()
    await reach('Failed')
    assert.equal((await state()).reason, reason)
    assert.match((await state()).sentence, words)
    assert.deepEqual(open.faults, [])
  })
}

test('a browser without WebRTC is told so before the camera is asked for', async () => {
  await openPage({ webrtc: false })
  await start()
  await reach('Failed')
  assert.equal((await state()).reason, 'unsupported-browser')
})

test('a camera granted after Stop is turned off again', async () => {
  await open.page.evaluate(() => {
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const stream = await ask(constraints)
      await new Promise((resolve) => (here.grant = resolve))
      return (here.granted = stream)
    }
  })
  await start()
  await until(() => open.page.evaluate(() => 'grant' in here), 'the camera being asked for')
  await stop()
  await open.page.evaluate(() => here.grant())
  await until(
    () => open.page.evaluate(() => here.granted?.getTracks().every((/** @type {any} */ t) => t.readyState === 'ended')),
    'the tracks ending',
  )
  await reach('Idle')
  await until(() => endpoint.sessions.size === 0, 'the DELETE of a session that was begun meanwhile')
})

test('5: a camera that goes away is asked for again, and joins the session there is', async () => {
  await start()
  await reach('Live')
  const stream = () => open.page.evaluate(() => here.states.at(-1).stream?.id)
  const first = await stream()
  await open.page.evaluate(() => here.states.at(-1).stream.getVideoTracks()[0].dispatchEvent(new Event('ended')))
  await until(async () => ![first, undefined].includes(await stream()), 'another stream')
  assert.equal((await state()).phase, 'Live')
  assert.deepEqual((await state()).tracks, ['live', 'live'])
  assert.equal(endpoint.sent('POST').length, 1)
})

test('closing the page deletes the session', async () => {
  await open.page.evaluate(() => addEventListener('pagehide', () => here.publisher.leave()))
  await start()
  await reach('Live')
  await open.page.goto('about:blank')
  await until(() => endpoint.sent('DELETE').length === 1, 'the DELETE')
})

test('delete() at any time is safe: nothing is left on, nothing is called back, nothing leaks', async () => {
  for (const moment of ['Idle', 'Capturing', 'Ready', 'Posting', 'Connecting', 'Live', 'Waiting']) {
    if (moment === 'Waiting') endpoint.script = [() => ({ status: 503, headers: { 'retry-after': '30' } })]
    await open.page.evaluate(
      ({ to, phase }) =>
        new Promise((resolve) => {
          const told = (here.told = /** @type {string[]} */ ([]))
          const publisher = new here.client.Publisher((/** @type {any} */ state) => {
            told.push(state.phase)
            if (state.stream) here.last = state.stream
            if (state.phase === 'Ready' && phase !== 'Ready') queueMicrotask(() => publisher.start(to))
            if (state.phase !== phase) return
            publisher.delete()
            resolve(undefined)
          })
          if (phase === 'Idle') resolve(publisher.delete())
          else publisher.preview()
        }),
      { to: endpoint.url, phase: moment },
    )
    await until(async () => (await liveObjects()) === 0, `everything freed after delete() in ${moment}`)
    assert.equal(await open.page.evaluate(() => here.told.at(-1) ?? 'Idle'), moment)
    await until(() => endpoint.sessions.size === 0, `no session after delete() in ${moment}`)
    assert.ok(
      await open.page.evaluate(
        () => !here.last || here.last.getTracks().every((/** @type {any} */ t) => t.readyState === 'ended'),
      ),
      `camera off after delete() in ${moment}`,
    )
  }
  assert.deepEqual(
    open.faults.filter((fault) => !fault.includes('503')),
    [],
  )
})

test('a callback that throws harms nothing but itself', async () => {
  await open.page.evaluate((to) => {
    here.phases = []
    here.publisher = new here.client.Publisher((/** @type {any} */ state) => {
      here.phases.push(state.phase)
      throw new Error(`from the callback in ${state.phase}`)
    })
    here.publisher.start(to)
  }, endpoint.url)
  await until(() => open.page.evaluate(() => here.phases.at(-1) === 'Live'), 'Live')
  assert.equal(open.faults.length, await open.page.evaluate(() => here.phases.length))
})
