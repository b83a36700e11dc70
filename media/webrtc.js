/** WHIP (RFC 9725) and WHEP over HTTP: the endpoints, and the sessions they made. */
import { addressOf, Admission } from './admission.js'
import { HttpError, mediaType, readBody, reply } from './http.js'
import { Busy, Ending } from './live.js'
import { WhepSession } from './whep.js'
import { WhipSession } from './whip.js'

/** Larger than any offer a browser makes, some six times. */
const mostBytes = 64 * 1024
const rememberEnded = 60_000
/** Milliseconds from here to the client, as far as that is up to us: a proxy on this machine. */
const answerTakes = 5

/**
 * @typedef {object} Parts
 * @property {import('./config.js').Config} config
 * @property {import('./inputs.js').Inputs} inputs
 * @property {import('./lives.js').Lives} lives
 * @property {import('./core.js').Core} core
 * @property {import('./rtc.js').RtcPort} port
 * @property {import('./payloads.js').Addresses} addresses
 * @property {import('./relay.js').Relay | null} relay
 *
 * @typedef {import('./http.js').Request} Request
 * @typedef {import('./http.js').Response} Response
 */

export class WebRtc {
  /** @type {Map<string, WhipSession | WhepSession>} by id */
  #sessions = new Map()
  /** Ids of sessions that ended on our side within the last minute. @type {Set<string>} */
  #ended = new Set()
  #admission = new Admission()
  #parts

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts
  }

  /**
   * POST /{secret}k{uid}/webRTC/publish
   * @param {Request} request
   * @param {Response} response
   * @param {string} key
   */
  async publish(request, response, key) {
    const { inputs, lives, core, config, port, relay } = this.#parts
    const input = inputs.byKey(key) ?? (await relay?.byKey(key, addressOf(request)))
    // The same for a wrong key as for no such input: neither tells which inputs there are.
    if (!input) throw new HttpError(404, 'There is no stream with this key.')
    if (!input.enabled) throw new HttpError(403, 'This stream is closed.')
    const offer = await this.#offer(request)
    if (lives.isTaken(input.uid)) throw busy()
    const { session, trimmed } = WhipSession.from(port, core, config, offer)
    this.#keep(session)
    try {
      const answer = core.finishAnswer(await session.answer(trimmed), '{}')
      lives.take(input, session)
      this.#created(request, response, session, offer, answer)
    } catch (error) {
      session.close('lost')
      if (error instanceof Ending) throw new HttpError(503, 'The server is about to end.', { 'retry-after': '3' })
      throw error instanceof Busy ? busy() : error
    }
  }

  /**
   * POST /{uid}/webRTC/play
   * @param {Request} request
   * @param {Response} response
   * @param {string} uid
   */
  async play(request, response, uid) {
    const { inputs, lives, core, port } = this.#parts
    if (!inputs.get(uid)) throw new HttpError(404, 'There is no such stream.')
    const offer = await this.#offer(request)
    const source = lives.publisherOf(uid)
    if (!source || !lives.isLive(uid)) {
      throw new HttpError(409, 'The live broadcast has not started yet.', { 'retry-after': '2' })
    }
    if (!(source instanceof WhipSession)) {
      throw new HttpError(406, 'This broadcast comes by RTMP; it can be watched by HLS only.')
    }
    const address = addressOf(request)
    const later = this.#admission.refused(uid, address)
    if (later) throw new HttpError(503, 'Too many are watching this way.', { 'retry-after': String(later) })
    const { session, trimmed } = WhepSession.from(port, core, offer, source)
    this.#admission.add(session, uid, address)
    session.once('close', () => this.#admission.remove(session))
    this.#keep(session)
    try {
      this.#created(request, response, session, offer, await session.answer(trimmed))
    } catch (error) {
      session.close('lost')
      throw error
    }
  }

  /**
   * PATCH /webRTC/sessions/{id}: candidates. Nothing else: libjuice cannot restart ICE.
   * @param {Request} request
   * @param {Response} response
   * @param {string} id
   */
  async patch(request, response, id) {
    const session = this.#session(id)
    if (mediaType(request) !== 'application/trickle-ice-sdpfrag') {
      throw new HttpError(415, 'The body must be application/trickle-ice-sdpfrag.')
    }
    const match = request.headers['if-match']
    // RFC 9110 §13.1.1 has the bare form; the example in RFC 9725 prints the quoted one.
    if (match === '*' || match === '"*"') {
      throw new HttpError(422, 'ICE restart is not supported: end this session and begin another.')
    }
    if (match !== undefined && match !== session.etag) throw new HttpError(412, 'This is another ICE session.')
    const fragment = JSON.parse(this.#parts.core.readFragment(await readBody(request, mostBytes)))
    if (fragment.error) throw new HttpError(400, `Not a fragment: ${fragment.error.where}: ${fragment.error.what}`)
    // Well-formed is enough: see withoutCandidates in rtc.js.
    reply(response, 204, {})
  }

  /**
   * DELETE /webRTC/sessions/{id}
   * @param {Response} response
   * @param {string} id
   */
  delete(response, id) {
    // Its viewer may not have heard yet that it is over: that is what it asks for, not an error in its console.
    if (!this.#ended.delete(id)) this.#session(id).close('deleted')
    reply(response, 200, {})
  }

  close() {
    for (const session of this.#sessions.values()) session.close('shutdown')
  }

  get size() {
    return this.#sessions.size
  }

  /** @param {string} id */
  #session(id) {
    const session = this.#sessions.get(id)
    if (!session) throw new HttpError(404, 'There is no such session.')
    return session
  }

  /** @param {Request} request */
  async #offer(request) {
    if (mediaType(request) !== 'application/sdp') throw new HttpError(415, 'The body must be application/sdp.')
    return readBody(request, mostBytes)
  }

  /** @param {WhipSession | WhepSession} session */
  #keep(session) {
    this.#sessions.set(session.id, session)
    session.once('close', (why) => {
      this.#sessions.delete(session.id)
      if (why === 'deleted') return
      this.#ended.add(session.id)
      setTimeout(() => this.#ended.delete(session.id), rememberEnded).unref()
    })
  }

  /**
   * @param {Request} request
   * @param {Response} response
   * @param {WhipSession | WhepSession} session
   * @param {string} offer
   * @param {string} answer
   */
  #created(request, response, session, offer, answer) {
    // A path, so that it is right behind whatever host name the client came by.
    const base = new URL(this.#parts.addresses.publicUrl).pathname.replace(/\/$/, '')
    const location = `${base}/webRTC/sessions/${session.id}`
    reply(response, 201, { 'content-type': 'application/sdp', location, etag: session.etag }, answer)
    setTimeout(
      session.guard(() => session.meet(offer, addressOf(request))),
      answerTakes,
    )
  }
}

const busy = () => new HttpError(409, 'Someone is streaming here already.', { 'retry-after': '3' })
