/** What the routes need of HTTP beyond node:http: bodies with a limit, replies, files with ranges. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'

/**
 * @typedef {import('node:http').IncomingMessage} Request
 * @typedef {import('node:http').ServerResponse} Response
 */

/** Thrown by a handler to answer with a status; `message` is a sentence for a person. */
export class HttpError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   * @param {Record<string, string>} [headers]
   */
  constructor(status, message, headers = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

/**
 * @param {Response} response
 * @param {number} status
 * @param {Record<string, string | number>} headers
 * @param {string} [body]
 */
export function reply(response, status, headers, body = '') {
  // Told in advance, never chunked: FFmpeg's WHIP client fails on a chunked 201. A 204 must not have it (RFC 9110 §8.6).
  const length = status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }
  response.writeHead(status, { ...headers, ...length })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

/**
 * @param {Response} response
 * @param {number} status
 * @param {unknown} value
 */
export const replyJson = (response, status, value) =>
  reply(response, status, { 'content-type': 'application/json', 'cache-control': 'no-store' }, JSON.stringify(value))

/** Without parameters, in lower case. */
export const mediaType = (/** @type {Request} */ request) =>
  (request.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase()

/** So much more than allowed is still read (and dropped), so that the sender is there to read the refusal. */
const swallowed = 8 << 20

/**
 * @param {Request} request
 * @param {number} most bytes
 * @returns {Promise<string>}
 * @throws {HttpError} 413
 */
export function readBody(request, most) {
  return new Promise((resolve, reject) => {
    /** @type {Buffer[]} */
    const chunks = []
    let size = 0
    request.on('data', (chunk) => {
      size += chunk.length
      if (size <= most) chunks.push(chunk)
      else if (size > most + swallowed) request.destroy()
    })
    request.on('end', () => {
      if (size > most) reject(new HttpError(413, `The body is larger than ${most} bytes.`))
      else resolve(Buffer.concat(chunks).toString('utf8'))
    })
    request.on('error', reject)
    request.on('close', () => reject(new HttpError(400, 'The body was cut off.')))
  })
}

/**
 * A whole file or one range of it (RFC 9110 §14); more ranges than one are answered with the whole.
 * @param {Request} request
 * @param {Response} response
 * @param {string} file
 * @param {Record<string, string>} headers
 * @throws {HttpError} 404, 416
 */
export async function sendFile(request, response, file, headers) {
  const { size, mtimeMs } = await stat(file).catch(() => {
    throw new HttpError(404, 'There is no such file.')
  })
  const etag = `"${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}"`
  const common = { ...headers, etag, 'accept-ranges': 'bytes' }
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, common).end()
    return
  }
  let [first, last, status] = [0, size - 1, 200]
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '')
  const ifRange = request.headers['if-range']
  if (range && (range[1] || range[2]) && (!ifRange || ifRange === etag)) {
    first = range[1] ? Number(range[1]) : Math.max(0, size - Number(range[2]))
    if (range[1] && range[2]) last = Math.min(last, Number(range[2]))
    if (first > last) throw new HttpError(416, 'The file is shorter.', { 'content-range': `bytes */${size}` })
    status = 206
  }
  response.writeHead(status, {
    ...common,
    'content-length': last - first + 1,
    ...(status === 206 && { 'content-range': `bytes ${first}-${last}/${size}` }),
  })
  if (request.method === 'HEAD' || size === 0) {
    response.end()
    return
  }
  // A viewer who leaves in the middle is no error.
  await pipeline(createReadStream(file, { start: first, end: last }), response).catch(() => response.destroy())
}
