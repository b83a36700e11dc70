import { t, translated } from './words.js'

/**
 * @typedef {import('./types.js').FullStream} FullStream
 * @typedef {import('./types.js').Memorial} Memorial
 * @typedef {import('./types.js').MemorialView} MemorialView
 * @typedef {import('./types.js').StreamAnswer} StreamAnswer
 * @typedef {import('./types.js').User} User
 */

const kPatience = 30_000 // ms: creating a stream asks two providers, ten seconds each

/** An answer that is not what was asked for. `message` is a sentence for the person; `status` 0 = no answer at all. */
export class ApiError extends Error {
  /**
   * @param {string} message
   * @param {{status: number, code?: string, where?: string}} about
   */
  constructor(message, { status, code = '', where = '' }) {
    super(message)
    this.status = status
    this.code = code
    this.where = where
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {Record<string, string>} [headers]
 * @param {number} [patienceMs]
 */
async function call(method, path, body, headers = {}, patienceMs = kPatience) {
  /** @type {Response} */
  let response
  /** @type {any} */
  let answer
  // AbortSignal.timeout is missing before Safari 16.
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), patienceMs)
  try {
    response = await fetch(path, {
      signal: patience.signal,
      method,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      // Reads are revalidated by ETag; a stale live status would be worse than a round trip.
      cache: method === 'GET' ? 'no-cache' : undefined,
    })
  } catch {
    clearTimeout(timer)
    throw new ApiError(t('error.network'), { status: 0 })
  }
  try {
    answer = await response.json()
  } catch {
    throw new ApiError(t(response.ok ? 'error.network' : 'error.server'), { status: response.ok ? 0 : response.status })
  } finally {
    clearTimeout(timer)
  }
  if (!response.ok) {
    const error = answer?.error ?? {}
    throw new ApiError(translated(error.code, error.what || t('error.server')), {
      status: response.status,
      code: error.code,
      where: error.where,
    })
  }
  return answer
}

/** @param {string} id */
const segment = (id) => encodeURIComponent(id)

/** @returns {Promise<User | null>} */
export const getSession = async () => (await call('GET', '/api/session')).user

/**
 * @param {string} token
 * @returns {Promise<User>}
 */
export const createSession = async (token) => (await call('POST', '/api/session', { token })).user

export const deleteSession = () => call('DELETE', '/api/session')

/** @returns {Promise<Memorial[]>} */
export const listMemorials = async () => (await call('GET', '/api/memorials')).memorials

/** @param {string} name */
export const createMemorial = (name) => call('POST', '/api/memorials', { name })

/**
 * @param {string} memorialId
 * @param {string} [server]  where Vigil is, when not where the page is
 * @returns {Promise<MemorialView>}
 */
export const getMemorial = (memorialId, server = '') => call('GET', `${server}/api/memorials/${segment(memorialId)}`)

/**
 * The same for those who may manage it, and how its streams are set up; 401 and 403 otherwise.
 *
 * @param {string} memorialId
 * @returns {Promise<import('./types.js').MemorialView<import('./types.js').ManagedStream>>}
 */
export const listStreams = (memorialId) => call('GET', `/api/memorials/${segment(memorialId)}/streams`)

/**
 * @param {string} streamId
 * @returns {Promise<FullStream>}
 */
export const getStream = async (streamId) => (await call('GET', `/api/streams/${segment(streamId)}`)).stream

/**
 * @param {'whip' | 'obs'} method
 * @param {{memorialId: string, title: string, scheduledAt?: string, enableMuxBackup?: boolean}} order
 * @param {string} idempotencyKey  the same key twice makes one stream
 * @returns {Promise<StreamAnswer>}
 */
export const createStream = (method, order, idempotencyKey) =>
  call('POST', `/api/streams/create-${method}`, order, { 'idempotency-key': idempotencyKey })

/**
 * @param {string} streamId
 * @param {{title: string, scheduledAt?: string}} changes  scheduledAt: when it is planned to begin; '' = not any more
 * @returns {Promise<FullStream>}
 */
export const changeStream = async (streamId, changes) =>
  (await call('PATCH', `/api/streams/${segment(streamId)}`, changes)).stream

/** @param {string} streamId */
export const removeStream = (streamId) => call('DELETE', `/api/streams/${segment(streamId)}`)

/**
 * The old key stops working, and whoever streams with it is stopped.
 *
 * @param {string} streamId
 * @returns {Promise<FullStream>}
 */
export const rotateKeys = async (streamId) =>
  (await call('POST', `/api/streams/${segment(streamId)}/rotate-keys`, {})).stream

/**
 * @param {string} streamId
 * @returns {Promise<StreamAnswer>}
 */
export const retryBackup = (streamId) => call('POST', `/api/streams/${segment(streamId)}/retry-backup`, {})

/**
 * Asks the provider how things are, in case we were never told.
 *
 * @param {string} streamId
 * @returns {Promise<StreamAnswer>}
 */
export const checkStream = (streamId) => call('POST', `/api/streams/${segment(streamId)}/check`, {})

const kProbe = { characters: 4 * 65_536, ms: 3000 }

/**
 * How much our server takes from here while nothing else is sent: some bytes, for three seconds at most.
 *
 * @param {string} streamId
 * @returns {Promise<number | undefined>}  kbit/s; after three seconds what it is at most; 0 = the server was not reached;
 *   undefined = it would not have it
 */
export async function measureUplink(streamId) {
  const noise = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(49_152)))).repeat(4)
  const began = performance.now()
  const kbps = () => Math.round((kProbe.characters * 8) / (performance.now() - began))
  try {
    await call('POST', `/api/streams/${segment(streamId)}/uplink`, { noise }, {}, kProbe.ms)
    return kbps()
  } catch (error) {
    if (/** @type {ApiError} */ (error).status) return undefined
    return performance.now() - began < kProbe.ms ? 0 : kbps()
  }
}
