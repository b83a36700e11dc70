/** The media server's side, as far as the shim calls it: live inputs made and deleted, faults on demand. */
import { randomBytes } from 'node:crypto'
import http from 'node:http'

const hex = () => randomBytes(16).toString('hex')

/**
 * @typedef {object} MediaApi
 * @property {string} url
 * @property {Map<string, any>} inputs  by uid
 * @property {{ method: string, path: string, headers: http.IncomingHttpHeaders, body: any }[]} requests
 * @property {((request: http.IncomingMessage, response: http.ServerResponse) => boolean) | null} fault  true = answered (or never will be)
 * @property {() => Promise<void>} close
 */

/**
 * @param {{ token: string, publicUrl: string }} options
 * @returns {Promise<MediaApi>}
 */
export async function startMediaApi({ token, publicUrl }) {
  /** @type {Map<string, any>} */
  const inputs = new Map()
  /** @type {Map<string, string>} */
  const keys = new Map()
  /** @type {MediaApi['requests']} */
  const requests = []

  const server = http.createServer(async (request, response) => {
    let text = ''
    for await (const piece of request) text += piece
    const { method = '', url = '', headers } = request
    requests.push({ method, path: url, headers, body: text ? JSON.parse(text) : null })
    if (api.fault?.(request, response)) return
    const answer = (/** @type {number} */ status, /** @type {unknown} */ result) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ result, success: status < 300, errors: [], messages: [] }))
    }
    if (headers.authorization !== `Bearer ${token}`) return answer(401, null)
    const [, uid] = url.match(/^\/client\/v4\/accounts\/local\/stream\/live_inputs(?:\/(\w+))?$/) ?? []
    if (method === 'POST') {
      const key = String(headers['idempotency-key'])
      const known = keys.get(key)
      if (known && !inputs.has(known)) return answer(409, null)
      if (known) return answer(200, inputs.get(known))
      const made = input(publicUrl, JSON.parse(text).meta)
      keys.set(key, made.uid)
      inputs.set(made.uid, made)
      return answer(200, made)
    }
    if (method === 'GET') return answer(200, [...inputs.values()])
    if (method === 'DELETE') return inputs.delete(String(uid)) ? answer(200, null) : answer(404, null)
    answer(405, null)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)))
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())

  /** @type {MediaApi} */
  const api = {
    url: `http://127.0.0.1:${port}`,
    inputs,
    requests,
    fault: null,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return api
}

/** @param {string} base @param {any} meta */
function input(base, meta) {
  const uid = hex()
  const key = `${hex()}k${uid}`
  return {
    uid,
    meta,
    rtmps: { url: 'rtmp://127.0.0.1:1935/live/', streamKey: key },
    webRTC: { url: `${base}/${key}/webRTC/publish` },
    webRTCPlayback: { url: `${base}/${uid}/webRTC/play` },
    playback: { hls: `${base}/${uid}/manifest/video.m3u8` },
    status: null,
  }
}
