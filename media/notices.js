/** What the owner of a live input is told of it, as Cloudflare tells it; `MuxNotices` has the same methods. */
import { notification, videoView } from './payloads.js'

/**
 * @typedef {import('./inputs.js').LiveInput} LiveInput
 * @typedef {import('./live.js').Why} Why
 *
 * @typedef {object} Notices each settles when what it says is safe on disk
 * @property {(input: LiveInput, about: { protocol: 'webrtc' | 'rtmp', broadcast: Broadcast | null }) => Promise<void>}
 *   connected media has begun
 * @property {(input: LiveInput, broadcast: Broadcast) => Promise<void>} playable its first segment is there
 * @property {(input: LiveInput, about: { why: Why, video?: string }) => Promise<void>} disconnected
 * @property {(input: LiveInput, video: Video) => Promise<void>} over no more will come
 * @property {(input: LiveInput, error: { code: string, message: string }) => Promise<void>} errored
 * @property {(video: Video) => Promise<void>} recorded it can be watched, or not; told again when it has changed
 *
 * @typedef {import('./broadcast.js').Broadcast} Broadcast
 * @typedef {import('./videos.js').Video} Video
 */

/** @implements {Notices} */
export class CloudflareNotices {
  #inputs
  #webhooks
  #addresses

  /**
   * @param {import('./inputs.js').Inputs} inputs
   * @param {import('./webhooks.js').Webhooks} webhooks
   * @param {import('./payloads.js').Addresses} addresses
   */
  constructor(inputs, webhooks, addresses) {
    this.#inputs = inputs
    this.#webhooks = webhooks
    this.#addresses = addresses
  }

  /** @type {Notices['connected']} */
  async connected(input, { protocol }) {
    // Saved before it is told, and the other way round below: a crash between the two repeats a "disconnected" at worst.
    const status = /** @type {const} */ ({ state: 'connected', reason: 'connected', ingestProtocol: protocol })
    await this.#inputs.save(input, { status: { ...status, statusEnteredAt: new Date().toISOString() } })
    await this.#notify(input, notification(input.uid, 'connected'))
  }

  async playable() {}

  /** @type {Notices['disconnected']} */
  async disconnected(input, { why, video }) {
    const statusEnteredAt = new Date().toISOString()
    const reason = why === 'deleted' || why === 'disabled' ? 'stopped' : 'lost'
    await this.#notify(input, notification(input.uid, 'disconnected', { reason, video }))
    const ingestProtocol = input.status?.ingestProtocol ?? 'webrtc'
    const status = { state: /** @type {const} */ ('disconnected'), ingestProtocol, statusEnteredAt }
    await this.#inputs.save(input, { status: { ...status, reason: why === 'deleted' ? 'client_disconnect' : why } })
  }

  async over() {}

  /** @type {Notices['errored']} */
  errored(input, error) {
    return this.#notify(
      input,
      notification(input.uid, 'errored', { error: { ...error, videoCodec: '', audioCodec: '' } }),
    )
  }

  /** @type {Notices['recorded']} */
  recorded(video) {
    const what = video.state === 'ready' ? 'video.ready' : 'video.error'
    return this.#webhooks.send({ lane: video.liveInput, kind: 'video', what }, videoView(video, this.#addresses))
  }

  /** @param {LiveInput} input @param {ReturnType<typeof notification>} body */
  #notify(input, body) {
    return this.#webhooks.send({ lane: input.uid, kind: 'notification', what: body.data.event_type }, body)
  }
}
