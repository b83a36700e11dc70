/**
 * The provider APIs, for the shim only (a secret in each request); a proxy never passes them on. Here is what they share:
 * who may ask, the body, failures on demand, the reply. What they can do is in cloudflare-api.js and mux-api.js.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { cloudflareApi } from './cloudflare-api.js'
import { HttpError, readBody, reply, replyJson } from './http.js'
import { sameSecret } from './inputs.js'
import { muxApi } from './mux-api.js'

/**
 * @typedef {import('./playback.js').Parts & {
 *   config: import('./config.js').Config,
 *   addresses: import('./payloads.js').Addresses,
 *   faults: import('./faults.js').Faults,
 *   muxNotices: import('./mux-notices.js').MuxNotices,
 * }} Parts
 * @typedef {import('./http.js').Request} Request
 * @typedef {import('./http.js').Response} Response
 *
 * @typedef {object} Call
 * @property {string} method
 * @property {string[]} names of the path, below the API's own
 * @property {URLSearchParams} query
 * @property {() => any} json the body; throws HttpError 400
 * @property {string} [idempotencyKey]
 *
 * @typedef {object} Api
 * @property {string[]} base of its paths
 * @property {(authorization: string) => string} secretIn
 * @property {(parts: Parts, call: Call) => Promise<Answer>} answer
 * @property {(status: number, message: string) => unknown} failure the body of a refusal
 *
 * @typedef {{ status: number, value?: unknown, headers?: Record<string, string> }} Answer
 */

const apis = [cloudflareApi, muxApi]
const mostBytes = 64 * 1024

/** @param {string[]} names of a path */
export const apiFor = (names) => apis.find(({ base }) => base.every((name, i) => names[i] === name))

/**
 * @param {Parts} parts
 * @param {Api} api
 * @param {Request} request
 * @param {Response} response
 * @param {URL} url
 */
export async function answerApi(parts, api, request, response, url) {
  const { config, faults } = parts
  const { method = 'GET' } = request
  const [fault, number] = faults.forRequest(method, url.pathname).split(':')
  if (fault === 'hang') return
  if (fault === 'reset') return void request.socket.destroy()
  /** @type {Answer} */
  let answer
  try {
    if (fault === 'status') throw new HttpError(Number(number), 'This answer was asked for.')
    const body = await readBody(request, mostBytes)
    // From here on it is carried out, whether or not anybody still waits: as when a request is delivered late.
    if (fault === 'late') await pause(Number(number))
    const secret = api.secretIn(request.headers.authorization ?? '')
    if (!config.apiToken || !sameSecret(secret, config.apiToken)) throw new HttpError(401, 'Authentication error')
    const key = request.headers['idempotency-key']
    answer = await api.answer(parts, {
      method,
      names: url.pathname.split('/').slice(1 + api.base.length),
      query: url.searchParams,
      json: () => parse(body),
      ...(typeof key === 'string' && { idempotencyKey: key }),
    })
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    const { status, message, headers } = error
    answer = { status, value: api.failure(status, message), headers }
  }
  if (fault === 'lost-after') return void request.socket.destroy()
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value)
  if (answer.status === 204) reply(response, 204, {})
  else replyJson(response, answer.status, answer.value)
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text || '{}')
  } catch {
    throw new HttpError(400, 'The body is not JSON.')
  }
}
