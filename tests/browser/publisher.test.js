/** Going live and ending: the client module in real Chromium with a real far end. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from './endpoint.js'
import { endpoint, here, liveObjects, open, openPage, phases, reach, start, state, stop } from './publishing.js'

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
          const publisher = here.client.createPublisher((/** @type {any} */ state) => {
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
    here.publisher = here.client.createPublisher((/** @type {any} */ state) => {
      here.phases.push(state.phase)
      throw new Error(`from the callback in ${state.phase}`)
    })
    here.publisher.start(to)
  }, endpoint.url)
  await until(() => open.page.evaluate(() => here.phases.at(-1) === 'Live'), 'Live')
  assert.equal(open.faults.length, await open.page.evaluate(() => here.phases.length))
})
