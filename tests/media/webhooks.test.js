import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { defaults } from '../../media/config.js'
import { notification } from '../../media/payloads.js'
import { signature, Webhooks } from '../../media/webhooks.js'
import { secrets, until, webhookReceiver } from './media.js'

const lane = 'f256e6ea9341d51eea64c9454659e576'

/**
 * @param {import('node:test').TestContext} test
 * @param {Parameters<typeof webhookReceiver>[0]} [answer]
 */
async function given(test, answer) {
  const folder = await mkdtemp(path.join(tmpdir(), 'vigil-webhooks-'))
  const hooks = await webhookReceiver(answer)
  test.after(async () => {
    hooks.close()
    await rm(folder, { recursive: true, force: true })
  })
  const open = async (url = hooks.url, /** @type {{ parkedSeconds?: number }} */ options = {}) => {
    const config = { ...defaults, ...secrets, webhookUrl: url, muxWebhookUrl: url, log: () => {} }
    const webhooks = new Webhooks(folder, config, undefined, options)
    await webhooks.open()
    test.after(() => webhooks.close(0))
    return webhooks
  }
  return { folder, hooks, open }
}

test('the signature is the HMAC of time and body that Cloudflare documents', () => {
  // Computed with: printf '1700000000.{"hello":"wörld"}' | openssl dgst -sha256 -hmac whsec_test
  const expected = 'time=1700000000,sig1=397f1d45debc49c6efbc02c0518f70219990c91b15e7d9aaab777b558a02b5d0'
  assert.equal(signature('whsec_test', '{"hello":"wörld"}', 1700000000), expected)
})

test('a video webhook is signed over its bytes, a notification carries the shared secret', async (t) => {
  const { hooks, open } = await given(t)
  const webhooks = await open()
  await webhooks.send({ lane, kind: 'notification', what: 'n' }, notification(lane, 'connected'))
  await webhooks.send({ lane, kind: 'video', what: 'v' }, { uid: 'x', meta: { name: 'Gedenken für Zoë' }, status: {} })
  await until('both came', () => hooks.taken.length === 2)
  const [first, second] = hooks.taken

  assert.equal(first.headers['cf-webhook-auth'], secrets.webhookAuthSecret)
  assert.equal(first.headers['webhook-signature'], undefined)
  assert.equal(first.body.data.event_type, 'live_input.connected')
  assert.match(first.body.data.updated_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)

  const [, time, hex] = /^time=(\d+),sig1=([0-9a-f]{64})$/.exec(String(second.headers['webhook-signature'])) ?? []
  assert.ok(Math.abs(Number(time) - Date.now() / 1000) < 10)
  const own = createHmac('sha256', secrets.webhookSecret).update(`${time}.`).update(second.text).digest('hex')
  assert.equal(hex, own)
  assert.equal(second.headers['cf-webhook-auth'], undefined)
})

test('what is answered with 500 is sent again, in order; another input need not wait', async (t) => {
  let failures = 0
  const { folder, hooks, open } = await given(t, ({ body }) => (body.n === 1 && failures++ < 2 ? 500 : 200))
  const webhooks = await open()
  for (const n of [1, 2, 3]) await webhooks.send({ lane, kind: 'notification', what: 'n' }, { n, data: {} })
  await webhooks.send({ lane: 'other', kind: 'notification', what: 'n' }, { n: 4, data: {} })
  await until('all came', () => hooks.taken.length === 4)
  assert.equal(hooks.taken[0].body.n, 4)
  assert.deepEqual(
    hooks.taken.slice(1).map(({ body }) => body.n),
    [1, 2, 3],
  )
  assert.equal(hooks.all.length, 6)
  await until('nothing is left on disk', async () => (await readdir(folder)).length === 0)
})

test('a body that is refused again and again is given up, and does not hold up the next', async (t) => {
  const { hooks, open } = await given(t, ({ body }) => (body.n === 1 ? 400 : 200))
  const webhooks = await open()
  for (const n of [1, 2]) await webhooks.send({ lane, kind: 'notification', what: 'n' }, { n, data: {} })
  await until('the second came', () => hooks.taken.length === 1)
  assert.equal(hooks.taken[0].body.n, 2)
})

test('what a recording needs is never given up: refused or old, it is put aside and sent again later', async (t) => {
  let refuses = true
  const { folder, hooks, open } = await given(t, ({ body }) => (refuses && body.n !== 4 ? 422 : 200))
  const webhooks = await open(hooks.url, { parkedSeconds: 1 })
  const [notification, video, mux] = /** @type {const} */ (['notification', 'video', 'mux'])
  await webhooks.send({ lane, kind: video, what: 'video.ready' }, { n: 1 })
  await webhooks.send({ lane, kind: notification, what: 'live_input.connected' }, { n: 2 })
  await webhooks.send({ lane, kind: mux, what: 'video.asset.live_stream_completed' }, { n: 3 })
  await webhooks.send({ lane, kind: notification, what: 'live_input.connected' }, { n: 4 })
  // The one behind them has been let through: they do not stand in its way.
  await until('the last one came', () => hooks.taken.some(({ body }) => body.n === 4), 60)
  await until('two are kept', async () => (await readdir(folder)).length === 2)
  refuses = false
  await until('both came', () => hooks.taken.length === 3)
  assert.deepEqual(hooks.taken.map(({ body }) => body.n).sort(), [1, 3, 4])
  await until('nothing is left on disk', async () => (await readdir(folder)).length === 0)
})

test('a video notice older than a day is not dropped', async (t) => {
  const { folder, hooks, open } = await given(t)
  const unreachable = await open('http://127.0.0.1:9/')
  await unreachable.send({ lane, kind: 'video', what: 'video.ready' }, { n: 1 })
  await unreachable.send({ lane, kind: 'notification', what: 'live_input.connected' }, { n: 2 })
  await unreachable.close(0)
  for (const name of await readdir(folder)) {
    const message = JSON.parse(await readFile(path.join(folder, name), 'utf8'))
    await writeFile(path.join(folder, name), JSON.stringify({ ...message, created: Date.now() - 25 * 3600_000 }))
  }
  const failing = await open('http://127.0.0.1:9/')
  await until('one is dropped, one is put aside', async () => (await readdir(folder)).length === 1)
  await failing.close(0)
  await open()
  await until('it came', () => hooks.taken.length === 1)
  assert.equal(hooks.taken[0].body.n, 1)
})

test('what could not be delivered is delivered after a restart, in order', async (t) => {
  const { folder, hooks, open } = await given(t)
  const unreachable = await open('http://127.0.0.1:9/')
  for (const n of [1, 2, 3]) await unreachable.send({ lane, kind: 'notification', what: 'n' }, { n, data: {} })
  await unreachable.close(0)
  assert.equal((await readdir(folder)).length, 3)
  await open()
  await until('all came', () => hooks.taken.length === 3)
  assert.deepEqual(
    hooks.taken.map(({ body }) => body.n),
    [1, 2, 3],
  )
})

test('notifications compare as text in the order they happened', () => {
  const times = Array.from({ length: 100 }, () => notification(lane, 'connected').data.updated_at)
  assert.deepEqual([...times].sort(), times)
  assert.equal(new Set(times).size, 100)
})
