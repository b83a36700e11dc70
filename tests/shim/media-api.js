/** The providers' side, as far as the shim calls it: both APIs on one port, in memory, with faults on demand. */
import { randomBytes, randomUUID } from 'node:crypto'
import http from 'node:http'

const hex = () => randomBytes(16).toString('hex')

/**
 * @typedef {object} MediaApi
 * @property {string} url
 * @property {Map<string, any>} inputs  by uid; each with `outputs` and `videos`
 * @property {Map<string, any>} streams  Mux's live streams by id; each with `assets`
 * @property {{ method: string, path: string, headers: http.IncomingHttpHeaders, body: any }[]} requests
 * @property {((request: http.IncomingMessage, response: http.ServerResponse) => boolean) | null} fault  true = answered (or never will be)
 * @property {((request: http.IncomingMessage, response: http.ServerResponse) => boolean) | null} lost  the same, after it was carried out
 * @property {() => Promise<void>} close
 */

/**
 * @param {{ token: string, publicUrl: string }} options
 * @returns {Promise<MediaApi>}
 */
export async function startMediaApi({ token, publicUrl }) {
  /** @type {Map<string, any>} */
  const inputs = new Map()
  /** @type {Map<string, any>} */
  const streams = new Map()
  /** @type {Map<string, string>} */
  const keys = new Map()
  /** @type {MediaApi['requests']} */
  const requests = []

  const server = http.createServer(async (request, response) => {
    let text = ''
    for await (const piece of request) text += piece
    const { method = '', url = '', headers } = request
    const body = text ? JSON.parse(text) : null
    requests.push({ method, path: url, headers, body })
    if (api.fault?.(request, response)) return
    const [path] = url.split('?')
    const isMux = path.startsWith('/mux/')
    const basic = `Basic ${Buffer.from(`local:${token}`).toString('base64')}`
    const [status, value] =
      headers.authorization !== (isMux ? basic : `Bearer ${token}`)
        ? [401, null]
        : isMux
          ? muxAnswer(method, path.slice('/mux/video/v1/'.length), body, new URLSearchParams(url.split('?')[1]))
          : cloudflareAnswer(method, path.split('/stream/')[1] ?? '', body, String(headers['idempotency-key']))
    if (api.lost?.(request, response)) return
    response.writeHead(status, { 'content-type': 'application/json' })
    if (status === 204) return response.end()
    const failed = status >= 400
    response.end(
      JSON.stringify(
        isMux
          ? failed
            ? { error: { type: 'error', messages: ['words that must not be logged'] } }
            : { data: value }
          : {
              result: value,
              success: !failed,
              errors: failed ? [{ code: 10000 + status, message: 'no' }] : [],
              messages: [],
            },
      ),
    )
  })

  /** @param {string} method @param {string} path @param {any} body @param {string} key @returns {[number, unknown]} */
  function cloudflareAnswer(method, path, body, key) {
    const [kind, uid, part] = path.split('/')
    if (kind !== 'live_inputs') return [method === 'DELETE' ? 200 : 404, null]
    if (!uid) {
      if (method === 'GET')
        return [200, { liveInputs: [...inputs.values()].map(rowOf), range: inputs.size, total: inputs.size }]
      const known = keys.get(key)
      if (known) return inputs.has(known) ? [200, viewOf(inputs.get(known))] : [409, null]
      const made = newInput(publicUrl, body.meta)
      keys.set(key, made.uid)
      inputs.set(made.uid, made)
      return [200, viewOf(made)]
    }
    const input = inputs.get(uid)
    if (!input) return [404, null]
    if (part === 'outputs' && method === 'GET') return [200, input.outputs]
    if (part === 'outputs') return [200, input.outputs[input.outputs.push({ uid: hex(), ...body }) - 1]]
    if (part === 'videos') return [200, input.videos]
    if (part === 'rotate_keys') Object.assign(input, secretsOf(publicUrl, uid))
    else if (method === 'DELETE') inputs.delete(uid)
    return [200, method === 'DELETE' ? null : viewOf(input)]
  }

  /** @param {string} method @param {string} path @param {any} body @param {URLSearchParams} query @returns {[number, unknown]} */
  function muxAnswer(method, path, body, query) {
    const [kind, id] = path.split('/')
    const paged = (/** @type {any[]} */ rows) => (Number(query.get('page') ?? 1) > 1 ? [] : rows)
    if (kind === 'assets') return [200, paged(streams.get(query.get('live_stream_id') ?? '')?.assets ?? [])]
    if (!id && method === 'GET') return [200, paged([...streams.values()])]
    if (!id) {
      const made = {
        id: `L${hex()}`,
        stream_key: randomUUID(),
        status: 'idle',
        playback_ids: [{ id: `P${hex()}`, policy: 'public' }],
        created_at: '1790140999',
        ingest_url: 'rtmp://127.0.0.1:1935/app',
        assets: [],
        ...body,
      }
      streams.set(made.id, made)
      return [201, made]
    }
    if (!streams.has(id)) return [404, null]
    if (method === 'GET') return [200, streams.get(id)]
    streams.delete(id)
    return [204, null]
  }

  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)))
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())

  /** @type {MediaApi} */
  const api = {
    url: `http://127.0.0.1:${port}`,
    inputs,
    streams,
    requests,
    fault: null,
    lost: null,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return api
}

/** @param {any} input */
const viewOf = (input) => ({ ...input, outputs: undefined, videos: undefined })
/** A list holds no credentials. @param {any} input */
const rowOf = ({ uid, meta, created }) => ({ uid, meta, created })

/** @param {string} base @param {string} uid */
function secretsOf(base, uid) {
  const key = `${hex()}k${uid}`
  return {
    rtmps: { url: 'rtmp://127.0.0.1:1935/live/', streamKey: key },
    webRTC: { url: `${base}/${key}/webRTC/publish` },
  }
}

/** @param {string} base @param {any} meta */
function newInput(base, meta) {
  const uid = hex()
  return {
    uid,
    meta,
    created: new Date().toISOString(),
    ...secretsOf(base, uid),
    webRTCPlayback: { url: `${base}/${uid}/webRTC/play` },
    playback: { hls: `${base}/${uid}/manifest/video.m3u8` },
    status: null,
    outputs: [],
    videos: [],
  }
}
