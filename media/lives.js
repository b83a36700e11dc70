/** What goes on at each live input now: its publisher, its broadcast, and what the shim has been told about it. */
import { Broadcasts, troubleOf } from './broadcasts.js'
import { Busy, Ending, Live, patienceFor } from './live.js'
import { reasonOf } from './log.js'
import { durationOf } from './playlist.js'

/**
 * @typedef {import('./live.js').Publisher} Publisher
 * @typedef {import('./live.js').Why} Why
 * @typedef {import('./broadcast.js').Broadcast} Broadcast
 */

/** A publisher that has sent nothing for so long gives way to another. */
const givesWayAfter = 2000
/** A recording that could not begin is tried again after so long. */
const recordAgainAfter = 2000
const unreached = {
  code: 'ERR_UNREACHABLE',
  message: 'What is sent does not reach the viewers at the moment; it is being tried again.',
}
/** When we end, so long is waited for the last segments. */
const restWithin = 8000

export class Lives {
  /** @type {Map<string, Live>} by input uid */
  #lives = new Map()
  #broadcasts
  #config
  #inputs
  #noticesFor
  #relay
  #closing = false
  /** What the last process left has been taken up, and every port is open: until then HTTP answers nothing. */
  opened = false

  /**
   * @param {import('./config.js').Config} config
   * @param {object} parts
   * @param {import('./inputs.js').Inputs} parts.inputs
   * @param {import('./videos.js').Videos} parts.videos
   * @param {(of: { mux?: object }) => import('./notices.js').Notices} parts.noticesFor
   * @param {import('./recorder.js').Recorder} parts.recorder
   * @param {import('./relay.js').Relay | null} parts.relay
   */
  constructor(config, { inputs, videos, noticesFor, recorder, relay }) {
    this.#config = config
    this.#inputs = inputs
    this.#broadcasts = new Broadcasts(config, videos, recorder)
    this.#noticesFor = noticesFor
    this.#relay = relay
  }

  /** Goes on where the last process was cut off: an open broadcast waits for its publisher as after any loss. */
  async open() {
    for (const input of this.#inputs.all()) {
      const connected = input.mux ? input.mux.connected : input.status?.state === 'connected'
      if (connected) await this.#disconnected(this.#live(input), 'lost')
    }
    await this.#broadcasts.takeUp(this.#inputs, (input, broadcast) => {
      const live = this.#live(input)
      if (live.broadcast) this.#over(live)
      live.broadcast = this.#listen(live, broadcast)
      this.#wait(live, 'lost')
    })
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
  broadcast = (video) => this.#broadcasts.get(video)

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
   * @throws {Busy | Ending}
   */
  take(input, publisher) {
    if (this.#closing) throw new Ending()
    if (this.isTaken(input.uid)) throw new Busy()
    const live = this.#live(input)
    if (input.relayKey) live.input = input // it may have another key by now
    const old = live.publisher
    live.publisher = publisher
    if (old && live.started) {
      live.end()
      if (live.broadcast) this.#wait(live, 'replaced') // the new one may never send anything
    }
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

  /**
   * Ends its publisher's connection only: its key has been taken back.
   * @param {string} input uid
   */
  dismiss(input) {
    this.#lives.get(input)?.publisher?.close('replaced')
  }

  /** @param {string} input uid; settles when everything up to now has been told */
  async told(input) {
    await this.#lives.get(input)?.tell(async () => {})
  }

  /**
   * @param {string} input uid; it has been deleted
   * @returns {Promise<void>} when its end has been told
   */
  async forget(input) {
    const live = this.#lives.get(input)
    if (!live) return
    this.stop(input)
    this.#lives.delete(input)
    await live.tell(async () => {})
  }

  /** @param {string} input uid; its outputs have changed */
  alignOutputs(input) {
    const live = this.#lives.get(input)
    if (live) this.#alignOutputs(live)
  }

  /**
   * Ends every connection, and the broadcasts whose publisher had said goodbye. Any other stays open and is gone on with
   * after the next start, as after a crash: the publisher, who does not know why it was cut off, will be back.
   */
  async close() {
    this.#closing = true
    const lives = [...this.#lives.values()]
    for (const live of lives) {
      const over = live.overdue || (live.goodbye && !live.publisher)
      live.publisher?.close('shutdown')
      clearTimeout(live.waiting)
      if (over) this.#over(live)
    }
    await Promise.all(lives.map(({ broadcast }) => broadcast?.rest(restWithin)))
    await Promise.all(lives.map((live) => live.tell(async () => {})))
    await Promise.all(lives.flatMap(({ outputs }) => [...outputs.values()].map((output) => output.closed())))
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
    live.goodbye = false
    const first = !live.started
    live.started = true
    const { protocol } = publisher
    // Told when all of this is done: it may name the broadcast.
    const told = (/** @type {import('./notices.js').Notices} */ notices) =>
      notices.connected(live.input, { protocol, broadcast: live.broadcast })
    if (first) void this.#tell(live, told)
    live.told = true
    if (first) {
      this.#alignOutputs(live)
      live.unwatch()
      if (this.#relay && live.input.relayKey) {
        live.unwatch = this.#relay.watch(live.input, () => this.stop(live.input.uid))
      }
    }
    live.start(start)
    this.#record(live, false)
  }

  /**
   * Begins a broadcast where there is none. On a full disk WHEP goes on without a recording, until there is space.
   * @param {Live} live
   * @param {boolean} late the publisher's media has begun some time ago
   */
  #record(live, late) {
    clearTimeout(live.again)
    const { input, header } = live
    if (!header || live.broadcast || input.recording.mode !== 'automatic') return
    try {
      const broadcast = this.#broadcasts.begin(input, (reason) => this.#trouble(live, reason))
      live.broadcast = this.#listen(live, broadcast)
      live.troubled = false
      broadcast.start(header, late)
    } catch (error) {
      this.#trouble(live, reasonOf(error))
      live.again = setTimeout(() => this.#record(live, true), recordAgainAfter)
    }
  }

  #alignOutputs(/** @type {Live} */ live) {
    const { input } = live
    const renew = this.#relay && input.relayKey ? this.#relay.renew(input) : undefined
    const onNew = (/** @type {import('./output.js').Output} */ output) => {
      output.on('keyframe', () => live.publisher?.requestKeyframe())
      output.on('revoked', () => this.stop(input.uid))
      if (!input.relayKey) return
      // Whoever watches sees what arrives over there.
      const protocol = live.publisher?.protocol ?? 'webrtc'
      output.on('unreached', () => this.#tell(live, (notices) => notices.errored(input, unreached)))
      output.on('reached', () => this.#tell(live, (notices) => notices.connected(input, { protocol, broadcast: null })))
    }
    live.alignOutputs(this.#config, onNew, renew)
  }

  /** @param {Live} live @param {Broadcast} broadcast */
  #listen(live, broadcast) {
    broadcast.on('keyframe', () => live.publisher?.requestKeyframe())
    broadcast.on('trouble', (reason) => this.#trouble(live, reason))
    const playable = () => {
      if (!durationOf(broadcast.runs)) return
      broadcast.off('segments', playable)
      void this.#tell(live, (notices) => notices.playable(live.input, broadcast))
    }
    broadcast.on('segments', playable)
    live.sinks.add(broadcast)
    return broadcast
  }

  /** @param {Live} live @param {Why} why */
  #left(live, why) {
    const { started, told: known } = live
    live.publisher = null
    live.started = false
    live.unwatch()
    this.#config.log('publisher.left', { input: live.input.uid, why })
    if (started) live.end()
    if (known) void this.#disconnected(live, why)
    if (live.broadcast && (live.overdue || known)) this.#wait(live, live.overdue ? 'disabled' : why)
    // A relay keeps nothing of what it does not relay now.
    if (live.input.relayKey) {
      const told = live.tell(async () => {})
      void told.then(
        () => !live.publisher && this.#lives.get(live.input.uid) === live && this.#lives.delete(live.input.uid),
      )
    }
  }

  /** @param {Live} live @param {Why} why */
  #wait(live, why) {
    const seconds = why === 'disabled' ? 0 : patienceFor(live.input, why, this.#config)
    clearTimeout(live.waiting)
    live.goodbye = why === 'deleted' || why === 'disabled'
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
    const told = this.#tell(live, (notices) => notices.over(live.input, broadcast.video))
    void this.#broadcasts.finish(broadcast, told).then(() => {
      if (live.ended === broadcast) live.ended = null
    })
  }

  /** @param {Live} live @param {Why} why */
  #disconnected(live, why) {
    const video = live.broadcast?.video.uid
    live.told = false
    return this.#tell(live, (notices) => notices.disconnected(live.input, { why, video }))
  }

  /** @param {Live} live @param {string} reason */
  #trouble(live, reason) {
    if (live.troubled) return
    live.troubled = true
    const error = troubleOf(reason, this.#config.dataFolder)
    this.#config.log('broadcast.trouble', { input: live.input.uid, code: error.code, reason: reason.slice(-300) })
    void this.#tell(live, (notices) => notices.errored(live.input, error))
  }

  /** @param {Live} live @param {(notices: import('./notices.js').Notices) => Promise<void>} job */
  #tell(live, job) {
    return live
      .tell(() => job(this.#noticesFor(live.input)))
      .catch((error) => this.#config.log('status.unsaved', { reason: reasonOf(error) }))
  }
}
