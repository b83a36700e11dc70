/**
 * The provider API: the part of Cloudflare Stream's that the shim uses, below /client/v4/accounts/{account}/stream. For
 * the shim only (bearer token); a proxy never passes it on.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { HttpError, readBody, replyJson } from './http.js'
import { DeletedKey, readSettings } from './inputs.js'
import { failure, inputRow, inputView, success, videoView } from './payloads.js'

/**
 * @typedef {import('./playback.js').Parts & { addresses: import('./payloads.js').Addresses }} Parts
 * @typedef {import('./http.js').Request} Request
 * @typedef {import('./http.js').Response} Response
 */

const notFound = () => new HttpError(404, 'Not Found: The requested resource was not found.')

/** Equal in the same time whatever differs, lengths included. */
const same = (/** @type {string} */ a, /** @type {string} */ b) =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())

/**
 * @param {Parts} parts
 * @param {string} apiToken
 * @param {Request} request
 * @param {Response} response
 * @param {string[]} names of the path, from /accounts/{account}/stream on
 * @param {URLSearchParams} query
 */
export async function answerApi(parts, apiToken, request, response, names, query) {
  try {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
    if (!apiToken || !same(token, apiToken)) throw new HttpError(401, 'Authentication error')
    replyJson(response, 200, success(await answer(parts, request, names, query)))
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value)
    replyJson(response, error.status, failure(codes[error.status] ?? 10005, error.message))
  }
}

/** @type {Record<number, number>} Cloudflare's own codes */
const codes = { 400: 10005, 401: 10000, 404: 10003, 405: 10004, 409: 10014, 413: 10011 }

/**
 * @param {Parts} parts
 * @param {Request} request
 * @param {string[]} names
 * @param {URLSearchParams} query
 */
async function answer(parts, request, [accounts, , stream, first, second, third, ...more], query) {
  const { inputs, videos, lives, addresses } = parts
  const { method } = request
  if (accounts !== 'accounts' || stream !== 'stream' || more.length) throw notFound()

  if (first === 'live_inputs' && second === undefined) {
    if (method === 'POST') return createInput(parts, request)
    if (method !== 'GET') throw new HttpError(405, 'Method not allowed')
    const rows = inputs.all().map(inputRow)
    rows.sort((a, b) => (a.created < b.created ? 1 : -1))
    return { liveInputs: rows, range: rows.length, total: rows.length }
  }
  if (first === 'live_inputs') {
    const input = inputs.get(second)
    if (!input) throw notFound()
    if (third === 'videos' && method === 'GET') return videos.of(input.uid).map((video) => videoView(video, addresses))
    if (third !== undefined) throw notFound()
    if (method === 'GET') return inputView(input, addresses)
    if (method === 'PUT') {
      const settings = readSettings(await json(request), input)
      if (typeof settings === 'string') throw new HttpError(400, settings)
      await inputs.save(input, { ...settings, modified: new Date().toISOString() })
      if (!input.enabled) lives.stop(input.uid)
      return inputView(input, addresses)
    }
    if (method !== 'DELETE') throw new HttpError(405, 'Method not allowed')
    await inputs.remove(input) // its recordings are kept
    lives.forget(input.uid)
    return null
  }
  if (first === undefined && method === 'GET') {
    const input = query.get('live_input_id')
    return (input ? videos.of(input) : videos.all()).map((video) => videoView(video, addresses))
  }
  const video = first !== undefined && second === undefined ? videos.get(first) : undefined
  if (!video) throw notFound()
  if (method === 'GET') return videoView(video, addresses)
  if (method !== 'DELETE') throw new HttpError(405, 'Method not allowed')
  if (lives.broadcast(video.uid)) throw new HttpError(409, 'The broadcast is still live or being recorded.')
  await videos.remove(video.uid)
  return null
}

/** @param {Parts} parts @param {Request} request */
async function createInput({ inputs, addresses }, request) {
  const key = request.headers['idempotency-key']
  if (typeof key === 'string' && Buffer.byteLength(key) > 255) {
    throw new HttpError(400, 'Idempotency-Key is longer than 255 bytes.')
  }
  const settings = readSettings(await json(request))
  if (typeof settings === 'string') throw new HttpError(400, settings)
  try {
    const input = await inputs.create(settings, typeof key === 'string' ? key : undefined)
    return inputView(input, addresses)
  } catch (error) {
    if (!(error instanceof DeletedKey)) throw error
    throw new HttpError(409, 'This Idempotency-Key was used for a live input that has been deleted.')
  }
}

/** @param {Request} request */
async function json(request) {
  const text = await readBody(request, 64 * 1024)
  try {
    return JSON.parse(text || '{}')
  } catch {
    throw new HttpError(400, 'The body is not JSON.')
  }
}
