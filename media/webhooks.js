/**
 * Tells the shim what happened, as Cloudflare would: signed, in order for each input, retried until it was taken. A
 * message is a file until then, so that a crash loses none (it may deliver one twice).
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
 * @property {'notification' | 'video'} kind
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

const day = 24 * 3600 * 1000

export class Webhooks {
  #config
  #folder
  /** @type {Map<string, Message[]>} */
  #lanes = new Map()
  /** @type {Set<string>} lanes with a delivery under way or waiting */
  #busy = new Set()
  #closing = new AbortController()
  #last = 0
  #inTurn = inTurn()

  /**
   * @param {string} folder
   * @param {import('./config.js').Config} config
   */
  constructor(folder, config) {
    this.#folder = folder
    this.#config = config
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
    if (!this.#config.webhookUrl) return
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
      const status = await this.#deliver(message)
      message.tries++
      const taken = status >= 200 && status < 300
      // What it will not take in this form it will not take later; anything else may pass.
      const refused = [400, 413, 415, 422].includes(status) && message.tries >= 5
      const old = Date.now() - message.created > day
      if (taken || refused || old) {
        this.#config.log(taken ? 'webhook.delivered' : 'webhook.dropped', { input: name, what: message.what, status })
        lane.shift()
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

  /** The status of the answer, 0 when there was none. */
  async #deliver(/** @type {Message} */ { kind, body }) {
    const { webhookUrl, webhookSecret, webhookAuthSecret } = this.#config
    /** @type {Record<string, string>} */
    const headers = { 'content-type': 'application/json', 'user-agent': 'vigil-media' }
    // Signed anew at each try: the receiver refuses a time that is too old.
    if (kind === 'video') headers['webhook-signature'] = signature(webhookSecret, body, Math.floor(Date.now() / 1000))
    else headers['cf-webhook-auth'] = webhookAuthSecret
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(10_000), this.#closing.signal])
      const reply = await fetch(webhookUrl, { method: 'POST', headers, body, signal, redirect: 'manual' })
      await reply.body?.cancel()
      return reply.status
    } catch {
      return 0
    }
  }
}
