/** The part of Mux Video's API that the shim uses, below /mux/video/v1: live streams, and the assets made of them. */
import { HttpError } from './http.js'
import { assetView, newStream, readStreamSettings, streamView } from './mux.js'
import { randomUUID } from 'node:crypto'

/**
 * @typedef {import('./api.js').Parts} Parts
 * @typedef {import('./api.js').Call} Call
 * @typedef {import('./inputs.js').LiveInput & { mux: import('./mux.js').MuxStream }} StreamInput
 * @typedef {import('./videos.js').Video & { mux: import('./mux.js').MuxAsset }} AssetVideo
 */

const notFound = () => new HttpError(404, "The requested resource either doesn't exist or you don't have access to it.")
const notAllowed = () => new HttpError(405, 'Method not allowed')

/** @type {Record<number, string>} */
const types = { 400: 'invalid_parameters', 401: 'unauthorized', 404: 'not_found', 429: 'too_many_requests' }

/** @type {import('./api.js').Api} */
export const muxApi = {
  base: ['mux', 'video', 'v1'],
  // Basic: any name, and the secret.
  secretIn(authorization) {
    const basic = /^Basic ([\w+/=]+)$/i.exec(authorization)?.[1] ?? ''
    return /:(.*)$/.exec(Buffer.from(basic, 'base64').toString('utf8'))?.[1] ?? ''
  },
  failure: (status, message) => ({
    error: { type: types[status] ?? (status < 500 ? 'invalid_parameters' : 'internal_error'), messages: [message] },
  }),
  async answer(parts, call) {
    const [kind, id, action, ...more] = call.names
    if (more.length) throw notFound()
    const answer =
      kind === 'live-streams'
        ? liveStreams(parts, call, id, action)
        : kind === 'assets'
          ? assets(parts, call, id, action)
          : null
    if (!answer) throw notFound()
    const data = await answer
    if (data === null) return { status: 204 }
    const created = call.method === 'POST' && id === undefined
    return { status: created ? 201 : 200, value: Array.isArray(data) ? { data, next_cursor: null } : { data } }
  },
}

/** @param {Parts} parts @param {Call} call @param {string} [id] @param {string} [action] */
async function liveStreams(parts, call, id, action) {
  const { inputs, addresses } = parts
  const view = (/** @type {StreamInput} */ { mux }) => streamView(mux, addresses.muxIngestUrl)
  const all = /** @type {StreamInput[]} */ (inputs.all().filter(({ mux }) => mux))
  if (id === undefined) {
    if (call.method === 'POST') return view(await createStream(parts, call.json()))
    if (call.method !== 'GET') throw notAllowed()
    const [key, status] = [call.query.get('stream_key'), call.query.get('status')]
    const wanted = all.filter(({ mux }) => (!key || mux.streamKey === key) && (!status || mux.status === status))
    return pageOf(wanted.sort(newestFirst), call.query).map(view)
  }
  const input = all.find(({ mux }) => mux.id === id)
  if (!input) throw notFound()
  if (action !== undefined) return act(parts, call.method, input, action)
  if (call.method === 'GET') return view(input)
  if (call.method === 'DELETE') return deleteStream(parts, input)
  if (call.method !== 'PATCH') throw notAllowed()
  const settings = readStreamSettings(call.json(), input.mux.settings)
  if (Array.isArray(settings)) throw new HttpError(400, settings.join('; '))
  await inputs.save(input, { mux: { ...input.mux, settings } })
  return view(input)
}

/** @param {Parts} parts @param {any} body */
async function createStream({ inputs, muxNotices }, body) {
  const settings = readStreamSettings(body)
  if (Array.isArray(settings)) throw new HttpError(400, settings.join('; '))
  const { title } = settings.new_asset_settings.meta ?? {}
  const recording = { mode: /** @type {const} */ ('automatic'), timeoutSeconds: 0, requireSignedURLs: false }
  const input = await inputs.create({
    meta: title ? { name: title } : {},
    recording: { ...recording, allowedOrigins: [], hideLiveViewerCount: false },
    mux: newStream(settings),
  })
  await muxNotices.stream(input, 'created')
  return /** @type {StreamInput} */ (input)
}

/** @param {Parts} parts @param {StreamInput} input */
async function deleteStream({ inputs, lives, muxNotices }, input) {
  await inputs.remove(input) // its assets are kept
  await lives.forget(input.uid)
  await muxNotices.stream(input, 'deleted')
  return null
}

/** @param {Parts} parts @param {string} method @param {StreamInput} input @param {string} action */
async function act({ inputs, lives, muxNotices, addresses }, method, input, action) {
  const { uid } = input
  const save = (/** @type {Partial<import('./mux.js').MuxStream>} */ change) =>
    inputs.save(input, { mux: { ...input.mux, ...change } })
  if (action === 'reset-stream-key' && method === 'POST') {
    await save({ streamKey: randomUUID() })
    lives.dismiss(uid)
    return streamView(input.mux, addresses.muxIngestUrl)
  }
  if (method !== 'PUT') throw notAllowed()
  if (action === 'complete') lives.stop(uid)
  else if (action === 'disable') {
    if (input.mux.status !== 'disabled') {
      await inputs.save(input, { enabled: false, mux: { ...input.mux, status: 'disabled' } })
      lives.stop(uid)
      await lives.told(uid)
      await muxNotices.stream(input, 'disabled')
    }
  } else if (action === 'enable') {
    if (input.mux.status === 'disabled') {
      await inputs.save(input, { enabled: true, mux: { ...input.mux, status: 'idle' } })
      await muxNotices.stream(input, 'enabled')
    }
  } else throw notFound()
  return {}
}

/** @param {Parts} parts @param {Call} call @param {string} [id] @param {string} [action] */
async function assets({ videos, lives, muxNotices }, { method, query }, id, action) {
  const all = /** @type {AssetVideo[]} */ (videos.all().filter(({ mux }) => mux))
  const view = (/** @type {AssetVideo} */ video) => assetView(video, lives.broadcast(video.uid))
  if (id === undefined) {
    if (method !== 'GET') throw notAllowed()
    const stream = query.get('live_stream_id')
    const wanted = all.filter(({ mux }) => !stream || mux.liveStreamId === stream)
    return pageOf(wanted.sort(newestFirst), query).map(view)
  }
  const video = all.find(({ mux }) => mux.id === id)
  if (!video || action !== undefined) throw notFound()
  if (method === 'GET') return view(video)
  if (method !== 'DELETE') throw notAllowed()
  if (lives.broadcast(video.uid)) throw new HttpError(400, 'The asset is still live.')
  await videos.remove(video.uid)
  await muxNotices.assetDeleted(video)
  return null
}

/** @type {(a: { created: string }, b: { created: string }) => number} */
const newestFirst = (a, b) => (a.created < b.created ? 1 : -1)

/** @template T @param {T[]} all @param {URLSearchParams} query @returns {T[]} */
function pageOf(all, query) {
  const limit = Math.min(Math.max(Number(query.get('limit') ?? 25) || 25, 1), 100)
  const page = Math.max(Number(query.get('page') ?? 1) || 1, 1)
  return all.slice((page - 1) * limit, page * limit)
}
