/** The app with its real ports on a database in memory, the real core, and the media server's API played by a fake. */
import { createHmac } from 'node:crypto'
import { createApp } from '../../shim/app.js'
import { loadCore } from '../../shim/core.js'
import { openCloudflare } from '../../shim/ports/cloudflare.js'
import { openDatabase } from '../../shim/ports/database.js'
import { openLimits } from '../../media/limits.js'
import { openIdentity } from '../../shim/ports/local-identity.js'
import { openMux } from '../../shim/ports/mux.js'
import { openStore } from '../../shim/ports/store-sqlite.js'
import { carrier, effectsOf } from '../../shim/run.js'
import { createWorkers } from '../../shim/workers.js'
import { assertNothingSecret } from '../harness/secrets.js'
import { startMediaApi } from './media-api.js'

export const origin = 'http://vigil.test'
export const webhookSecret = '85011ed3a913c6ad5f9cf6c5573cc0a7'
export const webhookAuthSecret = 'a-shared-secret-of-notifications'
export const muxWebhookSecret = 'the-secret-of-mux-webhooks-here'
const token = 'the-media-api-token-of-this-test'
/** @type {import('../../shim/app.js').Paths} */
export const paths = {
  ingest: 'relay',
  provider: 'embedded',
  relayUrl: '',
  mux: true,
  muxPlaybackBase: `${origin}/media/mux`,
}

/** Everybody there is, by what they are to memorial `m1`. */
export const people = /** @type {const} */ ({
  admin: { uid: 'admin', name: 'Administrator', role: 'admin' },
  owner: { uid: 'owner', name: 'Owner', role: 'owner' },
  director: { uid: 'director', name: 'Director', role: 'funeral_director' },
  stranger: { uid: 'stranger', name: 'Stranger', role: 'owner' },
  otherDirector: { uid: 'otherDirector', name: 'Another director', role: 'funeral_director' },
})

/** @typedef {keyof typeof people | 'nobody'} Who */
/** @typedef {Awaited<ReturnType<typeof createKit>>} Kit */

export const memorials = [
  {
    id: 'm1',
    name: 'A. Example',
    ownerUid: 'owner',
    funeralDirectorUid: 'director',
    createdAt: '2026-09-01T10:00:00.000Z',
  },
  // Written by the reference system, with its own spelling.
  {
    id: 'm2',
    name: 'B. Example',
    ownerUid: 'other',
    funeralDir: 'otherDirector',
    createdAt: '2026-09-02T10:00:00.000Z',
  },
]

/**
 * @typedef {object} Own
 * @property {number} [timeout]  of the providers, milliseconds
 * @property {import('../../shim/ports/store-sqlite.js').Store} [store]  another one; closed by whoever made it
 * @property {import('./media-api.js').MediaApi} [media]  another kit's
 * @property {any} [identity]
 * @property {() => number} [clock]  of the workers
 */

/** @param {Partial<import('../../shim/app.js').Options> & Own} [options] */
export async function createKit({
  timeout = 8000,
  store: shared,
  media: others,
  clock,
  identity: own,
  ...options
} = {}) {
  const media = others ?? (await startMediaApi({ token, publicUrl: `${origin}/media` }))
  const database = openDatabase(':memory:')
  const store = shared ?? openStore(database)
  const identity = openIdentity(database)
  const cloudflare = openCloudflare({ url: () => `${media.url}/client/v4`, account: 'local', token, timeout })
  const mux = openMux({ url: () => `${media.url}/mux`, tokenId: 'local', tokenSecret: token, ingestUrl: '', timeout })
  for (const memorial of memorials) {
    if (!shared || !(await store.FindMemorial({ memorialId: memorial.id }))) {
      await store.SaveMemorial({ id: memorial.id, document: memorial })
    }
  }

  /** @type {Record<string, string>} */
  const cookies = {}
  for (const [who, user] of Object.entries(people)) {
    await identity.putUser(user)
    const signedIn = await identity.redeemToken(await identity.createToken(user.uid))
    cookies[who] = `__session=${signedIn?.session}`
  }

  /** @type {{ event: string, details: any }[]} */
  const logged = []
  const log = (/** @type {string} */ event, /** @type {any} */ details) => void logged.push({ event, details })
  /** @type {import('../../shim/run.js').Ports} */
  const effects = {
    ...effectsOf(store, cloudflare, mux),
    Wait: () => new Promise((resolve) => setTimeout(resolve, 20)),
  }
  const its = { ...paths, ...options.paths }
  const core = await loadCore()
  const workers = createWorkers({
    core,
    store,
    carryOut: carrier(effects, log),
    mediaBase: origin,
    paths: its,
    log,
    clock,
  })
  const app = createApp({
    core,
    ports: {
      effects,
      changes: store,
      identity: own ?? identity,
      limits: openLimits(),
      checks: { store: store.check, media: cloudflare.check },
    },
    publicUrl: origin,
    mediaBase: origin,
    trustProxy: false,
    webhookSecret,
    webhookAuthSecret,
    muxWebhookSecret,
    relayToken: token,
    paths: its,
    settle: workers.settleNow,
    webFolder: 'build/no-such-folder',
    log,
    ...options,
  })

  return {
    app,
    media,
    store,
    workers,
    effects,
    database,
    identity,
    cookies,
    logged,
    close: async () => {
      app.hub.close()
      await workers.stop()
      if (!shared) await store.close()
      if (!others) await media.close()
      assertNothingSecret(JSON.stringify(logged), secretsSeen(media, cookies))
    },

    /** @param {string} path @param {Who} [who] @param {Record<string, string>} [headers] */
    get: (path, who = 'nobody', headers = {}) =>
      app.request(origin + path, { headers: { ...(who !== 'nobody' && { cookie: cookies[who] }), ...headers } }),

    /** As one of our pages does it. @param {string} path @param {unknown} body @param {Who} [who] @param {Record<string, string>} [headers] */
    post: (path, body, who = 'nobody', headers = {}) =>
      app.request(origin + path, {
        method: 'POST',
        headers: {
          origin,
          'content-type': 'application/json',
          ...(who !== 'nobody' && { cookie: cookies[who] }),
          ...headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),

    /** The same, with another method. @param {string} method @param {string} path @param {unknown} [body] @param {Who} [who] */
    send: (method, path, body, who = 'nobody') =>
      app.request(origin + path, {
        method,
        headers: { origin, 'content-type': 'application/json', ...(who !== 'nobody' && { cookie: cookies[who] }) },
        body: body === undefined ? undefined : JSON.stringify(body),
      }),

    /** As the relay asks. @param {string} key @param {string} [bearer] */
    askAsRelay: (key, bearer = token) =>
      app.request(`${origin}/api/relay/${key}`, { headers: { authorization: `Bearer ${bearer}` } }),

    /** What Mux tells, signed. @param {any} body @param {{ secret?: string, time?: number, header?: string }} [how] */
    notifyMux: (body, { secret = muxWebhookSecret, time = Math.floor(Date.now() / 1000), header } = {}) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      const v1 = createHmac('sha256', secret).update(`${time}.${text}`).digest('hex')
      return app.request(`${origin}/api/webhooks/mux`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'mux-signature': header ?? `t=${time},v1=${v1}` },
        body: text,
      })
    },

    /** A live input notification, as the media server sends it. @param {any} body @param {Record<string, string>} [headers] */
    notify: (body, headers = { 'cf-webhook-auth': webhookAuthSecret }) =>
      app.request(`${origin}/api/webhooks/stream-status`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),

    /** A video webhook, signed. @param {any} body @param {{ secret?: string, time?: number }} [how] */
    notifyVideo: (body, { secret = webhookSecret, time = Math.floor(Date.now() / 1000) } = {}) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      const sig1 = createHmac('sha256', secret).update(`${time}.${text}`).digest('hex')
      return app.request(`${origin}/api/webhooks/stream-status`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'webhook-signature': `time=${time},sig1=${sig1}` },
        body: text,
      })
    },
  }
}

/**
 * @param {'connected' | 'disconnected' | 'errored'} event
 * @param {string} input
 * @param {string} at
 * @param {object} [more]
 */
export const notification = (event, input, at, more = {}) => ({
  name: 'Stream live inputs',
  text: '',
  data: {
    notification_name: 'Stream Live Input',
    input_id: input,
    event_type: `live_input.${event}`,
    updated_at: at,
    ...more,
  },
  ts: 1790163821,
})

/**
 * @param {string} input
 * @param {object} [more]
 */
export const video = (input, more = {}) => ({
  uid: '6b9e68b07dfee8cc2d116e4c51d6a957',
  readyToStream: true,
  status: { state: 'ready', pctComplete: '100.000000', errorReasonCode: '', errorReasonText: '' },
  created: '2026-09-23T10:00:00.000000Z',
  modified: '2026-09-23T12:00:05.000000Z',
  duration: 7200,
  playback: { hls: `${origin}/media/6b9e68b07dfee8cc2d116e4c51d6a957/manifest/video.m3u8` },
  downloads: { default: `${origin}/media/6b9e68b07dfee8cc2d116e4c51d6a957/downloads/default.mp4` },
  liveInput: input,
  ...more,
})

/** Creates a stream; its full view. @param {Kit} kit @param {string} [title] @param {'whip' | 'obs'} [method] */
export async function createStream(kit, title = 'Service for A. Example', method = 'whip') {
  const answer = await kit.post(`/api/streams/create-${method}`, { memorialId: 'm1', title }, 'owner')
  const { stream, error } = await answer.json()
  if (!stream) throw new Error(error.what)
  return stream
}

/** The public view of the memorial's first stream. @param {Kit} kit */
export async function publicStream(kit) {
  const answer = await kit.get('/api/memorials/m1')
  return (await answer.json()).streams[0]
}

/** Everything that was secret in this kit. @param {import('./media-api.js').MediaApi} media @param {Record<string, string>} cookies */
const secretsSeen = ({ inputs, streams }, cookies) => [
  token,
  webhookSecret,
  webhookAuthSecret,
  muxWebhookSecret,
  ...Object.values(cookies).map((cookie) => cookie.split('=')[1]),
  ...[...inputs.values()].map(({ rtmps }) => rtmps.streamKey),
  ...[...streams.values()].map(({ stream_key }) => stream_key),
]
