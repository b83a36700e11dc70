/** The part of Cloudflare Stream's API that the shim uses, below /client/v4/accounts/{account}/stream. */
import { randomBytes } from 'node:crypto'
import { HttpError } from './http.js'
import { DeletedKey, readSettings } from './inputs.js'
import { isOutputUrl, isStreamKey } from './output.js'
import { failure, inputRow, inputView, success, videoView } from './payloads.js'

/**
 * @typedef {import('./api.js').Parts} Parts
 * @typedef {import('./api.js').Call} Call
 * @typedef {import('./inputs.js').LiveInput} LiveInput
 */

const notFound = () => new HttpError(404, 'Not Found: The requested resource was not found.')
const notAllowed = () => new HttpError(405, 'Method not allowed')

/** @type {Record<number, number>} Cloudflare's own codes */
const codes = { 400: 10005, 401: 10000, 404: 10003, 405: 10004, 409: 10014, 413: 10011 }

const mostOutputs = 50

/** @type {import('./api.js').Api} */
export const cloudflareApi = {
  base: ['client', 'v4'],
  secretIn: (authorization) => /^Bearer (.+)$/i.exec(authorization)?.[1] ?? '',
  failure: (status, message) => failure(codes[status] ?? 10005, message),
  async answer(parts, call) {
    const [accounts, , stream, first, second, third, fourth, ...more] = call.names
    if (accounts !== 'accounts' || stream !== 'stream' || more.length) throw notFound()
    const result =
      first === 'live_inputs'
        ? second === undefined
          ? await allInputs(parts, call)
          : await oneInput(parts, call, second, [third, fourth])
        : second === undefined
          ? await answerVideos(parts, call, first)
          : undefined
    if (result === undefined) throw notFound()
    return { status: 200, value: success(result) }
  },
}

/** @param {Parts} parts @param {Call} call */
async function allInputs({ inputs, addresses }, { method, json, idempotencyKey }) {
  if (method === 'GET') {
    const rows = inputs
      .all()
      .filter(({ mux }) => !mux)
      .map(inputRow)
    rows.sort((a, b) => (a.created < b.created ? 1 : -1))
    return { liveInputs: rows, range: rows.length, total: rows.length }
  }
  if (method !== 'POST') throw notAllowed()
  if (idempotencyKey && Buffer.byteLength(idempotencyKey) > 255) {
    throw new HttpError(400, 'Idempotency-Key is longer than 255 bytes.')
  }
  const settings = readSettings(json())
  if (typeof settings === 'string') throw new HttpError(400, settings)
  try {
    return inputView(await inputs.create(settings, idempotencyKey), addresses)
  } catch (error) {
    if (!(error instanceof DeletedKey)) throw error
    throw new HttpError(409, 'This Idempotency-Key was used for a live input that has been deleted.')
  }
}

/** @param {Parts} parts @param {Call} call @param {string} uid @param {(string | undefined)[]} names */
async function oneInput(parts, call, uid, [name, second]) {
  const { inputs, videos, lives, addresses } = parts
  const { method } = call
  const input = inputs.get(uid)
  if (!input || input.mux) throw notFound()
  if (name === 'outputs') return answerOutputs(parts, call, input, second)
  if (second !== undefined) throw notFound()
  if (name === 'videos' && method === 'GET') return videos.of(uid).map((video) => videoView(video, addresses))
  if (name === 'rotate_keys' && method === 'POST') {
    await inputs.rotateKeys(input)
    lives.dismiss(uid) // whoever publishes by the key of before
    return inputView(input, addresses)
  }
  if (name !== undefined) throw notFound()
  if (method === 'GET') return inputView(input, addresses)
  if (method === 'PUT') {
    const settings = readSettings(call.json(), input)
    if (typeof settings === 'string') throw new HttpError(400, settings)
    await inputs.save(input, { ...settings, modified: new Date().toISOString() })
    if (!input.enabled) lives.stop(uid)
    return inputView(input, addresses)
  }
  if (method !== 'DELETE') throw notAllowed()
  await inputs.remove(input) // its recordings are kept
  await lives.forget(uid)
  return null
}

/** @param {Parts} parts @param {Call} call @param {LiveInput} input @param {string} [uid] */
async function answerOutputs({ inputs, lives }, { method, json }, input, uid) {
  const { outputs } = input
  const save = async (/** @type {import('./output.js').Target[]} */ changed) => {
    await inputs.save(input, { outputs: changed, modified: new Date().toISOString() })
    lives.alignOutputs(input.uid)
  }
  if (uid === undefined) {
    if (method === 'GET') return outputs
    if (method !== 'POST') throw notAllowed()
    const { url, streamKey, enabled = true } = json() ?? {}
    if (!isOutputUrl(url)) throw new HttpError(400, '/url must be an rtmp:// or rtmps:// address')
    if (!isStreamKey(streamKey)) throw new HttpError(400, '/streamKey must be a stream key')
    if (typeof enabled !== 'boolean') throw new HttpError(400, '/enabled must be true or false')
    if (outputs.length >= mostOutputs) throw new HttpError(400, `A live input has at most ${mostOutputs} outputs.`)
    const output = { uid: randomBytes(16).toString('hex'), url, streamKey, enabled }
    await save([...outputs, output])
    return output
  }
  const output = outputs.find((other) => other.uid === uid)
  if (!output) throw notFound()
  if (method === 'DELETE') {
    await save(outputs.filter((other) => other !== output))
    return null
  }
  if (method !== 'PUT') throw notAllowed()
  const { enabled } = json() ?? {}
  if (typeof enabled !== 'boolean') throw new HttpError(400, '/enabled must be true or false')
  const changed = { ...output, enabled }
  await save(outputs.map((other) => (other === output ? changed : other)))
  return changed
}

/** @param {Parts} parts @param {Call} call @param {string} [uid] */
async function answerVideos({ config, videos, lives, addresses }, { method, query }, uid) {
  if (uid === undefined) {
    if (method !== 'GET') throw notAllowed()
    const [input, status] = [query.get('live_input_id'), query.get('status')]
    const views = (input ? videos.of(input) : videos.all())
      .filter(({ mux }) => !mux)
      .map((video) => videoView(video, addresses))
    return views.filter((view) => !status || view.status.state === status)
  }
  if (uid === 'webhook') {
    if (method !== 'GET') throw notAllowed()
    if (!config.webhookUrl) throw notFound()
    return { notificationUrl: config.webhookUrl, modified: startedAt, secret: config.webhookSecret }
  }
  const video = videos.get(uid)
  if (!video || video.mux) throw notFound()
  if (method === 'GET') return videoView(video, addresses)
  if (method !== 'DELETE') throw notAllowed()
  if (lives.broadcast(uid)) throw new HttpError(409, 'The broadcast is still live or being recorded.')
  await videos.remove(uid)
  return null
}

/** The subscription is part of our settings. */
const startedAt = new Date().toISOString()
