/**
 * What the owner of a Mux live stream is told, in the order Mux documents: connected, asset.created, recording, active,
 * asset.ready (while live: the first seconds can be played), disconnected, and after the reconnect window idle and
 * asset.live_stream_completed.
 */
import { assetNotice, muxEvent, streamNotice } from './mux.js'

/**
 * @typedef {import('./inputs.js').LiveInput} LiveInput
 * @typedef {import('./notices.js').Notices} Notices
 * @typedef {import('./videos.js').Video} Video
 * @typedef {import('./mux.js').MuxStream} MuxStream
 */

/** @implements {Notices} */
export class MuxNotices {
  #inputs
  #videos
  #webhooks

  /**
   * @param {import('./inputs.js').Inputs} inputs
   * @param {import('./videos.js').Videos} videos
   * @param {import('./webhooks.js').Webhooks} webhooks
   */
  constructor(inputs, videos, webhooks) {
    this.#inputs = inputs
    this.#videos = videos
    this.#webhooks = webhooks
  }

  /** @type {Notices['connected']} */
  async connected(input, { broadcast }) {
    const begins = this.#activate(input, broadcast)
    await this.#save(input, { connected: true })
    await this.stream(input, 'connected')
    if (broadcast && begins) await this.#asset(broadcast.video, 'created', broadcast)
    await this.#save(input, { recording: true })
    await this.stream(input, 'recording')
  }

  /** @type {Notices['playable']} */
  async playable(input, broadcast) {
    const { video } = broadcast
    if (!video.mux || video.mux.ready) return
    // It could not begin when the publisher came.
    if (this.#activate(input, broadcast)) await this.#asset(video, 'created', broadcast)
    video.mux.ready = true
    await this.#save(input, { status: 'active' })
    await this.stream(input, 'active')
    await this.#videos.save(video)
    await this.#asset(video, 'ready', broadcast)
  }

  /**
   * @param {LiveInput} input
   * @param {import('./broadcast.js').Broadcast | null} broadcast
   * @returns {boolean} whether its asset is new
   */
  #activate({ mux }, broadcast) {
    const asset = broadcast?.video.mux
    if (!mux || !asset) return false
    mux.activeAssetId = asset.id
    const known = mux.recentAssetIds.includes(asset.id)
    if (!known) mux.recentAssetIds = [...mux.recentAssetIds, asset.id]
    return !known
  }

  /** @type {Notices['disconnected']} */
  async disconnected(input) {
    if (!input.mux?.connected) return
    await this.#save(input, { connected: false, recording: false })
    await this.stream(input, 'disconnected')
  }

  /** @type {Notices['over']} */
  async over(input, video) {
    if (!video.mux || input.mux?.activeAssetId !== video.mux.id) return
    const { status } = input.mux
    // The asset that has ended is still named.
    const told = this.stream({ ...input, mux: { ...input.mux, status: 'idle' } }, 'idle')
    await this.#save(input, { activeAssetId: undefined, status: status === 'disabled' ? 'disabled' : 'idle' })
    await told
  }

  async errored() {}

  /** @type {Notices['recorded']} */
  async recorded(video) {
    const input = this.#inputs.get(video.liveInput)
    if (input) await this.over(input, video) // a crash may have come between
    if (!video.mux || video.mux.told) return
    video.mux.told = true // saved by the caller, after this
    await this.#asset(video, video.state === 'ready' ? 'live_stream_completed' : 'errored', null)
  }

  /** @param {Video} video */
  assetDeleted = (video) => this.#asset(video, 'deleted', null)

  /**
   * @param {LiveInput} input
   * @param {string} what
   */
  async stream({ uid, mux }, what) {
    if (!mux) return
    const type = `video.live_stream.${what}`
    await this.#webhooks.send({ lane: uid, kind: 'mux', what: type }, muxEvent(type, mux.id, streamNotice(mux)))
  }

  /** @param {Video} video @param {string} what @param {import('./broadcast.js').Broadcast | null} broadcast */
  async #asset(video, what, broadcast) {
    const { mux, liveInput } = video
    if (!mux) return
    const type = `video.asset.${what}`
    const data = assetNotice({ ...video, mux }, broadcast)
    await this.#webhooks.send({ lane: liveInput, kind: 'mux', what: type }, muxEvent(type, mux.id, data))
  }

  /** @param {LiveInput} input @param {Partial<MuxStream>} change */
  async #save(input, change) {
    if (input.mux) await this.#inputs.save(input, { mux: { ...input.mux, ...change } })
  }
}
