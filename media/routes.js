/** Which request is for whom. Everything but the provider APIs is for browsers of any origin. */
import { answerApi, apiFor } from './api.js'
import { HttpError, reply } from './http.js'
import { uidPattern } from './inputs.js'
import { reasonOf } from './log.js'
import { sendDownload, sendLifecycle, sendMuxPlaylist, sendPlaylist, sendSegment } from './playback.js'

/**
 * @typedef {import('./webrtc.js').Parts & import('./api.js').Parts & { webRtc: import('./webrtc.js').WebRtc }} Parts
 */

const cors = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Location, ETag, Link, Retry-After, Accept-Post, Accept-Patch',
}

/**
 * @param {Parts} parts
 * @returns {import('node:http').RequestListener}
 */
export function router(parts) {
  const { config } = parts
  return async (request, response) => {
    try {
      await route(parts, request, response)
    } catch (error) {
      const known = error instanceof HttpError
      // The path may be a publisher's key: it is not told.
      if (!known) config.log('request.failed', { method: request.method, reason: reasonOf(error) })
      if (response.headersSent) {
        response.destroy()
        return
      }
      const status = known ? error.status : 500
      const what = known ? error.message : 'Something went wrong on the server.'
      const headers = known ? error.headers : {}
      const problem = { type: 'about:blank', title: what, status }
      const type = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' }
      reply(response, status, { ...type, ...headers }, JSON.stringify(problem))
    }
  }
}

/**
 * @param {Parts} parts
 * @param {import('./http.js').Request} request
 * @param {import('./http.js').Response} response
 */
async function route(parts, request, response) {
  const { method = 'GET' } = request
  const url = new URL(`http://media${request.url ?? '/'}`)
  const names = url.pathname.split('/').slice(1)
  const api = apiFor(names)
  if (!api) for (const [name, value] of Object.entries(cors)) response.setHeader(name, value)
  if (!parts.lives.opened) throw new HttpError(503, 'The server is just starting.', { 'retry-after': '1' })
  if (api) return answerApi(parts, api, request, response, url)
  if (url.pathname === '/faults' && parts.config.faults) {
    return parts.faults.answer(parts.config.apiToken, request, response)
  }

  if (url.pathname === '/healthz') return reply(response, 200, { 'cache-control': 'no-store' }, '{"ok":true}')
  const matched = match(parts, names)
  if (!matched) throw new HttpError(404, 'There is nothing here.')
  if (method === 'OPTIONS') {
    const methods = [...Object.keys(matched.methods), 'OPTIONS'].join(', ')
    const preflight = {
      'access-control-allow-methods': methods,
      'access-control-allow-headers': 'Content-Type, Authorization, If-Match, Range',
      'access-control-max-age': '86400',
    }
    return reply(response, 204, { allow: methods, ...preflight, ...matched.accepts })
  }
  const handle = matched.methods[method] ?? (method === 'HEAD' ? matched.methods.GET : undefined)
  if (!handle) {
    const allow = [...Object.keys(matched.methods), 'OPTIONS'].join(', ')
    throw new HttpError(405, `${method} cannot be used here.`, { allow })
  }
  await handle(request, response)
}

/**
 * @typedef {(request: import('./http.js').Request, response: import('./http.js').Response) => unknown} Handler
 * @param {Parts} parts
 * @param {string[]} names of the path
 * @returns {{ methods: Record<string, Handler>, accepts?: Record<string, string> } | undefined}
 */
function match(parts, names) {
  const { webRtc } = parts
  const [first, second, third, fourth] = names
  const path = names.slice(1).join('/')

  if (names.length === 3 && first === 'webRTC' && second === 'sessions') {
    return {
      methods: {
        PATCH: (request, response) => webRtc.patch(request, response, third),
        DELETE: (_, response) => webRtc.delete(response, third),
      },
      accepts: { 'accept-patch': 'application/trickle-ice-sdpfrag' },
    }
  }
  const accepts = { 'accept-post': 'application/sdp' }
  // RFC 9725 §4.1 wants GET on an endpoint to be answered; there is nothing to say.
  const GET = (/** @type {unknown} */ _, /** @type {import('./http.js').Response} */ response) =>
    reply(response, 204, {})
  if (path === 'webRTC/publish') {
    return { methods: { POST: (request, response) => webRtc.publish(request, response, first), GET }, accepts }
  }
  const [, playbackId] = (first === 'mux' && names.length === 2 && /^(\w+)\.m3u8$/.exec(second)) || []
  if (playbackId) {
    return { methods: { GET: (request, response) => sendMuxPlaylist(parts, request, response, playbackId) } }
  }
  if (!uidPattern.test(first)) return undefined
  if (path === 'webRTC/play') {
    return { methods: { POST: (request, response) => webRtc.play(request, response, first), GET }, accepts }
  }
  /** @type {Handler | undefined} */
  let get
  if (path === 'manifest/video.m3u8') get = (request, response) => sendPlaylist(parts, request, response, first)
  else if (path === 'lifecycle') get = (_, response) => sendLifecycle(parts, response, first)
  else if (path === 'downloads/default.mp4') get = (request, response) => sendDownload(parts, request, response, first)
  else if (names.length === 4 && second === 'manifest') {
    get = (request, response) => sendSegment(parts, request, response, [first, third, fourth])
  }
  return get && { methods: { GET: get } }
}
