/** What a publisher does and says when the camera, the network or the server says no. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from './endpoint.js'
import { endpoint, here, open, openPage, phases, reach, start, state, stop } from './publishing.js'

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

test('each refusal ends with a sentence, the camera off, and Try Again starts anew', async () => {
  for (const [status, reason, words] of /** @type {[number, string, RegExp][]} */ ([
    [403, 'not-allowed', /link/],
    [404, 'stream-gone', /does not work any more/],
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
