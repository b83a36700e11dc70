/**
 * One broadcast: what becomes one recording. It is a list of runs, since a run holds one picture size of one publisher's
 * connection: turning the phone, reconnecting, or ffmpeg dying begins the next run, and viewers see one playlist.
 */
import { EventEmitter } from 'node:events'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { reasonOf } from './log.js'
import { Packager } from './packager.js'
import { compose } from './playlist.js'

/**
 * @typedef {import('./packager.js').Start} Start
 * @typedef {import('./packager.js').Sink} Sink
 */

/**
 * @typedef {object} Run
 * @property {string} name
 * @property {import('./playlist.js').Segment[]} segments
 */

/**
 * Emits 'segments'; 'keyframe' when a run begins in the middle and needs one soon; 'trouble' (reason) when ffmpeg could
 * not go on.
 * @implements {Sink}
 */
export class Broadcast extends EventEmitter {
  /** @type {Run[]} */
  runs = []
  /** Closed playlist: no more segments will come. */
  ending = false
  #config
  /** @type {Set<Packager>} */
  #packagers = new Set()
  /** @type {Packager | null} the one that takes chunks */
  #packager = null
  /** @type {Start | null} the header of what is being received */
  #start = null
  #failures = 0
  /** @type {NodeJS.Timeout | undefined} */
  #again
  /** @type {Map<string, string>} composed playlists by prefix, until the next segment */
  #texts = new Map()

  /**
   * @param {import('./videos.js').Video} video
   * @param {string} folder of the video; exists
   * @param {import('./config.js').Config} config
   * @param {Run[]} [runs] of before a restart
   */
  constructor(video, folder, config, runs = []) {
    super()
    this.setMaxListeners(0)
    this.video = video
    this.folder = folder
    this.runs = runs
    this.#config = config
  }

  get #count() {
    let count = 0
    for (const { segments } of this.runs) count += segments.length
    return count
  }

  /** Of the run that is being written. */
  get packagerPid() {
    return this.#packager?.pid
  }

  /**
   * @param {Start} start
   * @param {boolean} [late] it has begun some time ago
   */
  start(start, late = false) {
    this.end()
    this.#start = start
    this.#begin(late)
  }

  /** @param {import('./packager.js').Chunk} chunk */
  data(chunk) {
    this.#packager?.data(chunk)
  }

  end() {
    clearTimeout(this.#again)
    this.#start = null
    this.#packager?.end()
    this.#packager = null
  }

  /**
   * Ends the last run; when this settles every segment is known and on disk. More runs may follow.
   * @param {number} [milliseconds] what is not written until then is given up
   */
  async rest(milliseconds) {
    this.end()
    const packagers = [...this.#packagers]
    const giveUp = () => packagers.forEach((packager) => packager.kill())
    const timer = milliseconds && setTimeout(giveUp, milliseconds)
    await Promise.all(packagers.map((packager) => packager.done))
    clearTimeout(timer)
  }

  /** The same for good: no run will follow. */
  async finish() {
    await this.rest()
    this.ending = true
    this.#texts.clear()
    this.emit('segments') // whoever waits for the first one need not wait any longer
  }

  /**
   * What viewers load; '' while there is nothing yet.
   * @param {string} prefix
   */
  playlist(prefix) {
    let text = this.#texts.get(prefix)
    if (text === undefined) {
      const phase = this.ending ? 'ending' : 'live'
      text = compose(this.runs, { phase, segmentSeconds: this.#config.segmentSeconds, prefix })
      this.#texts.set(prefix, text)
    }
    return text
  }

  /**
   * True as soon as there is a segment, false when there is none after so many milliseconds, or will be none.
   * @param {number} milliseconds
   * @returns {Promise<boolean>}
   */
  async hasSegment(milliseconds) {
    if (this.#count || this.ending) return this.#count > 0
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.off('segments', done)
        resolve(this.#count > 0)
      }
      const timer = setTimeout(done, milliseconds)
      this.on('segments', done)
    })
  }

  #begin(/** @type {boolean} */ late) {
    const start = this.#start
    if (!start) return
    const name = `r${this.runs.length}`
    const { segmentSeconds, ffmpeg, log } = this.#config
    /** @type {Packager} */
    let packager
    try {
      const folder = path.join(this.folder, name)
      mkdirSync(folder, { recursive: true }) // a try that failed may have made it
      packager = new Packager({ folder, start, late, segmentSeconds, ffmpeg })
    } catch (error) {
      this.#failed(reasonOf(error))
      return
    }
    /** @type {Run} */
    const run = { name, segments: packager.segments }
    this.runs.push(run)
    this.#packager = packager
    this.#packagers.add(packager)
    log('run.started', {
      video: this.video.uid,
      run: name,
      video_codec: start.videoCodec,
      audio_codec: start.audioCodec,
    })
    if (late) this.emit('keyframe')
    packager.on('segments', () => {
      run.segments = packager.segments
      this.#failures = 0
      this.#texts.clear()
      this.emit('segments')
    })
    packager.on('exit', ({ code, said, expected }) => {
      this.#packagers.delete(packager)
      log('run.ended', { video: this.video.uid, run: name, code, segments: run.segments.length, ...(code && { said }) })
      if (expected || this.#packager !== packager) return
      this.#packager = null
      this.#failed(said)
    })
  }

  /** ffmpeg died under us (or is missing, or the disk is full): try again, a little later each time. */
  #failed(/** @type {string} */ reason) {
    const pause = Math.min(250 * 2 ** this.#failures++, 10_000)
    this.#config.log('run.failed', { video: this.video.uid, reason: reason.slice(-300), again_ms: pause })
    this.emit('trouble', reason)
    this.#again = setTimeout(() => this.#begin(true), pause)
  }
}
