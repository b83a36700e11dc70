/**
 * /media/...: hands requests on to the media server, so that a browser finds everything under one origin. Bodies are
 * streamed both ways. The provider APIs behind the same port are not among what is handed on.
 */
import http from 'node:http'
import { pipeline } from 'node:stream'

const prefix = '/media/'

// Exactly what publishers and viewers need; anything else, the provider APIs above all, is not there.
const handedOn = [
  /^\/webRTC\/sessions\/[\w-]+$/,
  /^\/\w+\/webRTC\/(publish|play)$/,
  /^\/\w+\/(manifest|downloads|thumbnails)\/[\w-][\w.-]*(\/[\w-][\w.-]*)*$/,
  /^\/\w+\/lifecycle$/,
  /^\/mux\/\w+\.m3u8$/,
]

// RFC 9110 7.6.1: these are about one connection.
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/**
 * @param {object} options
 * @param {() => string | null} options.url  where the media server is now; null while it is being started
 * @param {import('../media/log.js').Log} options.log
 * @param {boolean} [options.trustProxy]  believe X-Forwarded-For
 * @param {number} [options.patience]  milliseconds until it must have begun to answer
 */
export function createMediaProxy({ url, log, trustProxy = false, patience = 30_000 }) {
  const agent = new http.Agent({ keepAlive: true, maxFreeSockets: 64 })

  /** Whether this request is for the media server. @param {http.IncomingMessage} request */
  const isMedia = (request) => (request.url ?? '').startsWith(prefix)

  /**
   * @param {http.IncomingMessage} request
   * @param {http.ServerResponse} response
   */
  function handle(request, response) {
    const [path, query] = splitOnce((request.url ?? '').slice(prefix.length - 1), '?')
    if (!handedOn.some((shape) => shape.test(path))) {
      return answer(response, 404, 'not-found', 'There is nothing at this address.')
    }
    const target = url()
    if (!target) return unavailable(response)

    const method = request.method ?? 'GET'
    const repeatable = method === 'GET' || method === 'HEAD'
    const headers = without(request.headers, request.headers.connection)
    delete headers.cookie // the session is none of its business
    // The media server limits what one address may take.
    const forwarded = trustProxy && `${request.headers['x-forwarded-for'] ?? ''}`.split(',').at(-1)?.trim()
    headers['x-forwarded-for'] = forwarded || (request.socket.remoteAddress ?? '')
    if (request.headers['transfer-encoding']) headers['transfer-encoding'] = 'chunked'

    const send = () => {
      const onward = http.request(`${target}${path}${query && `?${query}`}`, {
        method,
        headers,
        // A connection kept open may be closed by the other side just as it is used again. A GET is then simply
        // repeated; anything else gets a connection of its own.
        agent: repeatable ? agent : false,
      })
      const late = setTimeout(() => onward.destroy(new Error('timeout')), patience)
      onward.on('response', (reply) => {
        clearTimeout(late)
        const back = without(reply.headers, reply.headers.connection)
        back['x-content-type-options'] ??= 'nosniff'
        response.writeHead(reply.statusCode ?? 502, back)
        // The media server may wait long between two pieces of a live playlist; it says itself when it is done.
        pipeline(reply, response, () => onward.destroy())
      })
      onward.on('error', (error) => {
        clearTimeout(late)
        if (response.headersSent || response.destroyed) return response.destroy()
        const gone = /** @type {NodeJS.ErrnoException} */ (error).code
        if (repeatable && onward.reusedSocket && gone === 'ECONNRESET') return send()
        if (error.message === 'timeout') {
          return answer(response, 504, 'media-timeout', 'The media server did not answer in time. Please try again.')
        }
        log('proxy.failed', { method, reason: gone ?? error.message })
        unavailable(response)
      })
      response.once('close', () => onward.destroy())
      if (repeatable) onward.end()
      else request.pipe(onward) // not pipeline: should `onward` fail, the request must live to be answered
    }
    send()
  }

  return { isMedia, handle, close: () => agent.destroy() }
}

/** @typedef {ReturnType<typeof createMediaProxy>} MediaProxy */

/** @param {http.ServerResponse} response */
const unavailable = (response) =>
  answer(response, 503, 'media-unavailable', 'The media server is just starting. Please try again in a moment.', {
    'retry-after': '1',
  })

/**
 * @param {http.ServerResponse} response
 * @param {number} status
 * @param {string} code
 * @param {string} what
 * @param {Record<string, string>} [headers]
 */
function answer(response, status, code, what, headers = {}) {
  const body = JSON.stringify({ success: false, error: { code, what } })
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers })
  response.end(body)
}

/**
 * @param {http.IncomingHttpHeaders} headers
 * @param {string | undefined} connection  names further headers of this connection alone
 */
function without(headers, connection = '') {
  const left = { ...headers }
  for (const name of [...hopByHop, ...connection.toLowerCase().split(',')]) delete left[name.trim()]
  return left
}

/** @param {string} text @param {string} mark @returns {[string, string]} */
function splitOnce(text, mark) {
  const at = text.indexOf(mark)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
