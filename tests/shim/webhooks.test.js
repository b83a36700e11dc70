import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, test } from 'node:test'
import { sameSecret, verifySignature } from '../../shim/signatures.js'
import {
  createKit,
  createStream,
  notification,
  origin,
  publicStream,
  video,
  webhookAuthSecret,
  webhookSecret,
} from './kit.js'

const fixtures = new URL('../fixtures/webhook/', import.meta.url)
const read = (/** @type {string} */ name) => readFileSync(new URL(name, fixtures))

/** @type {import('./kit.js').Kit} */
let kit
/** @type {string} */
let input
beforeEach(async () => {
  kit = await createKit()
  input = (await createStream(kit)).cloudflareInputId
})
afterEach(() => kit.close())

test("Cloudflare's signatures are verified as their documentation says, over the bytes as they came", async () => {
  const vectors = JSON.parse(read('vectors/signatures.json').toString())
  const { header, secret, bodyFile, validAtUnix } = vectors.find((/** @type {any} */ { name }) => name === 'cf-ok')
  const tampered = vectors.find((/** @type {any} */ { name }) => name === 'cf-tampered')
  const body = read(bodyFile)
  const more = new Uint8Array([...body, 10])
  const [time, sig] = header.split(',')
  /** @type {[string, string | undefined, Uint8Array, string, number, string][]} */
  const rows = [
    ['as it came', header, body, secret, validAtUnix, 'ok'],
    ['300 s later', header, body, secret, validAtUnix + 300, 'ok'],
    ['300 s before', header, body, secret, validAtUnix - 300, 'ok'],
    ['301 s later', header, body, secret, validAtUnix + 301, 'stale'],
    ['301 s before', header, body, secret, validAtUnix - 301, 'stale'],
    ['the parts in the other order', `${sig}, ${time}`, body, secret, validAtUnix, 'ok'],
    ['a part we do not know', `${header},sig2=00`, body, secret, validAtUnix, 'ok'],
    ['one byte more', header, more, secret, validAtUnix, 'wrong'],
    ['one byte less', header, body.subarray(1), secret, validAtUnix, 'wrong'],
    ['another secret', header, body, 'x'.repeat(32), validAtUnix, 'wrong'],
    ['tampered with', tampered.header, body, secret, validAtUnix, 'wrong'],
    ['another time', header.replace(String(validAtUnix), String(validAtUnix + 1)), body, secret, validAtUnix, 'wrong'],
    ['no time', sig, body, secret, validAtUnix, 'malformed'],
    ['no signature', time, body, secret, validAtUnix, 'malformed'],
    ['half a signature', header.slice(0, -1), body, secret, validAtUnix, 'malformed'],
    ['a time that is no number', header.replace('time=', 'time=-'), body, secret, validAtUnix, 'malformed'],
    ['nonsense', 'x', body, secret, validAtUnix, 'malformed'],
    ['empty', '', body, secret, validAtUnix, 'malformed'],
    ['none', undefined, body, secret, validAtUnix, 'malformed'],
  ]
  for (const [name, value, content, key, now, expected] of rows) {
    assert.equal(await verifySignature(value, content, key, now), expected, name)
  }
})

test('shared secrets are compared whole', async () => {
  assert.equal(await sameSecret('abc', 'abc'), true)
  for (const given of ['', 'ab', 'abcd', 'abC', 'xbc']) assert.equal(await sameSecret(given, 'abc'), false, given)
})

test('a notice that does not prove where it comes from is refused and changes nothing', async () => {
  const live = notification('connected', input, '2026-09-23T10:00:00Z')
  const now = Math.floor(Date.now() / 1000)
  const answers = {
    'no proof': await kit.notify(live, {}),
    'another secret': await kit.notify(live, { 'cf-webhook-auth': 'guess' }),
    'an empty secret': await kit.notify(live, { 'cf-webhook-auth': '' }),
    'a signature of another': await kit.notifyVideo(video(input), { secret: 'guess' }),
    'too old': await kit.notifyVideo(video(input), { time: now - 400 }),
    'too new': await kit.notifyVideo(video(input), { time: now + 400 }),
    'a malformed signature': await kit.notify(live, { 'webhook-signature': 'time=1' }),
    // The shared secret does not make up for a wrong signature.
    both: await kit.notify(live, { 'webhook-signature': 'time=1', 'cf-webhook-auth': webhookAuthSecret }),
  }
  for (const [name, answer] of Object.entries(answers)) {
    assert.equal(answer.status, 401, name)
    assert.match((await answer.json()).error.what, /^This notice does not prove .*\.$/)
  }
  assert.equal((await publicStream(kit)).status, 'ready')
  assert.ok(!JSON.stringify(kit.logged).includes(webhookSecret))
})

test('a service from its first picture to its recording', async () => {
  const phases = [(await publicStream(kit)).phase]
  const told = async (/** @type {Promise<Response> | Response} */ answer) => {
    assert.equal((await answer).status, 200)
    phases.push((await publicStream(kit)).phase)
  }
  await told(kit.notify(notification('connected', input, '2026-09-23T10:00:00.000000001Z')))
  await told(kit.notify(notification('disconnected', input, '2026-09-23T10:30:00Z', { reason: 'lost' })))
  await told(kit.notify(notification('connected', input, '2026-09-23T10:30:20Z')))
  await told(kit.notify(notification('disconnected', input, '2026-09-23T12:00:00Z', { reason: 'stopped' })))
  await told(kit.notifyVideo(video(input)))
  assert.deepEqual(phases, ['waiting', 'live', 'interrupted', 'live', 'preparing', 'recording'])

  const stream = await publicStream(kit)
  assert.equal(stream.status, 'completed')
  assert.equal(stream.recordingUrl, `${origin}/media/6b9e68b07dfee8cc2d116e4c51d6a957/manifest/video.m3u8`)
  assert.equal(stream.downloadUrl, `${origin}/media/6b9e68b07dfee8cc2d116e4c51d6a957/downloads/default.mp4`)
  assert.equal(stream.duration, 7200)
  assert.deepEqual(stream.recordingSources.cloudflare, {
    available: true,
    duration: 7200,
    playbackUrl: stream.recordingUrl,
  })
  assert.equal(stream.startedAt, '2026-09-23T10:00:00.000Z')
  assert.equal(stream.endedAt, '2026-09-23T12:00:00.000Z')
})

test('the same notices, in another order and repeated, all at once, end the same way', async () => {
  /** @param {import('./kit.js').Kit} to @param {string} about */
  const notices = (to, about) => [
    () => to.notify(notification('connected', about, '2026-09-23T10:00:00Z')),
    () => to.notify(notification('disconnected', about, '2026-09-23T10:30:00Z')),
    () => to.notify(notification('connected', about, '2026-09-23T10:30:20Z')),
    () => to.notify(notification('disconnected', about, '2026-09-23T12:00:00Z', { reason: 'stopped' })),
    () => to.notifyVideo(video(about)),
    () => to.notifyVideo(video(about, { uid: 'another', duration: 12, created: '2026-09-23T09:00:00Z' })),
  ]
  // What differs from stream to stream, made the same.
  const comparable = (/** @type {any} */ stream, /** @type {string} */ about) =>
    JSON.parse(JSON.stringify({ ...stream, id: '', createdAt: '', updatedAt: '' }).replaceAll(about, 'input'))

  for (const tell of notices(kit, input)) await tell()
  const expected = comparable(await publicStream(kit), input)
  assert.equal(expected.phase, 'recording')
  for (let round = 0; round < 5; round++) {
    const other = await createKit()
    const about = (await createStream(other)).cloudflareInputId
    const mixed = [...notices(other, about), ...notices(other, about)].sort(() => Math.random() - 0.5)
    for (const answer of await Promise.all(mixed.map((tell) => tell()))) assert.equal(answer.status, 200)
    assert.deepEqual(comparable(await publicStream(other), about), expected)
    await other.close()
  }
})

test('a notice that brings nothing new writes nothing', async () => {
  await kit.notify(notification('connected', input, '2026-09-23T10:00:00Z'))
  const before = await kit.effects.FindStream({ by: 'cloudflareInputId', is: input })
  const answer = await kit.notify(notification('connected', input, '2026-09-23T10:00:00.000Z'))
  assert.equal((await answer.json()).what, 'nothing new')
  assert.deepEqual(await kit.effects.FindStream({ by: 'cloudflareInputId', is: input }), before)
})

test('"disconnected" is not taken for "connected", nor anything else', async () => {
  for (const event of ['live_input.reconnected', 'connected', 'live_input.connected ']) {
    const body = notification('connected', input, '2026-09-23T10:00:00Z')
    body.data.event_type = event
    assert.equal((await kit.notify(body)).status, 200)
    assert.equal((await publicStream(kit)).status, 'ready', event)
  }
})

test("Cloudflare's own examples are taken", async () => {
  for (const name of [
    'notification.live_input.connected',
    'notification.full-envelope',
    'notification.save-and-test',
  ]) {
    assert.equal((await kit.notify(read(`cloudflare/${name}.json`).toString())).status, 200, name)
  }
  for (const name of ['webhook.video-ready.live-recording', 'webhook.video-ready.upload.docs-example']) {
    assert.equal((await kit.notifyVideo(read(`cloudflare/${name}.json`).toString())).status, 200, name)
  }
})

test('an unknown input is acknowledged; what is not JSON or too large is not', async () => {
  const unknown = await kit.notify(notification('connected', '0'.repeat(32), '2026-09-23T10:00:00Z'))
  assert.deepEqual(await unknown.json(), { success: true, what: 'unknown input' })
  assert.equal((await kit.notify('{')).status, 400)
  assert.equal((await kit.notifyVideo('<html>')).status, 400)
  assert.equal((await kit.notify(`{"text":"${'x'.repeat(1024 * 1024)}"}`)).status, 413)
})

test('a store that fails is answered 503, so that the notice comes again', async () => {
  const { UpdateStream } = kit.effects
  kit.effects.UpdateStream = async () => {
    throw new Error('disk full')
  }
  const body = notification('connected', input, '2026-09-23T10:00:00Z')
  assert.equal((await kit.notify(body)).status, 503)
  kit.effects.UpdateStream = UpdateStream
  assert.equal((await kit.notify(body)).status, 200)
  assert.equal((await publicStream(kit)).phase, 'live')
})

test('what the provider refused about the media is told to those who manage the stream, until it works', async () => {
  const error = { code: 'ERR_GOP_OUT_OF_RANGE', message: 'Input GOP size or keyframe interval is out of range.' }
  await kit.notify(notification('errored', input, '2026-09-23T10:00:00Z', { live_input_errored: { error } }))
  const { id } = await publicStream(kit)
  const full = async () => (await (await kit.get(`/api/streams/${id}`, 'owner')).json()).stream
  assert.equal((await full()).inputError.code, error.code)
  assert.equal((await publicStream(kit)).inputError, undefined)
  await kit.notify(notification('connected', input, '2026-09-23T10:01:00Z'))
  assert.equal((await full()).inputError, undefined)
})
