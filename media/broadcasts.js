/** The broadcasts there are until their recordings are ready: begun, taken up from the last process, finished. */
import { statfsSync } from 'node:fs'
import { Broadcast } from './broadcast.js'
import { reasonOf } from './log.js'
import { newAsset } from './mux.js'

/** @typedef {import('./videos.js').Video} Video */

export class Broadcasts {
  /** @type {Map<string, Broadcast>} by video uid */
  #all = new Map()
  #config
  #videos
  #recorder

  /**
   * @param {import('./config.js').Config} config
   * @param {import('./videos.js').Videos} videos
   * @param {import('./recorder.js').Recorder} recorder
   */
  constructor(config, videos, recorder) {
    this.#config = config
    this.#videos = videos
    this.#recorder = recorder
  }

  /**
   * @param {string} video uid
   * @returns {Broadcast | null} until its recording is ready
   */
  get = (video) => {
    const broadcast = this.#all.get(video)
    return broadcast && ['live', 'ending'].includes(broadcast.video.state) ? broadcast : null
  }

  /**
   * @param {import('./inputs.js').LiveInput} input
   * @param {(reason: string) => void} onUnsaved
   * @returns {Broadcast}
   * @throws {Error} when there is no space for it
   */
  begin(input, onUnsaved) {
    const video = this.#videos.create(input, input.mux && { mux: newAsset(input.mux) })
    const broadcast = this.#add(video)
    this.#config.log('broadcast.started', { input: input.uid, video: video.uid })
    this.#videos.save(video).catch((error) => onUnsaved(reasonOf(error)))
    return broadcast
  }

  /**
   * What the last process left: finished here, if it was ending or has no live input any more; otherwise it is handed on.
   * @param {import('./inputs.js').Inputs} inputs
   * @param {(input: import('./inputs.js').LiveInput, broadcast: Broadcast) => void} goOn
   */
  async takeUp(inputs, goOn) {
    for (const video of this.#videos.all().sort((a, b) => (a.created < b.created ? -1 : 1))) {
      try {
        if (video.state === 'ready' && video.download !== 'ready') void this.#recorder.resume(video).catch(() => {})
        if (video.state !== 'live' && video.state !== 'ending') continue
        const { runs } = await this.#videos.runs(video.uid)
        const broadcast = this.#add(video, runs)
        this.#config.log('broadcast.resumed', { input: video.liveInput, video: video.uid, runs: runs.length })
        const input = inputs.get(video.liveInput)
        if (input && video.state === 'live') goOn(input, broadcast)
        else {
          broadcast.ending = true
          void this.finish(broadcast)
        }
      } catch (error) {
        this.#config.log('video.unreadable', { video: video.uid, reason: reasonOf(error) })
      }
    }
  }

  /**
   * @param {Broadcast} broadcast
   * @param {Promise<void>} [told] what must be told before
   */
  async finish(broadcast, told) {
    await this.#recorder.finish(broadcast, told)
    const { state } = broadcast.video
    if (state === 'ready' || state === 'error') this.#all.delete(broadcast.video.uid)
  }

  /** @param {Video} video @param {import('./broadcast.js').Run[]} [runs] */
  #add(video, runs) {
    const broadcast = new Broadcast(video, this.#videos.path(video.uid), this.#config, runs)
    this.#all.set(video.uid, broadcast)
    return broadcast
  }
}

/**
 * What is told of a broadcast that cannot go on.
 * @param {string} reason ffmpeg's or the system's words
 * @param {string} folder
 */
export const troubleOf = (reason, folder) =>
  /no space left|ENOSPC|EDQUOT/i.test(reason) || isFull(folder)
    ? { code: 'ERR_STORAGE_QUOTA_EXHAUSTED', message: 'The disk is full: this broadcast is not being recorded.' }
    : { code: 'ERR_PACKAGING', message: 'The broadcast could not be packaged; it is being tried again.' }

/** Less is left than a few segments take. ffmpeg does not always say so when it cannot write. */
function isFull(/** @type {string} */ folder) {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize < 4 << 20
  } catch {
    return false
  }
}
