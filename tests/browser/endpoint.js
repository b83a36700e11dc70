/**
 * A WHIP and WHEP endpoint whose replies a test scripts, and the page that talks to it, under the CSP of the product.
 * Answers come from a second RTCPeerConnection in that page.
 */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'

/** @param {string} elsewhere  origins the page may also fetch from */
const csp = (elsewhere) =>
  `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${elsewhere}; ` +
  "img-src data:; media-src 'self' blob: mediastream:; " +
  "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
const types = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' }
const dist = new URL('../../build/dist', import.meta.url).pathname

/**
 * @typedef {{ method: string, path: string, headers: import('node:http').IncomingHttpHeaders, body: string }} Request
 * @typedef {{ status: number, headers?: Record<string, string>, body?: string, after?: Promise<unknown> }} Reply
 *   `after`: the reply is held back until then
 * @typedef {(request: Request, answer: () => Promise<string>) => Reply | Promise<Reply>} Handler
 */

export class Endpoint {
  /** @type {Request[]} every POST, PATCH and DELETE so far */
  requests = []
  /** @type {Handler[]} what to reply to the next POSTs; without one: a session */
  script = []
  /** @type {Set<string>} sessions made and not deleted */
  sessions = new Set()
  /** @type {import('playwright-core').Page | undefined} the page that answers offers */
  page
  /** Origins the page may fetch from besides its own. */
  elsewhere = ''
  #count = 0
  #server = createServer((request, response) => void this.#serve(request, response))

  async listen() {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening')
    return this
  }

  get origin() {
    const { port } = /** @type {import('node:net').AddressInfo} */ (this.#server.address())
    return `http://127.0.0.1:${port}`
  }

  get url() {
    return `${this.origin}/a/whip`
  }

  close() {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  /** @param {string} method */
  sent(method) {
    return this.requests.filter((request) => request.method === method)
  }

  /**
   * A 201 with a working answer.
   * @param {Record<string, string>} [headers]  in addition to, or instead of, the usual ones
   * @returns {Handler}
   */
  session(headers = {}) {
    return async (_, answer) => {
      const location = `/s/${++this.#count}`
      this.sessions.add(location)
      return {
        status: 201,
        headers: { 'content-type': 'application/sdp', location, etag: `"${this.#count}"`, ...headers },
        body: await answer(),
      }
    }
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  async #serve(request, response) {
    const path = request.url ?? '/'
    if (request.method === 'GET') return this.#file(path, response)
    let body = ''
    for await (const part of request.setEncoding('utf8')) body += part
    const entry = { method: request.method ?? '', path, headers: request.headers, body }
    const handler = request.method === 'POST' ? (this.script.shift() ?? this.session()) : this.#end
    const reply = handler(entry, () => this.#answer(body))
    this.requests.push(entry)
    const { status, headers, body: text, after } = await reply
    await after
    response.writeHead(status, headers).end(text)
  }

  /** @type {Handler} */
  #end = ({ path }) => ({ status: this.sessions.delete(path) ? 200 : 404 })

  /** @param {string} offer */
  #answer(offer) {
    if (!this.page) throw new Error('no page answers')
    return this.page.evaluate(async (sdp) => {
      const peer = new RTCPeerConnection()
      const far = /** @type {any} */ (globalThis)
      far.peers = [...(far.peers ?? []), peer]
      await peer.setRemoteDescription({ type: 'offer', sdp })
      if (sdp.includes('a=recvonly')) for (const track of far.source.getTracks()) peer.addTrack(track, far.source)
      await peer.setLocalDescription(await peer.createAnswer())
      while (peer.iceGatheringState !== 'complete')
        await new Promise((resolve) => peer.addEventListener('icegatheringstatechange', resolve, { once: true }))
      return peer.localDescription?.sdp ?? ''
    }, offer)
  }

  /**
   * @param {string} path
   * @param {import('node:http').ServerResponse} response
   */
  async #file(path, response) {
    const file = path === '/' ? new URL('page.html', import.meta.url).pathname : join(dist, path)
    const own = path === '/page.js' ? new URL('page.js', import.meta.url).pathname : file
    const bytes = await readFile(own).catch(() => null)
    if (!bytes) return response.writeHead(404).end()
    const type = types[/** @type {keyof typeof types} */ (extname(own))] ?? 'text/plain'
    response
      .writeHead(200, {
        'content-type': type,
        'content-security-policy': csp(this.elsewhere),
        'cache-control': 'no-store',
      })
      .end(bytes)
  }
}

/**
 * Waits until `check` gives something true, and gives it back.
 * @template T
 * @param {() => T | Promise<T>} check
 * @param {string} what  for the message when it never does
 * @param {number} [ms]
 */
export async function until(check, what, ms = 15000) {
  const deadline = Date.now() + ms
  for (;;) {
    const value = await check()
    if (value) return value
    if (Date.now() > deadline) throw new Error(`not within ${ms} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
