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
 * @typedef {{ method: string, path: string, headers: import('node:http').IncomingHttpHeaders, body: string, from: string }} Request
 *   `from`: the address it came from
 * @typedef {{ status: number, headers?: Record<string, string>, body?: string, after?: Promise<unknown> }} Reply
 *   `after`: the reply is held back until then
 * @typedef {(request: Request, answer: () => Promise<string>) => Reply | Promise<Reply>} Handler
 * @typedef {{ offer: string, peer: number, etag: string }} Session  `peer`: its place in the page's `peers`
 */

const crossOrigin = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST, PATCH, DELETE, OPTIONS',
  'access-control-allow-headers': 'authorization, content-type, if-match',
  'access-control-expose-headers': 'Location, ETag, Link, Retry-After',
}
const sdp = 'application/sdp'
const fragmentType = 'application/trickle-ice-sdpfrag'

export class Endpoint {
  /** @type {Request[]} every POST, PATCH and DELETE so far */
  requests = []
  /** @type {Handler[]} what to reply to the next POSTs; without one: a session */
  script = []
  /** @type {Handler[]} what to reply to the next PATCHes; without one: candidates and restarts as RFC 9725 has them */
  patches = []
  /** @type {Handler | undefined} who replies to what is not scripted, instead of the far end in the page */
  usual
  /** @type {Map<string, Session>} sessions made and not deleted, by path */
  sessions = new Map()
  /** Origins the page may fetch from besides its own. */
  elsewhere = ''
  /** Whether pages of other origins may use it. */
  cors = false
  /** Whether nothing comes back, as in a network that is away. */
  silent = false
  /** @type {import('playwright-core').Page | undefined} */
  #page
  #count = 0
  #tags = 0
  #peers = 0
  #server = createServer((request, response) => void this.#serve(request, response))

  async listen(host = '127.0.0.1') {
    await once(this.#server.listen(0, host), 'listening')
    return this
  }

  /** The page that answers offers. */
  get page() {
    return this.#page
  }
  set page(page) {
    this.#page = page
    this.#peers = 0
  }

  get origin() {
    const { address, port } = /** @type {import('node:net').AddressInfo} */ (this.#server.address())
    return `http://${address}:${port}`
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
    return async ({ body, path }, answer) => {
      const location = headers.location ?? `/s/${++this.#count}`
      const etag = `"${++this.#tags}"`
      const session = { offer: body, peer: -1, etag: headers.etag ?? etag }
      this.sessions.set(new URL(location, new URL(path, this.origin)).pathname, session)
      const text = await answer()
      session.peer = this.#peers++
      return { status: 201, headers: { 'content-type': sdp, location, etag, ...headers }, body: text }
    }
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  async #serve(request, response) {
    const path = request.url ?? '/'
    if (this.silent) return request.socket.destroy()
    if (request.method === 'GET') return this.#file(path, response)
    if (this.cors) for (const [name, value] of Object.entries(crossOrigin)) response.setHeader(name, value)
    let body = ''
    for await (const part of request.setEncoding('utf8')) body += part
    const from = request.socket.remoteAddress ?? ''
    const entry = { method: request.method ?? '', path, headers: request.headers, body, from }
    const reply = this.#handler(entry.method)(entry, () => this.#answer(body))
    this.requests.push(entry)
    try {
      const { status, headers, body: text, after } = await reply
      await after
      response.writeHead(status, headers).end(text)
    } catch (error) {
      request.socket.destroy()
      if (!this.page?.isClosed()) console.error(error) // else it has gone while it answered
    }
  }

  /** @param {string} method @returns {Handler} */
  #handler(method) {
    if (method === 'POST' && this.script.length) return /** @type {Handler} */ (this.script.shift())
    if (['POST', 'PATCH', 'DELETE'].includes(method) && this.usual) return this.usual
    if (method === 'POST') return this.session()
    if (method === 'PATCH') return this.patches.shift() ?? this.restartable
    if (method === 'DELETE') return this.#end
    // Some clients do not believe in trickle ICE unless PATCH is named here.
    const methods = crossOrigin['access-control-allow-methods']
    return () => ({ status: 204, headers: { 'accept-post': sdp, 'access-control-allow-methods': methods } })
  }

  /**
   * PATCH as section 4.3 of RFC 9725 wants it: 204 to candidates of this ETag, 200 with a new one to a restart.
   * @type {Handler}
   */
  restartable = async ({ path, headers, body }) => {
    const session = this.sessions.get(path)
    if (!session) return { status: 404 }
    if (headers['content-type'] !== fragmentType) return { status: 415 }
    const match = headers['if-match']
    if (match === undefined) return { status: 428 }
    if (match === '*') {
      session.etag = `"${++this.#tags}"`
      return {
        status: 200,
        headers: { 'content-type': fragmentType, etag: session.etag },
        body: await this.#restart(session, body),
      }
    }
    if (match !== session.etag) return { status: 412 }
    await this.#candidates(session, body)
    return { status: 204 }
  }

  /** @type {Handler} */
  #end = ({ path }) => ({ status: this.sessions.delete(path) ? 200 : 404 })

  /** @param {Session} session @param {string} fragment */
  async #candidates({ peer }, fragment) {
    await this.page?.evaluate(
      async ({ peer, lines, mid }) => {
        for (const candidate of lines) {
          await /** @type {any} */ (globalThis).peers[peer].addIceCandidate({ candidate, sdpMid: mid })
        }
      },
      { peer, lines: candidatesOf(fragment), mid: fragment.match(/^a=mid:(.+?)\r?$/m)?.[1] },
    )
  }

  /**
   * Restarts ICE at the far end; its credentials and candidates.
   * @param {Session} session
   * @param {string} fragment
   */
  async #restart({ peer, offer }, fragment) {
    const value = (/** @type {string} */ name) => fragment.match(new RegExp(`^a=${name}:(.+?)\\r?$`, 'm'))?.[1]
    const restarted = offer
      .replace(/^a=(candidate:.*|end-of-candidates)\r\n/gm, '')
      .replace(/^a=ice-ufrag:.*$/gm, `a=ice-ufrag:${value('ice-ufrag')}`)
      .replace(/^a=ice-pwd:.*$/gm, `a=ice-pwd:${value('ice-pwd')}`)
    const answer = await this.page?.evaluate(
      async ({ peer, sdp }) => {
        const far = /** @type {any} */ (globalThis).peers[peer]
        await far.setRemoteDescription({ type: 'offer', sdp })
        await far.setLocalDescription(await far.createAnswer())
        // Gathering begins a little later; until then its state is that of the last time.
        while (far.iceGatheringState !== 'complete' || !far.localDescription.sdp.includes('a=candidate:'))
          await new Promise((resolve) => far.addEventListener('icegatheringstatechange', resolve, { once: true }))
        return far.localDescription.sdp
      },
      { peer, sdp: restarted },
    )
    const line = (/** @type {RegExp} */ pattern) => answer.match(pattern)?.[0] ?? ''
    const candidates = candidatesOf(answer).map((candidate) => `a=${candidate}`)
    const lines = [line(/^a=ice-ufrag:.+?$/m), line(/^a=ice-pwd:.+?$/m), line(/^m=.+?$/m), line(/^a=mid:.+?$/m)]
    return [...lines.map((each) => each.trim()), ...new Set(candidates), 'a=end-of-candidates', ''].join('\r\n')
  }

  /** @param {string} offer */
  #answer(offer) {
    if (!this.page) throw new Error('no page answers')
    return this.page.evaluate(async (sdp) => {
      const far = /** @type {any} */ (globalThis)
      const peer = new (far.NativePeer ?? RTCPeerConnection)()
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

/** @param {string} text  the candidate lines of SDP, without "a=" */
export const candidatesOf = (text) => [...text.matchAll(/^a=(candidate:.+?)\r?$/gm)].map((match) => match[1])

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
