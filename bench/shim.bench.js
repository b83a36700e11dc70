/**
 * Webhooks and creations per second of one shim on the embedded store, and beside it, in the same run, of bare Hono
 * handlers that make the same calls to the same store but decide nothing. Providers answer at once: what is measured is
 * ours.
 */
import { serve } from '@hono/node-server'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Hono } from 'hono'
import { createApp } from '../shim/app.js'
import { loadCore } from '../shim/core.js'
import { openDatabase } from '../shim/ports/database.js'
import { openStore } from '../shim/ports/store-sqlite.js'
import { effectsOf } from '../shim/run.js'
import { sameSecret } from '../shim/signatures.js'

const clients = 16
const rounds = 3
const streams = 50
const webhooks = 4000
const creations = 1500
const secret = 'a-secret-of-this-measurement'
const user = { uid: 'admin', name: 'Administrator', role: /** @type {const} */ ('admin') }
const memorialId = 'm1'

/** @typedef {ReturnType<typeof openStore>} Store */
/** @typedef {import('./load.js').Post} Post */

/** @param {string} streamId  what Cloudflare answers to a creation */
const input = (streamId) => {
  const uid = streamId.replaceAll('-', '')
  return {
    uid,
    rtmps: { url: 'rtmps://live.test/live/', streamKey: `${uid}k${uid}` },
    webRTC: { url: `https://customer.test/${uid}k${uid}/webRTC/publish` },
    webRTCPlayback: { url: `https://customer.test/${uid}/webRTC/play` },
    playback: { hls: `https://customer.test/${uid}/manifest/video.m3u8` },
  }
}

/** @param {Store} store */
async function ours(store) {
  const providers = {
    CreateInput: async (/** @type {{ streamId: string }} */ { streamId }) => input(streamId),
    DeleteInput: async () => {},
  }
  return createApp({
    core: await loadCore(),
    ports: {
      effects: effectsOf(store, providers),
      changes: store,
      identity: /** @type {any} */ ({ verifySession: async () => user }),
      limits: { take: async () => 0 },
      checks: {},
    },
    publicUrl: 'http://vigil.test',
    mediaBase: '',
    trustProxy: false,
    webhookSecret: secret,
    webhookAuthSecret: secret,
    muxWebhookSecret: secret,
    paths: { ingest: 'relay', provider: 'embedded', relayUrl: '', mux: false, muxPlaybackBase: '' },
    webFolder: '',
    log: () => {},
  })
}

/** The same calls to the store, and nothing decided. @param {Store} store */
async function bare(store) {
  const app = new Hono()
  app.post('/api/webhooks/stream-status', async (c) => {
    if (!(await sameSecret(c.req.header('cf-webhook-auth') ?? '', secret))) return c.json({}, 401)
    const { data } = await c.req.json()
    const found = await store.FindStream({ by: 'cloudflareInputId', is: data.input_id })
    if (!found) return c.json({ success: true })
    const { id } = found.document
    const set = { connectedAt: data.updated_at, status: 'live', updatedAt: new Date().toISOString() }
    const eventKey = `${data.input_id}:${data.event_type}:${data.updated_at}`
    await store.UpdateStream({ id, version: found.version, set, view: {}, eventKey }).catch(() => {})
    return c.json({ success: true })
  })
  app.post('/api/streams/create-whip', async (c) => {
    const { title } = await c.req.json()
    const id = randomUUID()
    const now = new Date().toISOString()
    const made = input(id)
    await store.FindMemorial({ memorialId })
    await store.SaveIntent({ id, document: { id, phase: 'making', due: now } })
    await store.ClaimKey({ uid: user.uid, key: c.req.header('idempotency-key') ?? '', streamId: id, order: title, now })
    const document = { id, memorialId, title, cloudflareInputId: made.uid, whipUrl: made.webRTC.url, createdAt: now }
    await store.SaveStream({ id, document, view: document, intent: null })
    return c.json({ success: true, stream: document }, 201)
  })
  return app
}

/** @param {number} count @returns {Post[]} */
const orders = (count) =>
  Array.from({ length: count }, (_, n) => ({
    path: '/api/streams/create-whip',
    headers: {
      'content-type': 'application/json',
      origin: 'http://vigil.test',
      cookie: '__session=any',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify({ memorialId, title: `Service ${n}` }),
  }))

/** @param {string[]} inputs @returns {Post[]} */
const notices = (inputs) =>
  Array.from({ length: webhooks }, (_, n) => ({
    path: '/api/webhooks/stream-status',
    headers: { 'content-type': 'application/json', 'cf-webhook-auth': secret },
    body: JSON.stringify({
      name: 'Stream live inputs',
      text: '',
      data: {
        notification_name: 'Stream Live Input',
        input_id: inputs[n % inputs.length],
        event_type: `live_input.${Math.floor(n / inputs.length) % 2 ? 'disconnected' : 'connected'}`,
        updated_at: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(),
      },
      ts: 0,
    }),
  }))

/**
 * @param {string} url
 * @param {Post[]} posts
 * @returns {Promise<{ perSecond: number, p99: number }>}
 */
async function measure(url, posts) {
  const worker = new Worker(new URL('load.js', import.meta.url), { workerData: { url, posts, clients } })
  const { seconds, took, statuses } = await new Promise((resolve, reject) => {
    worker.once('message', resolve).once('error', reject)
  })
  const refused = Object.keys(statuses).filter((status) => !status.startsWith('2'))
  if (refused.length) throw new Error(`not all were taken: ${JSON.stringify(statuses)}`)
  took.sort((/** @type {number} */ a, /** @type {number} */ b) => a - b)
  return { perSecond: took.length / seconds, p99: took[Math.floor(took.length * 0.99)] }
}

/** @param {(store: Store) => Promise<{ fetch: any }>} make */
async function once(make) {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-bench-'))
  const database = openDatabase(join(folder, 'vigil.sqlite'))
  const store = openStore(database)
  await store.SaveMemorial({
    id: memorialId,
    document: { id: memorialId, name: 'A. Example', ownerUid: 'admin', createdAt: '2026-01-01T00:00:00.000Z' },
  })
  const app = await make(store)
  /** @type {import('node:http').Server} */
  const server = await new Promise((resolve) => {
    const starting = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () =>
      resolve(/** @type {any} */ (starting)),
    )
  })
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  const url = `http://127.0.0.1:${port}`
  try {
    await measure(url, orders(streams)) // warms up, and makes what the webhooks are about
    const inputs = (await store.FindStreams({ memorialId })).map(({ cloudflareInputId }) => cloudflareInputId)
    return { webhook: await measure(url, notices(inputs)), create: await measure(url, orders(creations)) }
  } finally {
    server.close()
    database.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** @param {import('./run.js').Report} report */
export async function bench(report) {
  const runs = []
  for (let round = 0; round < rounds; round++) runs.push({ ours: await once(ours), bare: await once(bare) })
  const median = (/** @type {number[]} */ values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
  const how = `${clients} clients, ${rounds} rounds, median; SQLite, one fsync a commit`
  for (const what of /** @type {const} */ (['webhook', 'create'])) {
    report(`${what}_per_s`, median(runs.map((run) => run.ours[what].perSecond)), '1/s', how)
    report(`${what}_p99_ms`, median(runs.map((run) => run.ours[what].p99)), 'ms', how)
    const ratio = median(runs.map((run) => run.ours[what].perSecond / run.bare[what].perSecond))
    report(`${what}_ratio_bare`, ratio, 'ratio', 'ours / bare Hono with the same calls to the same store, same run')
  }
}
