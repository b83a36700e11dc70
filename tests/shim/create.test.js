import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { createKit, origin, paths, publicStream } from './kit.js'

/** @type {import('./kit.js').Kit} */
let kit
beforeEach(async () => {
  kit = await createKit()
})
afterEach(() => kit.close())

const order = { memorialId: 'm1', title: 'Service for A. Example' }
const inputsAsked = () => kit.media.requests.filter(({ method }) => method === 'POST')

test('a browser stream is created with a WHIP address, and nothing of OBS', async () => {
  const answer = await kit.post('/api/streams/create-whip', order, 'owner')
  assert.equal(answer.status, 201)
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  const { success, stream, warnings } = await answer.json()
  assert.equal(success, true)
  assert.equal(warnings, undefined)
  const [input] = kit.media.inputs.values()
  assert.equal(stream.whipUrl, input.webRTC.url)
  assert.equal(stream.rtmpUrl, undefined)
  assert.equal(stream.streamKey, undefined)
  assert.equal(stream.streamingMethod, 'whip_browser')
  assert.equal(stream.status, 'ready')
  assert.equal(stream.phase, 'waiting')
  assert.equal(stream.cloudflareInputId, input.uid)
  assert.equal(stream.hlsUrl, input.playback.hls)
  assert.equal(stream.playbackUrl, input.playback.hls)
  assert.equal(stream.whepUrl, input.webRTCPlayback.url)
  assert.equal(stream.createdBy, 'owner')
  assert.deepEqual(stream.recordingSources, { cloudflare: { available: false } })
  assert.equal(stream.preferredRecordingSource, 'cloudflare')
})

test('an OBS stream is created with an RTMP address and key, and no WHIP address', async () => {
  const { stream } = await (await kit.post('/api/streams/create-obs', order, 'director')).json()
  const [input] = kit.media.inputs.values()
  assert.equal(input.rtmps.url, 'rtmp://127.0.0.1:1935/live/')
  assert.equal(stream.rtmpUrl, 'rtmp://vigil.test:1935/live/', 'under the host it is reached by')
  assert.equal(stream.streamKey, input.rtmps.streamKey)
  assert.equal(stream.whipUrl, undefined)
  assert.equal(stream.streamingMethod, 'obs')
})

test('the live input is asked to record, and named after the stream', async () => {
  const { stream } = await (await kit.post('/api/streams/create-whip', order, 'owner')).json()
  const [{ body, headers }] = inputsAsked()
  assert.deepEqual(body.recording, { mode: 'automatic' })
  assert.deepEqual(body.meta, { name: order.title, streamId: stream.id, memorialId: 'm1' })
  assert.equal(body.defaultCreator, 'owner')
  assert.equal(headers['idempotency-key'], stream.id)
})

test('a backup that is not set up costs a warning, not the stream', async () => {
  await kit.close()
  kit = await createKit({ paths: { ...paths, mux: false } })
  const answer = await kit.post('/api/streams/create-whip', { ...order, enableMuxBackup: true }, 'owner')
  assert.equal(answer.status, 201)
  const { stream, warnings } = await answer.json()
  assert.equal(stream.simulcastEnabled, false)
  assert.equal(warnings[0].where, '/enableMuxBackup')
  assert.match(warnings[0].what, /Mux backup recording is not set up .* works and is recorded/)
})

test('addresses of our own media server follow the host they are asked under', async () => {
  const other = await createKit({ publicUrl: '', mediaBase: origin })
  const answer = await other.app.request('https://memorial.example.org/api/streams/create-whip', {
    method: 'POST',
    headers: {
      origin: 'https://memorial.example.org',
      'content-type': 'application/json',
      cookie: other.cookies.owner,
    },
    body: JSON.stringify(order),
  })
  const { stream } = await answer.json()
  assert.match(stream.whipUrl, /^https:\/\/memorial\.example\.org\/media\/\w+\/webRTC\/publish$/)
  const stored = await other.effects.FindStream({ by: 'id', is: stream.id })
  assert.match(stored?.document.whipUrl, /^\/media\/\w+\/webRTC\/publish$/)
  await other.close()
})

test('the same order under the same key is the same stream, twice or twenty times at once', async () => {
  const key = { 'idempotency-key': 'tap-1' }
  const taps = await Promise.all(
    Array.from({ length: 20 }, () => kit.post('/api/streams/create-whip', order, 'owner', key)),
  )
  const ids = new Set()
  for (const tap of taps) {
    assert.equal(tap.status, 201)
    const { stream } = await tap.json()
    ids.add(stream.id)
    assert.ok(stream.whipUrl)
  }
  assert.equal(ids.size, 1)
  assert.equal(kit.media.inputs.size, 1)
})

test('another order under the same key is refused', async () => {
  const key = { 'idempotency-key': 'tap-1' }
  await kit.post('/api/streams/create-whip', order, 'owner', key)
  for (const [path, body] of /** @type {[string, object][]} */ ([
    ['/api/streams/create-whip', { ...order, title: 'Another' }],
    ['/api/streams/create-obs', order],
    ['/api/streams/create-whip', { ...order, enableMuxBackup: true }],
  ])) {
    const answer = await kit.post(path, body, 'owner', key)
    assert.equal(answer.status, 422)
    assert.equal((await answer.json()).error.code, 'idempotency-key-reused')
  }
})

test('two people may use the same key', async () => {
  const key = { 'idempotency-key': 'tap-1' }
  const one = await (await kit.post('/api/streams/create-whip', order, 'owner', key)).json()
  const two = await (await kit.post('/api/streams/create-whip', order, 'director', key)).json()
  assert.notEqual(one.stream.id, two.stream.id)
})

test('after a failure the same key may be sent again, and makes one stream', async () => {
  const key = { 'idempotency-key': 'tap-1' }
  kit.media.fault = (_, response) => Boolean(response.writeHead(503).end())
  assert.equal((await kit.post('/api/streams/create-whip', order, 'owner', key)).status, 502)
  kit.media.fault = null
  assert.equal((await kit.post('/api/streams/create-whip', order, 'owner', key)).status, 201)
  assert.equal(kit.media.inputs.size, 1)
})

test('a stream that cannot be saved leaves no live input behind', async () => {
  kit.effects.SaveStream = async () => {
    throw new Error('disk full')
  }
  const answer = await kit.post('/api/streams/create-whip', order, 'owner', { 'idempotency-key': 'tap-1' })
  assert.equal(answer.status, 503)
  await kit.workers.idle()
  assert.equal(kit.media.inputs.size, 0)
})

test('after an undone try the same key gets a new live input, though the provider refuses the old key', async () => {
  const key = { 'idempotency-key': 'tap-1' }
  const save = kit.effects.SaveStream
  kit.effects.SaveStream = async () => {
    throw new Error('disk full')
  }
  await kit.post('/api/streams/create-whip', order, 'owner', key)
  kit.effects.SaveStream = save
  const answer = await kit.post('/api/streams/create-whip', order, 'owner', key)
  assert.equal(answer.status, 201)
  const { stream } = await answer.json()
  await kit.workers.idle()
  assert.deepEqual([...kit.media.inputs.keys()], [stream.cloudflareInputId])
})

test('a media server that refuses, is silent, cut off or speaks nonsense is told in a sentence', async () => {
  await kit.close()
  kit = await createKit({ timeout: 300 })
  const faults = /** @type {[import('./media-api.js').MediaApi['fault'], number, string][]} */ ([
    [(_, response) => Boolean(response.writeHead(500).end('{}')), 502, 'provider-unavailable'],
    [() => true, 504, 'provider-timeout'],
    [(request) => Boolean(request.socket.destroy()), 502, 'provider-unavailable'],
    [(_, response) => Boolean(response.end('<html>')), 502, 'provider-unavailable'],
    [(_, response) => Boolean(response.end('{"result":{"uid":"x"}}')), 502, 'provider-unavailable'],
    [(_, response) => Boolean(response.end('{"result":null}')), 502, 'provider-unavailable'],
    [(_, response) => Boolean(response.end('[]')), 502, 'provider-unavailable'],
  ])
  for (const [fault, status, code] of faults) {
    kit.media.fault = fault
    const answer = await kit.post('/api/streams/create-whip', order, 'owner')
    const { error } = await answer.json()
    assert.deepEqual([answer.status, error.code], [status, code])
    assert.match(error.what, /^The video service .*\.$/)
  }
  assert.equal(await publicStream(kit), undefined)
})

test('an order that is incomplete is answered with what is wrong, and where', async () => {
  const rows = /** @type {[unknown, number, string | undefined, RegExp][]} */ ([
    [{ memorialId: 'm1' }, 422, '/title', /^The title is missing\.$/],
    [{ memorialId: 'm1', title: '   ' }, 422, '/title', /^The title is empty\.$/],
    [{ memorialId: 'm1', title: 7 }, 422, '/title', /^The title must be text\.$/],
    [{ memorialId: 'm1', title: 'a\nb' }, 422, '/title', /^The title must be a single line of text\.$/],
    [{ memorialId: 'm1', title: 'ü'.repeat(201) }, 422, '/title', /^The title is longer than 200 characters\.$/],
    [{ title: 'a' }, 422, '/memorialId', /^The memorial is missing\.$/],
    [{ ...order, enableMuxBackup: 'yes' }, 422, '/enableMuxBackup', /must be true or false\.$/],
    [[], 422, '', /^The request must be an object\.$/],
    ['{', 400, undefined, /not JSON/],
    ['', 400, undefined, /not JSON/],
    ['{"memorialId":"m1","title":"\\ud800"}', 400, undefined, /not JSON/],
  ])
  for (const [body, status, where, what] of rows) {
    const answer = await kit.post('/api/streams/create-whip', body, 'owner')
    const { success, error } = await answer.json()
    assert.deepEqual([success, answer.status, error.where], [false, status, where], JSON.stringify(body))
    assert.match(error.what, what)
  }
  assert.equal(kit.media.requests.length, 0)
})

test('a title of 200 characters of any script is taken, trimmed', async () => {
  const title = '追悼'.repeat(100)
  const { stream } = await (
    await kit.post('/api/streams/create-whip', { ...order, title: `  ${title} ` }, 'owner')
  ).json()
  assert.equal(stream.title, title)
})
