/** POST /api/webhooks/mux: who may speak, and what is believed. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, test } from 'node:test'
import { verifyMuxSignature } from '../../shim/signatures.js'
import { createKit, origin } from './kit.js'

const fixtures = new URL('../fixtures/webhook/', import.meta.url)
const read = (/** @type {string} */ name) => readFileSync(new URL(name, fixtures))

/** @type {import('./kit.js').Kit} */
let kit
beforeEach(async () => {
  kit = await createKit()
})
afterEach(() => kit.close())

/** A stream with a backup: its view, and Mux's live stream. */
async function withBackup() {
  const order = { memorialId: 'm1', title: 'Service for A. Example', enableMuxBackup: true }
  const { stream } = await (await kit.post('/api/streams/create-whip', order, 'owner')).json()
  const found = await kit.store.FindStream({ by: 'id', is: stream.id })
  return { id: stream.id, mux: kit.media.streams.get(found?.document.muxLiveStreamId) }
}

let number = 0
/** @param {string} type @param {any} data @param {string} [at] */
const event = (type, data, at = '2026-09-23T12:00:00.000000Z') => ({
  type: `video.${type}`,
  id: `00000000-0000-4000-8000-${String(++number).padStart(12, '0')}`,
  created_at: at,
  object: { type: type.startsWith('asset') ? 'asset' : 'live', id: data.id },
  environment: { name: 'Production', id: 'j0863n' },
  data,
  attempts: [],
})

/** @param {any} mux @param {object} [more] */
const asset = (mux, more = {}) => ({
  id: 'asset1',
  status: 'ready',
  is_live: false,
  live_stream_id: mux.id,
  passthrough: mux.passthrough,
  playback_ids: [{ policy: 'public', id: 'play1' }],
  duration: 7200.5,
  created_at: 1790163821,
  ...more,
})

/** @param {string} id */
const sources = async (id) => (await kit.store.FindStream({ by: 'id', is: id }))?.document.recordingSources

test("Mux's signatures are verified as its documentation says", async () => {
  const vectors = JSON.parse(read('vectors/signatures.json').toString())
  const [ok, rotated] = ['mux-ok', 'mux-rotated'].map((name) =>
    vectors.find((/** @type {any} */ each) => each.name === name),
  )
  const { header, secret, bodyFile, validAtUnix } = ok
  const body = read(bodyFile)
  const [t, v1] = header.split(',')
  const zeros = `v1=${'0'.repeat(64)}`
  /** @type {[string, string | undefined, Uint8Array, string, number, string][]} */
  const rows = [
    ['as it came', header, body, secret, validAtUnix, 'ok'],
    ['300 s later', header, body, secret, validAtUnix + 300, 'ok'],
    ['300 s before', header, body, secret, validAtUnix - 300, 'ok'],
    ['301 s later', header, body, secret, validAtUnix + 301, 'stale'],
    ['301 s before', header, body, secret, validAtUnix - 301, 'stale'],
    ['while the secret is changed', rotated.header, body, secret, validAtUnix, 'ok'],
    ['the right one first', `${header},${zeros}`, body, secret, validAtUnix, 'ok'],
    ['several wrong ones', `${t},${zeros},${zeros}`, body, secret, validAtUnix, 'wrong'],
    ['the parts in the other order', `${v1},${t}`, body, secret, validAtUnix, 'ok'],
    ['one byte more', header, new Uint8Array([...body, 10]), secret, validAtUnix, 'wrong'],
    ['another secret', header, body, 'x'.repeat(32), validAtUnix, 'wrong'],
    ['another time', header.replace(String(validAtUnix), String(validAtUnix + 1)), body, secret, validAtUnix, 'wrong'],
    ['an older scheme', header.replace('v1=', 'v0='), body, secret, validAtUnix, 'malformed'],
    ['half a signature', header.slice(0, -1), body, secret, validAtUnix, 'malformed'],
    ['no time', v1, body, secret, validAtUnix, 'malformed'],
    ['a time that is no number', header.replace('t=', 't=-'), body, secret, validAtUnix, 'malformed'],
    ['none', undefined, body, secret, validAtUnix, 'malformed'],
  ]
  for (const [name, value, content, key, now, expected] of rows) {
    assert.equal(await verifyMuxSignature(value, content, key, now), expected, name)
  }
})

test('an event that does not prove where it comes from is refused and changes nothing', async () => {
  const { id, mux } = await withBackup()
  const body = event('asset.live_stream_completed', asset(mux))
  const now = Math.floor(Date.now() / 1000)
  const answers = {
    'another secret': await kit.notifyMux(body, { secret: 'guess' }),
    'too old': await kit.notifyMux(body, { time: now - 330 }),
    'of the future': await kit.notifyMux(body, { time: now + 330 }),
    nonsense: await kit.notifyMux(body, { header: 'nonsense' }),
    'no proof': await kit.app.request(`${origin}/api/webhooks/mux`, { method: 'POST', body: JSON.stringify(body) }),
    "Cloudflare's secret": await kit.app.request(`${origin}/api/webhooks/mux`, {
      method: 'POST',
      headers: { 'cf-webhook-auth': 'a-shared-secret-of-notifications' },
      body: JSON.stringify(body),
    }),
  }
  for (const [name, answer] of Object.entries(answers)) {
    assert.equal(answer.status, 401, name)
    assert.match((await answer.json()).error.what, /^This notice does not prove/)
  }
  assert.equal((await sources(id)).mux?.available ?? false, false)
})

test('a finished recording can be played; what is ready while it is live is none', async () => {
  const { id, mux } = await withBackup()
  const answer = await kit.notifyMux(event('asset.ready', asset(mux, { is_live: true, duration: 10 })))
  assert.equal(answer.status, 200)
  assert.equal((await sources(id)).mux?.available ?? false, false, 'ready, but live')
  await kit.notifyMux(event('asset.live_stream_completed', asset(mux), '2026-09-23T12:00:01.000000Z'))
  const { available, duration, playbackUrl } = (await sources(id)).mux
  assert.deepEqual([available, duration], [true, 7200.5])
  assert.equal(playbackUrl, '/media/mux/play1.m3u8')
})

test('an event told twice is applied once', async () => {
  const { id, mux } = await withBackup()
  const body = event('asset.live_stream_completed', asset(mux))
  for (let i = 0; i < 2; i++) assert.equal((await kit.notifyMux(body)).status, 200)
  const once = await kit.store.FindStream({ by: 'id', is: id })
  await kit.notifyMux(body)
  assert.deepEqual(await kit.store.FindStream({ by: 'id', is: id }), once)
})

test("Mux's own examples are taken, though they are about streams we do not have", async () => {
  const names = ['created', 'connected', 'recording', 'active', 'disconnected', 'idle', 'disabled', 'deleted']
  const files = [
    ...names.map((name) => `webhook.live_stream.${name}.json`),
    'webhook.live_stream.warning.docs-example.json',
    'webhook.asset.created.live.json',
    'webhook.asset.errored.json',
    'webhook.asset.live_stream_completed.json',
    'webhook.asset.ready.docs-example.json',
    'webhook.asset.ready.live-start.json',
  ]
  for (const name of files) {
    const answer = await kit.notifyMux(read(`mux/${name}`).toString())
    assert.equal(answer.status, 200, name)
  }
})

test('what is not JSON or too large is refused; a store that fails is answered 503', async () => {
  const { id, mux } = await withBackup()
  assert.equal((await kit.notifyMux('{')).status, 400)
  assert.equal((await kit.notifyMux(`{"text":"${'x'.repeat(1024 * 1024)}"}`)).status, 413)
  const { UpdateStream } = kit.effects
  kit.effects.UpdateStream = async () => {
    throw new Error('disk full')
  }
  const body = event('asset.live_stream_completed', asset(mux))
  assert.equal((await kit.notifyMux(body)).status, 503)
  kit.effects.UpdateStream = UpdateStream
  assert.equal((await kit.notifyMux(body)).status, 200)
  assert.equal((await sources(id)).mux.available, true)
})
