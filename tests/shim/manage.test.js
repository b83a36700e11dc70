/** Managing a stream: another title, other keys, the backup once more, removal, checking again; and what the relay asks. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { createKit, createStream, notification, origin, paths, publicStream, video } from './kit.js'

/** @type {import('./kit.js').Kit} */
let kit
/** @type {{ later: number }} */
let clock
beforeEach(async () => {
  clock = { later: 0 }
  kit = await createKit({ clock: () => Date.now() + clock.later })
})
afterEach(() => kit.close())

const stored = async (/** @type {string} */ id) => (await kit.store.FindStream({ by: 'id', is: id }))?.document
const full = async (/** @type {string} */ id) => (await (await kit.get(`/api/streams/${id}`, 'owner')).json()).stream
const withBackup = { memorialId: 'm1', title: 'Service', enableMuxBackup: true }

/** What a path of production is like. @type {import('../../shim/app.js').Paths} */
const relayed = { ...paths, provider: 'cloudflare', relayUrl: `${origin}/media/` }

test('a stream is renamed by those who may manage it', async () => {
  const { id } = await createStream(kit)
  const answer = await kit.send('PATCH', `/api/streams/${id}`, { title: '  Another ' }, 'director')
  assert.equal(answer.status, 200)
  assert.equal((await answer.json()).stream.title, 'Another')
  assert.equal((await publicStream(kit)).title, 'Another')
  for (const body of [{}, { title: '' }, { title: 7 }, { title: 'Service', scheduledAt: 'tomorrow' }]) {
    assert.equal((await kit.send('PATCH', `/api/streams/${id}`, body, 'owner')).status, 422)
  }
})

test('when a service is planned to begin is said at its creation, changed, kept and taken back', async () => {
  const order = { memorialId: 'm1', title: 'Planned', scheduledAt: '2026-11-20T10:00:00.000Z' }
  const answer = await kit.post('/api/streams/create-whip', order, 'owner')
  assert.equal(answer.status, 201)
  const { id } = (await answer.json()).stream
  const planned = async () => {
    const { streams } = await (await kit.get('/api/memorials/m1')).json()
    return streams.find((/** @type {{ id: string }} */ stream) => stream.id === id).scheduledAt
  }
  assert.equal(await planned(), '2026-11-20T10:00:00.000Z')
  const change = (/** @type {object} */ body) =>
    kit.send('PATCH', `/api/streams/${id}`, { title: 'Planned', ...body }, 'owner')
  await change({ scheduledAt: '2026-11-20T11:30:00.000Z' })
  assert.equal(await planned(), '2026-11-20T11:30:00.000Z')
  await change({})
  assert.equal(await planned(), '2026-11-20T11:30:00.000Z')
  await change({ scheduledAt: '' })
  assert.equal(await planned(), undefined)
  const refused = await kit.post('/api/streams/create-whip', { ...order, scheduledAt: 'soon' }, 'owner')
  assert.equal(refused.status, 422)
  assert.match((await refused.json()).error.what, /^The time must be a time in UTC/)
})

test('a removed stream is gone everywhere: on the page, in the store, at the providers', async () => {
  const { stream } = await (await kit.post('/api/streams/create-whip', withBackup, 'owner')).json()
  assert.deepEqual([kit.media.inputs.size, kit.media.streams.size], [1, 1])
  assert.equal((await kit.send('DELETE', `/api/streams/${stream.id}`, undefined, 'owner')).status, 200)
  assert.equal(await publicStream(kit), undefined)
  await kit.workers.idle()
  assert.deepEqual([kit.media.inputs.size, kit.media.streams.size], [0, 0])
  assert.equal((await kit.send('DELETE', `/api/streams/${stream.id}`, undefined, 'owner')).status, 404)
})

test('what cannot be deleted at a provider now is deleted later', async () => {
  const { id } = await createStream(kit)
  kit.media.fault = (_, response) => Boolean(response.writeHead(503).end('{}'))
  assert.equal((await kit.send('DELETE', `/api/streams/${id}`, undefined, 'owner')).status, 200)
  await kit.workers.idle()
  assert.equal(kit.media.inputs.size, 1)
  kit.media.fault = null
  clock.later += 3600_000
  await kit.workers.round()
  assert.equal(kit.media.inputs.size, 0)
  assert.deepEqual(await kit.store.dueIntents('9', 9), [])
})

test('a stream that is live is not removed', async () => {
  const { id, cloudflareInputId } = await createStream(kit)
  await kit.notify(notification('connected', cloudflareInputId, new Date().toISOString()))
  const answer = await kit.send('DELETE', `/api/streams/${id}`, undefined, 'owner')
  assert.equal(answer.status, 409)
  assert.match((await answer.json()).error.what, /^[A-Z].*\.$/)
  assert.equal(kit.media.inputs.size, 1)
})

test('a stream goes with its recordings, once they are made', async () => {
  const { id, cloudflareInputId: input } = await createStream(kit)
  await kit.notify(notification('connected', input, '2026-09-23T10:00:00Z'))
  await kit.notify(notification('disconnected', input, '2026-09-23T12:00:00Z', { reason: 'stopped' }))
  const early = await kit.send('DELETE', `/api/streams/${id}`, undefined, 'owner')
  assert.equal(early.status, 409)
  assert.equal((await early.json()).error.code, 'is-unfinished')
  const recording = video(input)
  kit.media.inputs.get(input).videos.push(recording)
  await kit.post(`/api/streams/${id}/check`, {}, 'owner')
  assert.equal((await kit.send('DELETE', `/api/streams/${id}`, undefined, 'owner')).status, 200)
  await kit.workers.idle()
  const gone = kit.media.requests.filter(({ method }) => method === 'DELETE').map(({ path }) => path.split('/').at(-1))
  assert.deepEqual(gone, [input, recording.uid])
})

test('new keys make the old ones useless', async () => {
  for (const method of /** @type {const} */ (['whip', 'obs'])) {
    const before = await createStream(kit, 'Service', method)
    const answer = await kit.post(`/api/streams/${before.id}/rotate-keys`, {}, 'owner')
    assert.equal(answer.status, 200)
    const { stream } = await answer.json()
    const key = method === 'obs' ? 'streamKey' : 'whipUrl'
    assert.notEqual(stream[key], before[key])
    assert.deepEqual(await full(before.id), stream)
  }
})

test('a backup that failed is made when asked again', async () => {
  kit.media.fault = (request, response) =>
    Boolean(request.url?.includes('/mux/') && request.method === 'POST' && response.writeHead(500).end('{}'))
  const { stream, warnings } = await (await kit.post('/api/streams/create-whip', withBackup, 'owner')).json()
  assert.equal(stream.backup, 'failed')
  assert.ok(warnings.length)
  kit.media.fault = null
  const answer = await kit.post(`/api/streams/${stream.id}/retry-backup`, {}, 'owner')
  assert.equal(answer.status, 200)
  assert.equal((await answer.json()).stream.backup, 'ready')
  const { muxLiveStreamId, muxStreamKey } = await stored(stream.id)
  const { outputs } = kit.media.inputs.get(stream.cloudflareInputId)
  assert.equal(outputs.length, 1)
  assert.equal(outputs[0].streamKey, muxStreamKey)
  clock.later += 2 * 24 * 3600_000
  await kit.workers.round()
  assert.deepEqual([...kit.media.streams.keys()], [muxLiveStreamId])
})

test('a recording whose notice never came is found by checking again', async () => {
  const { id, cloudflareInputId: input } = await createStream(kit)
  await kit.notify(notification('connected', input, '2026-09-23T10:00:00Z'))
  await kit.notify(notification('disconnected', input, '2026-09-23T12:00:00Z', { reason: 'stopped' }))
  assert.equal((await publicStream(kit)).phase, 'preparing')
  kit.media.inputs.get(input).videos.push(video(input))
  const answer = await kit.post(`/api/streams/${id}/check`, {}, 'owner')
  assert.equal(answer.status, 200)
  assert.equal((await answer.json()).stream.phase, 'recording')
  assert.equal((await publicStream(kit)).phase, 'recording')
})

test('or it is found without anybody asking', async () => {
  const { id, cloudflareInputId: input } = await createStream(kit)
  const at = (/** @type {number} */ ms) => new Date(Date.now() + ms).toISOString()
  await kit.notify(notification('connected', input, at(-60_000)))
  await kit.notify(notification('disconnected', input, at(-1000), { reason: 'stopped' }))
  assert.ok((await stored(id)).nextCheckAt, 'a check is planned')
  kit.media.inputs.get(input).videos.push(video(input, { created: at(-60_000), modified: at(0), duration: 59 }))
  clock.later += 3600_000
  await kit.workers.round()
  assert.equal((await publicStream(kit)).phase, 'recording')
})

test('when there is no recording in the end, the page says so, and why', async () => {
  const { cloudflareInputId: input } = await createStream(kit)
  const at = (/** @type {number} */ ms) => new Date(Date.now() + ms).toISOString()
  await kit.notify(notification('connected', input, at(-60_000)))
  await kit.notify(notification('disconnected', input, at(-1000), { reason: 'stopped' }))
  for (let hours = 0; hours < 12; hours++) {
    clock.later += 1800_000
    await kit.workers.round()
  }
  const { phase, reason } = await publicStream(kit)
  assert.equal(phase, 'none')
  assert.match(reason, /^[A-Z].*\.$/)
})

test('the relay learns what a key may do, if it proves itself', async () => {
  await kit.close()
  kit = await createKit({ paths: relayed })
  const { id, whipUrl, rtmpUrl, streamKey } = await createStream(kit)
  const [, key] = whipUrl.match(/\/media\/([0-9a-f]{32}k[0-9a-f]{32})\/webRTC\/publish$/)
  assert.deepEqual([rtmpUrl, streamKey], [undefined, undefined], "the provider's own key is not the family's business")
  const answer = await kit.askAsRelay(key)
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  const [input] = kit.media.inputs.values()
  assert.deepEqual(await answer.json(), {
    streamId: id,
    cloudflareInputId: input.uid,
    rtmpUrl: input.rtmps.url,
    streamKey: input.rtmps.streamKey,
    enabled: true,
  })
  for (const bearer of ['guess', '']) assert.equal((await kit.askAsRelay(key, bearer)).status, 401)
  assert.equal((await kit.get(`/api/relay/${key}`, 'admin')).status, 401, 'a person does not')
  assert.equal((await kit.askAsRelay(`${'0'.repeat(32)}k${'0'.repeat(32)}`)).status, 404)
  assert.equal((await kit.askAsRelay('nonsense')).status, 404)

  const rotated = await (await kit.post(`/api/streams/${id}/rotate-keys`, {}, 'owner')).json()
  assert.equal((await kit.askAsRelay(key)).status, 404, 'the old key')
  const [, fresh] = rotated.stream.whipUrl.match(/\/media\/(\w+)\/webRTC/)
  assert.equal((await kit.askAsRelay(fresh)).status, 200)
  await kit.send('DELETE', `/api/streams/${id}`, undefined, 'owner')
  assert.equal((await kit.askAsRelay(fresh)).status, 404, 'of a stream that was removed')
})

test('straight to Cloudflare there is neither recording nor backup, and the person is told', async () => {
  await kit.close()
  kit = await createKit({ paths: { ...relayed, ingest: 'direct', relayUrl: '' } })
  const answer = await kit.post('/api/streams/create-whip', withBackup, 'owner')
  const { stream, warnings } = await answer.json()
  assert.equal(answer.status, 201)
  assert.deepEqual(stream.capabilities, { records: false, hls: false, outputs: false, whep: true })
  assert.match(warnings[0].what, /^[A-Z].*\.$/)
  assert.equal(kit.media.streams.size, 0)
})
