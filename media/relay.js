/**
 * A relay holds no live inputs of its own: for a key it does not know it asks the shim what that may do. The answer makes
 * a live input that exists only here and only while it is used, with one output and no recording.
 */
import { HttpError } from './http.js'
import { keyPattern, newInput } from './inputs.js'
import { openLimits } from './limits.js'
import { reasonOf } from './log.js'
import { isOutputUrl, isStreamKey } from './output.js'

/** @typedef {import('./inputs.js').LiveInput} LiveInput */

/** So long an answer is believed without asking again. */
const freshFor = 5000
const patience = 5000
const mostKnown = 5000
const lookAgainAfter = 10_000
/** Each is a question to the shim and its store, and a stranger may make up as many as he likes. */
const keysOfAddress = { limit: 60, seconds: 60 }

export class Relay {
  #config
  /** By key; `input` = null: there is none. @type {Map<string, { at: number, input: LiveInput | null }>} */
  #known = new Map()
  /** @type {Map<string, Promise<LiveInput | null>>} */
  #asking = new Map()
  #limits = openLimits()

  /** @param {import('./config.js').Config} config */
  constructor(config) {
    this.#config = config
  }

  /**
   * The live input whose key this is. One that may not be used now is not `enabled`.
   * @param {string} key
   * @param {string} [address]  of whoever sent it; '' = it is not known whose
   * @returns {Promise<LiveInput | null>}
   * @throws {HttpError} 503 when nobody can be asked; 429 when this address has sent too many keys
   */
  async byKey(key, address = '') {
    if (!keyPattern.test(key)) return null
    const known = this.#known.get(key)
    if (known && performance.now() - known.at < freshFor) return known.input
    if (address) {
      const pause = await this.#limits.take(address, keysOfAddress)
      if (pause) throw new HttpError(429, 'Too many keys were tried.', { 'retry-after': String(pause) })
    }
    let asking = this.#asking.get(key)
    if (!asking) {
      asking = this.#ask(key).finally(() => this.#asking.delete(key))
      this.#asking.set(key, asking)
    }
    return asking
  }

  /**
   * For an output of this input: where to push to now, or null when it is over. While the shim cannot be asked, what it
   * said last still holds: a service goes on without it.
   * @param {LiveInput} input
   */
  renew = (input) => async () => {
    try {
      const now = await this.byKey(input.relayKey ?? '')
      return now?.enabled ? now.outputs[0] : null
    } catch {
      return input.outputs[0]
    }
  }

  /**
   * Looks again and again whether a publisher may go on.
   * @param {LiveInput} input
   * @param {() => void} onRevoked
   * @returns {() => void} stops it
   */
  watch(input, onRevoked) {
    const renew = this.renew(input)
    const timer = setInterval(async () => !(await renew()) && onRevoked(), lookAgainAfter)
    return () => clearInterval(timer)
  }

  /** @param {string} key @returns {Promise<LiveInput | null>} */
  async #ask(key) {
    const { shimUrl, apiToken, log } = this.#config
    let status = 0
    /** @type {any} */
    let told
    try {
      const reply = await fetch(`${shimUrl.replace(/\/$/, '')}/api/relay/${key}`, {
        headers: { authorization: `Bearer ${apiToken}` },
        signal: AbortSignal.timeout(patience),
        redirect: 'error',
      })
      status = reply.status
      told = status === 200 ? await reply.json() : undefined
      if (status !== 200) await reply.body?.cancel()
    } catch (error) {
      log('relay.unanswered', { reason: reasonOf(error) })
    }
    const before = this.#known.get(key)
    const usable = isTarget(told)
    if (!usable && status !== 404) {
      log('relay.unknown', { status })
      throw new HttpError(503, 'Streaming is not available for a moment. Please try again.', { 'retry-after': '2' })
    }
    const input = usable ? inputOf(key, told, before?.input) : null
    if (this.#known.size >= mostKnown) this.#known.delete(/** @type {string} */ (this.#known.keys().next().value))
    this.#known.delete(key)
    this.#known.set(key, { at: performance.now(), input })
    return input
  }
}

/**
 * @typedef {{ streamId: string, cloudflareInputId: string, rtmpUrl: string, streamKey: string, enabled: boolean }} Told
 *
 * @param {any} told
 * @returns {told is Told}
 */
const isTarget = (told) =>
  typeof told?.cloudflareInputId === 'string' &&
  isOutputUrl(told.rtmpUrl) &&
  isStreamKey(told.streamKey) &&
  typeof told.enabled === 'boolean'

/**
 * @param {string} key
 * @param {Told} told
 * @param {LiveInput | null} [before] is brought up to date, for whoever holds it
 * @returns {LiveInput}
 */
function inputOf(key, { streamId, cloudflareInputId, rtmpUrl, streamKey, enabled }, before) {
  const created = new Date().toISOString()
  return Object.assign(before ?? { ...newInput(), created, modified: created, relayKey: key }, {
    uid: cloudflareInputId,
    meta: { streamId },
    enabled,
    outputs: [{ uid: cloudflareInputId, url: rtmpUrl, streamKey, enabled: true }],
  })
}
