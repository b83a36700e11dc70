// The pages and the JSON API with states a test sets: no media, no store, no rules of its own.
//
//   node tests/web/fake-server.js [port]    to look at the pages by hand
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildWeb } from '../../scripts/build-web.js'
import { securityHeaders } from '../../shim/security.js'
import { styleHashes } from '../../shim/static.js'

const root = resolve(fileURLToPath(import.meta.url), '../../..')

/**
 * @typedef {import('../../web/types.js').FullStream} FullStream
 * @typedef {import('../../web/types.js').PublicStream} PublicStream
 * @typedef {{status: number, body?: unknown, hang?: boolean, close?: boolean}} Answer
 */

const kTypes = /** @type {Record<string, string>} */ ({
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.mp4': 'video/mp4',
  '.m4s': 'video/iso.segment',
})

/**
 * A stream as the server would know it.
 *
 * @param {Partial<FullStream>} [differences]
 * @returns {FullStream}
 */
export function aStream(differences = {}) {
  return {
    id: 'stream-1',
    memorialId: 'memorial-1',
    title: 'Funeral service',
    status: 'ready',
    phase: 'waiting',
    streamingMethod: 'whip_browser',
    createdAt: '2026-11-20T09:00:00.000Z',
    updatedAt: '2026-11-20T09:00:00.000Z',
    recordingSources: { cloudflare: { available: false } },
    preferredRecordingSource: 'cloudflare',
    recordings: [],
    ingest: 'relay',
    path: 'embedded',
    capabilities: { records: true, hls: true, outputs: true, whep: true },
    createdBy: 'user-1',
    ...differences,
  }
}

/** What the server shows of a stream: to anybody, and in the list of those who may manage it (tests/shim/views.test.js). */
export const kShown = {
  toAnybody: [
    ...[
      'id',
      'memorialId',
      'title',
      'status',
      'phase',
      'streamingMethod',
      'createdAt',
      'updatedAt',
      'scheduledAt',
      'startedAt',
      'endedAt',
    ],
    ...['whepUrl', 'hlsUrl', 'recordingUrl', 'downloadUrl', 'duration', 'reason', 'reasonCode'],
    ...['recordingSources', 'preferredRecordingSource', 'recordings'],
  ],
  toManagers: ['ingest', 'path', 'capabilities', 'createdBy', 'simulcastEnabled', 'backup', 'inputError'],
}

/** @param {string[]} keys */
const onlyOf = (keys) => (/** @type {FullStream} */ stream) =>
  Object.fromEntries(Object.entries(stream).filter(([key]) => keys.includes(key)))
const publicView = onlyOf(kShown.toAnybody)
const managedView = onlyOf([...kShown.toAnybody, ...kShown.toManagers])

/**
 * @typedef {object} World  everything the API answers from; a test changes it and calls `changed()`
 * @prop {{uid: string, name: string, role: string} | null} user
 * @prop {string} token  the sign-in token that works, once
 * @prop {{id: string, name: string, canManage: boolean}[]} memorials
 * @prop {FullStream[]} streams
 * @prop {Record<string, Answer>} answers  instead of the usual answer, by 'METHOD /path'; used until deleted
 * @prop {boolean} events  whether server-sent events get through
 * @prop {string} frameAncestors  of the page made for frames
 * @prop {Record<string, () => string>} files  media made on the spot, by path; the rest comes from the media folder
 */

/** Builds the pages with the scripted client module, in a folder of their own: test files may run beside each other. */
export async function buildPages() {
  const parent = await mkdtemp(join(tmpdir(), 'vigil-web-'))
  const folder = join(parent, 'web')
  const client = join(root, 'tests/web/fake-client')
  await buildWeb({ client, out: folder, files: join(parent, 'web.json'), compressed: false })
  return { folder, remove: () => rm(parent, { recursive: true, force: true }) }
}

/**
 * Serves the pages.
 *
 * @param {{web?: string, media?: string, port?: number}} [options]  web: what `buildPages` built, to share it; media: a
 *   folder under /media/
 */
export async function startFake({ web = '', media = '', port = 0 } = {}) {
  const built = web ? null : await buildPages()
  web ||= built?.folder ?? ''
  /** @type {World} */
  const world = {
    user: { uid: 'user-1', name: 'Ada Byron', role: 'admin' },
    token: 'good-token',
    memorials: [{ id: 'memorial-1', name: 'Edith Marlow', canManage: true }],
    streams: [],
    answers: {},
    events: true,
    frameAncestors: '*',
    files: {},
  }
  /** @type {{method: string, path: string, headers: import('node:http').IncomingHttpHeaders, body: any}[]} */
  const requests = []
  /** @type {Set<{memorialId: string, response: import('node:http').ServerResponse}>} */
  const listeners = new Set()

  /** @param {string} memorialId */
  const view = (memorialId, seen = publicView) => {
    const memorial = world.memorials.find(({ id }) => id === memorialId)
    if (!memorial) return null
    const streams = world.streams.filter((stream) => stream.memorialId === memorialId).map(seen)
    return { memorial: { id: memorial.id, name: memorial.name }, streams, currentStreamId: streams[0]?.id }
  }

  const refusals = /** @type {Record<number, {code: string, what: string}>} */ ({
    401: { code: 'signed-out', what: 'Please sign in first.' },
    403: { code: 'forbidden', what: 'This memorial belongs to someone else.' },
    404: { code: 'not-found', what: 'There is no such page.' },
  })
  /** @param {number} status @returns {Answer} */
  const refuse = (status) => ({ status, body: { success: false, error: refusals[status] } })

  /** @param {string} method @param {string} path @param {any} body @returns {Answer} */
  const api = (method, path, body) => {
    const [, kind, id, part] = path.slice(1).split('/')
    const route = `${method} ${kind}${id ? ' id' : ''}${part ? ` ${part}` : ''}`
    if (route === 'GET session') return { status: 200, body: { user: world.user } }
    if (route === 'DELETE session') {
      world.user = null
      return { status: 200, body: { success: true } }
    }
    if (route === 'POST session') {
      if (body.token !== world.token) return refuse(401)
      world.token = ''
      world.user ??= { uid: 'user-1', name: 'Ada Byron', role: 'admin' }
      return { status: 200, body: { success: true, user: world.user } }
    }
    if (route === 'GET memorials id') return view(id) ? { status: 200, body: view(id) } : refuse(404)
    if (!world.user) return refuse(401)
    if (route === 'GET memorials') return { status: 200, body: { success: true, memorials: world.memorials } }
    if (route === 'POST memorials') {
      const memorial = { id: `memorial-${world.memorials.length + 1}`, name: body.name, canManage: true }
      world.memorials.push(memorial)
      return { status: 201, body: { success: true, memorial } }
    }
    if (route === 'GET memorials id streams') {
      const memorial = world.memorials.find((one) => one.id === id)
      if (!memorial) return refuse(404)
      return memorial.canManage ? { status: 200, body: { success: true, ...view(id, managedView) } } : refuse(403)
    }
    if (method === 'POST' && kind === 'streams' && !part) {
      const obs = id === 'create-obs'
      const stream = aStream({
        id: `stream-${world.streams.length + 1}`,
        memorialId: body.memorialId,
        title: body.title,
        streamingMethod: obs ? 'obs' : 'whip_browser',
        recordingSources: {
          cloudflare: { available: false },
          ...(body.enableMuxBackup && { mux: { available: false } }),
        },
        createdAt: new Date().toISOString(),
        ...(obs ? { rtmpUrl: 'rtmp://127.0.0.1:1935/live', streamKey: 'a-secret-key' } : { whipUrl: '/media/whip' }),
      })
      world.streams.push(stream)
      changed()
      return { status: 201, body: { success: true, stream } }
    }
    const stream = world.streams.find((one) => one.id === id)
    if (kind !== 'streams' || !stream) return refuse(404)
    if (method === 'DELETE') world.streams.splice(world.streams.indexOf(stream), 1)
    if (method === 'PATCH') Object.assign(stream, body)
    if (part === 'uplink') return { status: 200, body: { success: true } }
    if (part === 'rotate-keys') stream.streamKey = 'another-secret-key'
    if (part === 'retry-backup') stream.backup = 'ready'
    if (method !== 'GET') changed()
    return { status: 200, body: { success: true, stream } }
  }

  /** Tells every open page what the world looks like now. */
  const changed = () => {
    for (const { memorialId, response } of listeners) {
      response.write(`event: memorial\ndata: ${JSON.stringify(view(memorialId))}\n\n`)
    }
  }

  const pageOf = (/** @type {string} */ path) => {
    if (path === '/') return 'index.html'
    if (path === '/sign-in' || path === '/offline') return `${path.slice(1)}.html`
    if (path === '/service-worker.js' || path === '/site.webmanifest') return path
    if (/^\/memorials\/[^/]+\/manage$/.test(path)) return 'manage.html'
    if (/^\/memorials\/[^/]+$/.test(path)) return 'memorial.html'
    if (/^\/embed\/[^/]+$/.test(path)) return 'embed.html'
    if (path === '/embed.js') return 'embed.js'
    return 'not-found.html'
  }

  const server = createServer(async (request, response) => {
    const path = (request.url ?? '/').split('?')[0]
    // As the shim and the media server do.
    if (/^\/(assets|media|embed\.js|api\/memorials\/[^/]+(\/events)?$)/.test(path)) {
      response.setHeader('access-control-allow-origin', '*')
    }
    const method = request.method ?? 'GET'
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    requests.push({ method, path, headers: request.headers, body: text ? JSON.parse(text) : null })

    if (/^\/api\/memorials\/[^/]+\/events$/.test(path) && world.events) {
      const listener = { memorialId: path.split('/')[3], response }
      if (!view(listener.memorialId)) return void response.writeHead(404).end()
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write(`event: memorial\ndata: ${JSON.stringify(view(listener.memorialId))}\n\n`)
      listeners.add(listener)
      response.on('close', () => listeners.delete(listener))
      return
    }
    if (path.startsWith('/api/')) {
      const answer = world.answers[`${method} ${path}`] ?? api(method, path, text ? JSON.parse(text) : null)
      if (answer.hang) return
      if (answer.close) return void response.destroy()
      response.writeHead(answer.status, { 'content-type': 'application/json' })
      return void response.end(JSON.stringify(answer.body ?? {}))
    }
    const file = path.startsWith('/media/')
      ? join(media, path.slice('/media/'.length))
      : join(web, path.startsWith('/assets/') ? path : pageOf(path))
    try {
      const bytes = world.files[path]?.() ?? (await readFile(file))
      response.writeHead(200, {
        'content-type': kTypes[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': securityHeaders({
          publicUrl: '',
          styleHashes: styleHashes(web),
          frameAncestors: path.startsWith('/embed/') ? world.frameAncestors : undefined,
        })['content-security-policy'],
        'cache-control': 'no-store',
      })
      response.end(bytes)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise((done) => server.listen(port, '127.0.0.1', () => done(null)))
  const address = /** @type {import('node:net').AddressInfo} */ (server.address())
  return {
    url: `http://127.0.0.1:${address.port}`,
    world,
    requests,
    changed,
    /** Ends every open event stream, as a lost connection would. */
    dropListeners() {
      for (const { response } of listeners) response.destroy()
    },
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      await built?.remove()
    },
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const fake = await startFake({ port: Number(process.argv[2] ?? 0) })
  fake.world.streams.push(
    aStream({ whipUrl: '/media/whip' }),
    aStream({ id: 'stream-2', title: 'Graveside', streamingMethod: 'obs' }),
  )
  console.log(`${fake.url}/memorials/memorial-1/manage`)
}
