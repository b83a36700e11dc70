/**
 * Tells the shim what happened, as Cloudflare and Mux would: signed, in order for each input, retried until it was taken.
 * A message is a file until then, so that a crash loses none (it may deliver one twice).
 */
import { createHmac } from 'node:crypto'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { inTurn, openFolder, readJson, removeFile, writeJson } from './durable.js'
import { reasonOf } from './log.js'

/**
 * @typedef {object} Message
 * @property {string} id file name: messages are sent in the order of their ids
 * @property {string} lane the input's uid
 * @property {'notification' | 'video' | 'mux'} kind
 * @property {string} what for the log: the event's name
 * @property {string} body JSON text
 * @property {number} tries
 * @property {number} created ms
 */

/** Header value over the bytes of a body: `time=<unix s>,sig1=<hex HMAC-SHA256 of time.body>`. */
export function signature(/** @type {string} */ secret, /** @type {string} */ body, /** @type {number} */ unixSeconds) {
  const hex = createHmac('sha256', secret).update(`${unixSeconds}.${body}`).digest('hex')
  return `time=${unixSeconds},sig1=${hex}`
}

/** The same as Mux has it: `t=<unix s>,v1=<hex>`. */
export function muxSignature(
  /** @type {string} */ secret,
  /** @type {string} */ body,
  /** @type {number} */ unixSeconds,
) {
  const hex = createHmac('sha256', secret).update(`${unixSeconds}.${body}`).digest('hex')
  return `t=${unixSeconds},v1=${hex}`
}

const day = 24 * 3600 * 1000

export class Webhooks {
  #config
  #folder
  #faults
  /** @type {Map<string, Message[]>} */
  #lanes = new Map()
  /** @type {Set<string>} lanes with a delivery under way or waiting */
  #busy = new Set()
  /** Kept back by a fault. @type {Map<string, Message[]>} */
  #held = new Map()
  #closing = new AbortController()
  #last = 0
  #inTurn = inTurn()
  #parkedSeconds

  /**
   * @param {string} folder
   * @param {import('./config.js').Config} config
   * @param {import('./faults.js').Faults} [faults]
   * @param {object} [options]
   * @param {number} [options.parkedSeconds] until what was put aside is sent again
   */
  constructor(folder, config, faults, { parkedSeconds = 3600 } = {}) {
    this.#parkedSeconds = parkedSeconds
    this.#folder = folder
    this.#config = config
    this.#faults = faults
  }

  /** Takes up what was not delivered. */
  async open() {
    for (const name of await openFolder(this.#folder)) {
      const message = await readJson(path.join(this.#folder, name))
      if (typeof message?.body === 'string') this.#queue({ ...message, id: name })
    }
  }

  /**
   * Settles when the message is safe on disk.
   * @param {Pick<Message, 'lane' | 'kind' | 'what'>} about
   * @param {unknown} body
   */
  async send(about, body) {
    if (!this.#urlFor(about.kind)) return
    // Ids grow even when two messages fall into one millisecond.
    this.#last = Math.max(Date.now(), this.#last + 1)
    const id = `${String(this.#last).padStart(15, '0')}-${about.lane.slice(0, 8)}`
    const message = { ...about, id, body: JSON.stringify(body), tries: 0, created: Date.now() }
    await this.#inTurn(async () => {
      try {
        await writeJson(path.join(this.#folder, id), message)
      } catch (error) {
        this.#config.log('webhook.unsaved', { what: about.what, reason: reasonOf(error) }) // disk full: still send it
      }
      this.#queue(message)
    })
  }

  /** Waits for what is being sent, at most so long; the rest is sent after the next start. */
  async close(milliseconds = 2000) {
    const until = Date.now() + milliseconds
    while (this.#busy.size && Date.now() < until) await setTimeout(20)
    this.#closing.abort()
  }

  #queue(/** @type {Message} */ message) {
    const lane = this.#lanes.get(message.lane)
    if (lane) lane.push(message)
    else this.#lanes.set(message.lane, [message])
    if (this.#busy.has(message.lane)) return
    this.#busy.add(message.lane)
    this.#drain(message.lane).catch((error) => this.#config.log('webhook.bug', { reason: reasonOf(error) }))
  }

  async #drain(/** @type {string} */ name) {
    const lane = this.#lanes.get(name) ?? []
    while (lane.length && !this.#closing.signal.aborted) {
      const message = lane[0]
      const fault = this.#faults?.forWebhook(message.what)
      if (fault?.hold) {
        this.#hold(/** @type {Message} */ (lane.shift()), fault.hold)
        continue
      }
      const answer = fault?.status ?? (await this.#deliver(message, fault?.twice))
      const status = fault?.lost ? 0 : answer
      message.tries++
      const taken = status >= 200 && status < 300
      // What it will not take in this form it will not take later; anything else may pass.
      const refused = [400, 413, 415, 422].includes(status) && message.tries >= 5
      const old = Date.now() - message.created > day
      if (!taken && (refused || old) && isNeeded(message) && Date.now() - message.created < 30 * day) {
        this.#config.log('webhook.parked', { input: name, what: message.what, status })
        lane.shift()
        this.#park(message)
        continue
      }
      if (taken || refused || old) {
        this.#config.log(taken ? 'webhook.delivered' : 'webhook.dropped', { input: name, what: message.what, status })
        lane.shift()
        lane.unshift(...this.#passed(name))
        await removeFile(path.join(this.#folder, message.id)).catch(() => {})
        continue
      }
      const pause = Math.min(250 * 2 ** (message.tries - 1), 30_000) * (0.8 + 0.4 * Math.random())
      this.#config.log('webhook.failed', { input: name, what: message.what, status, tries: message.tries })
      await setTimeout(pause, undefined, { signal: this.#closing.signal }).catch(() => {})
    }
    this.#busy.delete(name)
    if (!lane.length) this.#lanes.delete(name)
  }

  #urlFor(/** @type {Message['kind']} */ kind) {
    return kind === 'mux' ? this.#config.muxWebhookUrl : this.#config.webhookUrl
  }

  /** The status of the answer, 0 when there was none. @param {Message} message @param {boolean} [twice] */
  async #deliver({ kind, body }, twice) {
    const { webhookSecret, webhookAuthSecret, muxWebhookSecret } = this.#config
    const now = Math.floor(Date.now() / 1000)
    // Signed anew at each try: the receiver refuses a time that is too old.
    const authentication = {
      video: () => ({ 'webhook-signature': signature(webhookSecret, body, now) }),
      notification: () => ({ 'cf-webhook-auth': webhookAuthSecret }),
      mux: () => ({ 'mux-signature': muxSignature(muxWebhookSecret, body, now) }),
    }[kind]()
    const headers = { 'content-type': 'application/json', 'user-agent': 'vigil-media', ...authentication }
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(patience[kind]), this.#closing.signal])
      const send = async () => {
        const reply = await fetch(this.#urlFor(kind), { method: 'POST', headers, body, signal, redirect: 'manual' })
        await reply.body?.cancel()
        return reply.status
      }
      if (twice) await send()
      return await send()
    } catch {
      return 0
    }
  }

  /**
   * Puts a message aside, so that it is not in the way of those behind it.
   * @param {Message} message
   */
  #park(message) {
    const { signal } = this.#closing
    const again = () => this.#queue({ ...message, tries: 4 }) // refused once more, it is put aside again
    setTimeout(1000 * this.#parkedSeconds, undefined, { ref: false, signal }).then(again, () => {})
  }

  /**
   * Keeps a message back on purpose: for so many milliseconds, or until the next of its lane has passed it.
   * @param {Message} message
   * @param {number | 'next'} how
   */
  #hold(message, how) {
    const held = this.#held.get(message.lane) ?? []
    if (how === 'next') this.#held.set(message.lane, [...held, message])
    const again = () => {
      const still = this.#held.get(message.lane) ?? []
      if (how === 'next' && !still.includes(message)) return
      const others = still.filter((other) => other !== message)
      this.#held.set(message.lane, others)
      this.#queue(message)
    }
    const { signal } = this.#closing
    setTimeout(how === 'next' ? longestHold : how, undefined, { ref: false, signal }).then(again, () => {})
  }

  /** @param {string} lane what was kept back until now */
  #passed(lane) {
    const held = this.#held.get(lane) ?? []
    this.#held.delete(lane)
    return held
  }
}

/** Without it a recording would be waited for for ever. @param {Message} message */
const isNeeded = ({ kind, what }) => kind === 'video' || what.startsWith('video.asset.')

/** Milliseconds in which an answer must come. */
const patience = { notification: 10_000, video: 10_000, mux: 5000 }
/** A message that waits for the next goes after so long without one. */
const longestHold = 5000
