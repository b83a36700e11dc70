/** Live inputs of Cloudflare Stream's REST API, as our own media server serves it. */
import { PortError } from './port-error.js'

const patience = 8000 // a person is waiting

/**
 * @param {object} options
 * @param {() => string | null} options.url  where the media server is now; null while it is being started
 * @param {string} options.token  bearer of its API
 * @param {string} [options.account]
 * @param {number} [options.timeout]  milliseconds
 */
export function openLiveInputs({ url, token, account = 'local', timeout = patience }) {
  /**
   * @param {string} method
   * @param {string} path
   * @param {{ body?: unknown, headers?: Record<string, string> }} [request]
   */
  async function call(method, path, { body, headers = {} } = {}) {
    const base = url()
    if (!base) throw new PortError('unavailable', 'the media server is not up yet')
    /** @type {Response} */
    let response
    /** @type {any} */
    let answer
    try {
      response = await fetch(`${base}/client/v4/accounts/${account}/stream/live_inputs${path}`, {
        method,
        headers: {
          ...headers,
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(timeout),
      })
      const text = await response.text()
      answer = text ? JSON.parse(text) : null
    } catch (error) {
      const { name, message } = /** @type {Error} */ (error)
      if (name === 'TimeoutError') throw new PortError('timeout', `no answer within ${timeout} ms`, { cause: error })
      throw new PortError('unavailable', `no usable answer: ${message}`, { cause: error })
    }
    if (response.ok) return answer?.result
    const code = response.status === 409 ? 'conflict' : response.status === 404 ? 'not-found' : 'refused'
    throw new PortError(code, `the media server answered ${response.status}`)
  }

  return {
    /**
     * The new live input; the one made before under the same key.
     * @param {{ streamId: string, idempotencyKey: string, title: string, memorialId: string, createdBy: string }} effect
     */
    CreateInput: ({ streamId, idempotencyKey, title, memorialId, createdBy }) =>
      call('POST', '', {
        headers: { 'idempotency-key': idempotencyKey },
        body: {
          meta: { name: title, streamId, memorialId },
          defaultCreator: createdBy,
          recording: { mode: 'automatic' },
        },
      }),

    /** Gone already counts as done. @param {{ cloudflareInputId: string }} effect */
    DeleteInput: ({ cloudflareInputId }) =>
      call('DELETE', `/${encodeURIComponent(cloudflareInputId)}`).catch((error) => {
        if (error.code !== 'not-found') throw error
      }),

    /** Throws when the API cannot be used. */
    async check() {
      await call('GET', '')
    },
  }
}

/** @typedef {ReturnType<typeof openLiveInputs>} LiveInputs */
