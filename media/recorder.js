/** Turns ended broadcasts into recordings, and takes that up again after a restart. */
import { setTimeout as pause } from 'node:timers/promises'
import { inTurn } from './durable.js'
import { reasonOf } from './log.js'
import { writeMp4, writePlaylist } from './recording.js'
import { deletionAfter } from './retention.js'

/** An MP4 that takes longer than this is not waited for: the recording can be watched without it. */
const mp4Patience = 10_000

export class Recorder {
  #config
  #videos
  #noticesFor
  /** One at a time: several would take from each other, and from what is live. */
  #encoding = inTurn()
  /** @type {Set<Promise<void>>} */
  #finishing = new Set()
  /** @type {Set<() => void>} */
  #stops = new Set()
  #closing = new AbortController()

  /**
   * @param {import('./config.js').Config} config
   * @param {import('./videos.js').Videos} videos
   * @param {(of: { mux?: object }) => import('./notices.js').Notices} noticesFor
   */
  constructor(config, videos, noticesFor) {
    this.#config = config
    this.#videos = videos
    this.#noticesFor = noticesFor
  }

  /**
   * Settles when the recording can be watched and the webhook is on its way, or when we end; never rejects. What fails
   * (a full disk) is tried again: what was segmented is there all the time.
   * @param {import('./broadcast.js').Broadcast} broadcast
   * @param {Promise<void>} [told] what must be told before
   */
  async finish(broadcast, told) {
    const finishing = this.#persist(broadcast, told)
    this.#finishing.add(finishing)
    await finishing
    this.#finishing.delete(finishing)
  }

  /** @param {import('./broadcast.js').Broadcast} broadcast @param {Promise<void>} [told] */
  async #persist(broadcast, told) {
    const { signal } = this.#closing
    for (let tries = 0; ; tries++) {
      try {
        return await this.#finish(broadcast, told)
      } catch (error) {
        this.#config.log('recording.failed', { video: broadcast.video.uid, reason: reasonOf(error) })
      }
      if (signal.aborted) return
      await pause(Math.min(1000 * 2 ** tries, 60_000), undefined, { signal }).catch(() => {})
    }
  }

  /** @param {import('./broadcast.js').Broadcast} broadcast @param {Promise<void>} [told] */
  async #finish(broadcast, told) {
    const { video } = broadcast
    const { uid } = video
    await broadcast.finish()
    await this.#videos.save(video, { state: 'ending' })
    // Every player has reloaded by then and seen the closed window: two target durations (RFC 8216 §6.3.4).
    const { segmentSeconds, recordingDelaySeconds, muxAssetDelaySeconds } = this.#config
    const delay = video.mux ? muxAssetDelaySeconds : recordingDelaySeconds
    const patience = 1000 * Math.max(2 * segmentSeconds, delay)
    const seen = pause(patience, undefined, { signal: this.#closing.signal }).catch(() => {})
    const recording = await writePlaylist(this.#videos, uid, segmentSeconds)
    const { duration, size, width, height, alike } = recording
    if (!recording.runs.length) {
      const error = { code: 'ERR_NO_MEDIA', text: 'Nothing was recorded: no complete segment was received.' }
      Object.assign(video, { state: 'error', error })
    } else {
      Object.assign(video, { duration, size, width, height, download: 'wanted' })
      const mp4 = this.#makeMp4(video, recording)
      const { signal } = this.#closing
      if (alike) await Promise.race([mp4, pause(mp4Patience, undefined, { ref: false, signal }).catch(() => {})])
      await seen
      Object.assign(video, { state: 'ready', readyAt: new Date().toISOString() })
      if (video.keptDays) video.scheduledDeletion = deletionAfter(video.keptDays)
    }
    await told
    await this.#noticesFor(video).recorded(video)
    // Told is told: unsaved, it is told once more after the next start.
    await this.#videos.save(video).catch((error) => this.#config.log('video.unsaved', { reason: reasonOf(error) }))
    this.#config.log(`video.${video.state}`, {
      video: uid,
      seconds: duration,
      runs: recording.runs.length,
      bytes: size,
    })
  }

  /**
   * For a recording that is ready but has no MP4 yet.
   * @param {import('./videos.js').Video} video
   */
  async resume(video) {
    const recording = await writePlaylist(this.#videos, video.uid, this.#config.segmentSeconds)
    if (recording.runs.length) await this.#makeMp4(video, recording)
  }

  /**
   * @param {import('./videos.js').Video} video
   * @param {import('./recording.js').Recording} recording
   */
  async #makeMp4(video, recording) {
    const { log, ffmpeg } = this.#config
    const make = async () => {
      if (this.#closing.signal.aborted) return
      const started = Date.now()
      /** @type {(() => void) | undefined} */
      let stop
      try {
        await writeMp4(this.#videos, video.uid, recording, ffmpeg, (kill) => {
          stop = kill
          this.#stops.add(kill)
          if (this.#closing.signal.aborted) kill()
        })
        await this.#videos.save(video, { download: 'ready' })
        // Told without it: what has changed is told again.
        if (video.state === 'ready') await this.#noticesFor(video).recorded(video)
        log('mp4.ready', { video: video.uid, copied: recording.alike, ms: Date.now() - started })
      } catch (error) {
        if (this.#closing.signal.aborted) return // still wanted: the next start makes it
        log('mp4.failed', { video: video.uid, reason: reasonOf(error) })
        await this.#videos.save(video, { download: 'failed' }).catch(() => {})
      } finally {
        if (stop) this.#stops.delete(stop)
      }
    }
    await (recording.alike ? make() : this.#encoding(make))
  }

  /** MP4s are left for the next start. */
  stop() {
    this.#closing.abort()
    for (const stop of this.#stops) stop()
  }

  /** @param {number} milliseconds what is not finished by then is left for the next start, too */
  async close(milliseconds) {
    this.stop()
    await Promise.race([Promise.all(this.#finishing), pause(milliseconds, undefined, { ref: false })])
  }
}
