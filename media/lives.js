/** What goes on at each live input now: its publisher, its broadcast, and what the shim has been told about it. */
import { statfsSync } from 'node:fs'
import { reasonOf } from './log.js'
import { notification } from './payloads.js'
import { Broadcast } from './broadcast.js'
import { Busy, Live } from './live.js'

/**
 * @typedef {import('./live.js').Publisher} Publisher
 * @typedef {import('./live.js').Why} Why
 */

/** A publisher that has sent nothing for so long gives way to another. */
const givesWayAfter = 2000

export class Lives {
  /** @type {Map<string, Live>} by input uid */
  #lives = new Map()
  /** @type {Map<string, Broadcast>} by video uid, until the recording is ready */
  #broadcasts = new Map()
  #config
  #inputs
  #videos
  #webhooks
  #recorder
  #closing = false

  /**
   * @param {import('./config.js').Config} config
   * @param {object} parts
   * @param {import('./inputs.js').Inputs} parts.inputs
   * @param {import('./videos.js').Videos} parts.videos
   * @param {import('./webhooks.js').Webhooks} parts.webhooks
   * @param {import('./recorder.js').Recorder} parts.recorder
   */
  constructor(config, { inputs, videos, webhooks, recorder }) {
    this.#config = config
    this.#inputs = inputs
    this.#videos = videos
    this.#webhooks = webhooks
    this.#recorder = recorder
  }

  /** Goes on where the last process was cut off: an open broadcast waits for its publisher as after any loss. */
  async open() {
    for (const input of this.#inputs.all()) {
      if (input.status?.state === 'connected') await this.#disconnected(this.#live(input), 'lost')
    }
    for (const video of this.#videos.all().sort((a, b) => (a.created < b.created ? -1 : 1))) {
      try {
        await this.#resume(video)
      } catch (error) {
        this.#config.log('video.unreadable', { video: video.uid, reason: reasonOf(error) })
      }
    }
  }

  async #resume(/** @type {import('./videos.js').Video} */ video) {
    if (video.state === 'ready' && video.download !== 'ready') void this.#recorder.resume(video).catch(() => {})
    if (video.state !== 'live' && video.state !== 'ending') return
    const { runs } = await this.#videos.runs(video.uid)
    const broadcast = new Broadcast(video, this.#videos.path(video.uid), this.#config, runs)
    this.#broadcasts.set(video.uid, broadcast)
    const input = this.#inputs.get(video.liveInput)
    this.#config.log('broadcast.resumed', { input: video.liveInput, video: video.uid, runs: runs.length })
    if (video.state === 'ending' || !input) {
      broadcast.ending = true
      void this.#finish(broadcast)
      return
    }
    const live = this.#live(input)
    if (live.broadcast) this.#over(live)
    live.broadcast = this.#listen(live, broadcast)
    this.#wait(live, 'lost')
  }

  /** @param {string} input uid */
  publisherOf = (input) => this.#lives.get(input)?.publisher ?? null

  /** @param {string} input uid */
  broadcastOf = (input) => this.#lives.get(input)?.broadcast ?? null

  /**
   * What plays under the input's own address. A broadcast that is over stays for a while, so that every player sees its
   * playlist closed instead of gone.
   * @param {string} input uid
   */
  playing = (input) => {
    const { broadcast, ended } = this.#lives.get(input) ?? {}
    return broadcast ?? ended ?? null
  }

  /**
   * @param {string} video uid
   * @returns {Broadcast | null} until its recording is ready
   */
  broadcast = (video) => {
    const broadcast = this.#broadcasts.get(video)
    return broadcast && ['live', 'ending'].includes(broadcast.video.state) ? broadcast : null
  }

  /** @param {string} input uid */
  isLive = (input) => {
    const live = this.#lives.get(input)
    return !!live?.publisher && live.started
  }

  /** @param {string} input uid; the reason why a new publisher would be refused, or '' */
  isTaken(input) {
    const { publisher } = this.#lives.get(input) ?? {}
    return !!publisher?.connected && publisher.silence() <= givesWayAfter
  }

  /**
   * Makes it the input's publisher. One that is there already gives way if it is silent or not connected: the same phone
   * comes back from another network long before its old session has timed out.
   * @param {import('./inputs.js').LiveInput} input
   * @param {Publisher} publisher
   * @throws {Busy}
   */
  take(input, publisher) {
    if (this.isTaken(input.uid) || this.#closing) throw new Busy()
    const live = this.#live(input)
    const old = live.publisher
    live.publisher = publisher
    if (old && live.started) live.end()
    live.started = false
    old?.close('replaced')
    publisher.on('start', (start) => live.publisher === publisher && this.#start(live, publisher, start))
    publisher.on('data', (chunk) => live.publisher === publisher && live.data(chunk))
    publisher.on('end', () => live.publisher === publisher && live.end())
    publisher.once('close', (why) => live.publisher === publisher && this.#left(live, why))
    this.#config.log('publisher.came', {
      input: input.uid,
      session: publisher.id.slice(0, 6),
      protocol: publisher.protocol,
    })
  }

  /**
   * Ends what goes on at an input, as its owner wishes.
   * @param {string} input uid
   */
  stop(input) {
    const live = this.#lives.get(input)
    if (!live) return
    live.publisher?.close('disabled')
    this.#over(live)
  }

  /** @param {string} input uid; it has been deleted */
  forget(input) {
    this.stop(input)
    this.#lives.delete(input)
  }

  /** Ends every broadcast and waits for the recordings. */
  async close() {
    this.#closing = true
    for (const live of this.#lives.values()) {
      live.publisher?.close('shutdown')
      this.#over(live)
    }
    await Promise.all([...this.#lives.values()].map((live) => live.tell(async () => {})))
  }

  #live(/** @type {import('./inputs.js').LiveInput} */ input) {
    let live = this.#lives.get(input.uid)
    if (!live) this.#lives.set(input.uid, (live = new Live(input)))
    return live
  }

  /**
   * Media has begun, or begins anew with another picture size.
   * @param {Live} live
   * @param {Publisher} publisher
   * @param {import('./packager.js').Start} start
   */
  #start(live, publisher, start) {
    clearTimeout(live.waiting)
    live.overdue = false
    if (!live.started) {
      live.started = true
      void this.#connected(live, publisher.protocol)
    }
    try {
      if (!live.broadcast && live.input.recording.mode === 'automatic') {
        const video = this.#videos.create(live.input)
        const broadcast = new Broadcast(video, this.#videos.path(video.uid), this.#config)
        this.#broadcasts.set(video.uid, broadcast)
        live.broadcast = this.#listen(live, broadcast)
        live.troubled = false
        this.#config.log('broadcast.started', { input: live.input.uid, video: video.uid })
        this.#videos.save(video).catch((error) => this.#trouble(live, reasonOf(error)))
      }
      live.start(start)
    } catch (error) {
      this.#trouble(live, reasonOf(error)) // the disk is full: WHEP goes on without a recording
    }
  }

  /** @param {Live} live @param {Broadcast} broadcast */
  #listen(live, broadcast) {
    broadcast.on('keyframe', () => live.publisher?.requestKeyframe())
    broadcast.on('trouble', (reason) => this.#trouble(live, reason))
    live.sinks.add(broadcast)
    return broadcast
  }

  /** @param {Live} live @param {Why} why */
  #left(live, why) {
    const { started } = live
    live.publisher = null
    live.started = false
    this.#config.log('publisher.left', { input: live.input.uid, why })
    if (started) {
      live.end()
      void this.#disconnected(live, why)
    }
    if (live.broadcast && (live.overdue || started)) this.#wait(live, live.overdue ? 'disabled' : why)
  }

  /** @param {Live} live @param {Why} why */
  #wait(live, why) {
    const { timeoutSeconds, stopGraceSeconds } = this.#config
    const own = live.input.recording.timeoutSeconds
    const seconds =
      why === 'deleted' ? stopGraceSeconds : why === 'lost' || why === 'replaced' ? own || timeoutSeconds : 0
    clearTimeout(live.waiting)
    live.waiting = setTimeout(() => {
      if (live.publisher) live.overdue = true
      else this.#over(live)
    }, seconds * 1000)
  }

  #over(/** @type {Live} */ live) {
    clearTimeout(live.waiting)
    live.overdue = false
    const { broadcast } = live
    live.broadcast = null
    if (!broadcast) return
    live.sinks.delete(broadcast)
    live.ended = broadcast
    void this.#finish(broadcast).then(() => {
      if (live.ended === broadcast) live.ended = null
    })
  }

  async #finish(/** @type {Broadcast} */ broadcast) {
    await this.#recorder.finish(broadcast)
    const { state } = broadcast.video
    if (state === 'ready' || state === 'error') this.#broadcasts.delete(broadcast.video.uid)
  }

  /** @param {Live} live @param {'webrtc' | 'rtmp'} ingestProtocol */
  #connected(live, ingestProtocol) {
    const statusEnteredAt = new Date().toISOString()
    // Saved before it is told, and the other way round below: a crash between the two repeats a "disconnected" at worst.
    return this.#tell(live, async () => {
      const status = /** @type {const} */ ({ state: 'connected', reason: 'connected', ingestProtocol, statusEnteredAt })
      await this.#inputs.save(live.input, { status })
      await this.#notify(live, notification(live.input.uid, 'connected'))
    })
  }

  /** @param {Live} live @param {Why} why */
  #disconnected(live, why) {
    const statusEnteredAt = new Date().toISOString()
    const about = /** @type {const} */ ({
      reason: why === 'lost' || why === 'replaced' ? 'lost' : 'stopped',
      video: live.broadcast?.video.uid,
    })
    return this.#tell(live, async () => {
      await this.#notify(live, notification(live.input.uid, 'disconnected', about))
      const ingestProtocol = live.input.status?.ingestProtocol ?? 'webrtc'
      const reason = why === 'deleted' ? 'client_disconnect' : why
      await this.#inputs.save(live.input, {
        status: { state: 'disconnected', reason, ingestProtocol, statusEnteredAt },
      })
    })
  }

  /** @param {Live} live @param {string} reason */
  #trouble(live, reason) {
    if (live.troubled) return
    live.troubled = true
    const full = /no space left|ENOSPC|EDQUOT/i.test(reason) || isFull(this.#config.dataFolder)
    const error = full
      ? { code: 'ERR_STORAGE_QUOTA_EXHAUSTED', message: 'The disk is full: this broadcast is not being recorded.' }
      : { code: 'ERR_PACKAGING', message: 'The broadcast could not be packaged; it is being tried again.' }
    this.#config.log('broadcast.trouble', { input: live.input.uid, code: error.code, reason: reason.slice(-300) })
    const about = { error: { ...error, videoCodec: '', audioCodec: '' } }
    void this.#tell(live, () => this.#notify(live, notification(live.input.uid, 'errored', about)))
  }

  /** @param {Live} live @param {ReturnType<typeof notification>} body */
  #notify(live, body) {
    return this.#webhooks.send({ lane: live.input.uid, kind: 'notification', what: body.data.event_type }, body)
  }

  /** @param {Live} live @param {() => Promise<void>} job */
  #tell(live, job) {
    return live.tell(job).catch((error) => this.#config.log('status.unsaved', { reason: reasonOf(error) }))
  }
}

/** Less is left than a few segments take. ffmpeg does not always say so when it cannot write. */
function isFull(/** @type {string} */ folder) {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize < 4 << 20
  } catch {
    return false
  }
}
