/** What goes on at one live input: who publishes, where their media goes, what is being recorded. */
import { inTurn } from './durable.js'
import { Output } from './output.js'

/** @typedef {import('./broadcast.js').Broadcast} Broadcast */

/**
 * Whoever sends media to an input, by WHIP or RTMP. Emits 'start' (Start), 'data' (Chunk), 'end', and once 'close'.
 * @typedef {import('node:events').EventEmitter & {
 *   id: string,
 *   protocol: 'webrtc' | 'rtmp',
 *   connected: boolean,
 *   silence(): number,
 *   requestKeyframe(): void,
 *   close(why: Why): void,
 * }} Publisher `silence` = milliseconds since the last media
 *
 * deleted = the publisher's own wish; lost = it vanished; replaced = another took its place; disabled = the input's
 * owner ended it; shutdown = we end
 * @typedef {'deleted' | 'lost' | 'replaced' | 'disabled' | 'shutdown'} Why
 */

/** Thrown when an input has a publisher that is sending. */
export class Busy extends Error {}
/** Thrown when the server is about to end. */
export class Ending extends Error {}

export class Live {
  /** @type {Publisher | null} */
  publisher = null
  /** @type {Broadcast | null} */
  broadcast = null
  /** @type {Broadcast | null} the last one, closed, until its recording is ready */
  ended = null
  /**
   * Where the publisher's media goes. One that is added later gets `header` first and goes on from a key frame.
   * @type {Set<import('./packager.js').Sink>}
   */
  sinks = new Set()
  /** @type {import('./packager.js').Start | null} of what is being received */
  header = null
  /** @type {Map<string, import('./output.js').Output>} by uid; each is a sink, too */
  outputs = new Map()
  /** The publisher's media has begun. */
  started = false
  /** It has been told that someone is connected, and not yet that nobody is. */
  told = false
  /** @type {NodeJS.Timeout | undefined} until the broadcast is closed for want of a publisher */
  waiting
  /** @type {NodeJS.Timeout | undefined} until a recording that could not begin is tried again */
  again
  /** Stops asking whether its publisher may go on (relay.js). */
  unwatch = () => {}
  /** Who was the last publisher has ended it on purpose. */
  goodbye = false
  /** It should have been closed, but a publisher is just connecting. */
  overdue = false
  /** Notifications and the status they tell keep their order. */
  tell = inTurn()
  /** What went wrong is told once a broadcast. */
  troubled = false

  /** @param {import('./inputs.js').LiveInput} input */
  constructor(input) {
    this.input = input
  }

  /** @param {import('./packager.js').Start} start */
  start(start) {
    this.header = start
    for (const sink of this.sinks) sink.start(start)
  }

  /** @param {import('./packager.js').Chunk} chunk */
  data(chunk) {
    for (const sink of this.sinks) sink.data(chunk)
  }

  end() {
    clearTimeout(this.again)
    this.header = null
    for (const sink of this.sinks) sink.end()
  }

  /**
   * Brings the outputs into line with the input's record. One that is new begins with the next key frame.
   * @param {import('./config.js').Config} config
   * @param {(output: Output) => void} onNew
   * @param {() => Promise<import('./output.js').Target | null>} [renew]
   */
  alignOutputs(config, onNew, renew) {
    const wanted = new Map(this.input.outputs.filter(({ enabled }) => enabled).map((target) => [target.uid, target]))
    for (const [uid, output] of this.outputs) {
      if (wanted.has(uid)) continue
      output.end()
      this.outputs.delete(uid)
      this.sinks.delete(output)
    }
    for (const [uid, target] of wanted) {
      const known = this.outputs.get(uid)
      if (known) known.target = target
      if (known) continue
      const output = new Output(target, config, renew)
      this.outputs.set(uid, output)
      this.sinks.add(output)
      onNew(output)
      if (this.header) output.start(this.header, true)
    }
  }
}

/**
 * How long a broadcast waits for its publisher to come back, in seconds. To Mux, one that says goodbye may come back, too.
 * @param {import('./inputs.js').LiveInput} input
 * @param {Why} why
 * @param {import('./config.js').Config} config
 */
export function patienceFor({ mux, recording }, why, { muxReconnectSeconds, stopGraceSeconds, timeoutSeconds }) {
  if (!mux) return why === 'deleted' ? stopGraceSeconds : recording.timeoutSeconds || timeoutSeconds
  const { reconnect_window } = mux.settings
  return muxReconnectSeconds < 0 ? reconnect_window : Math.min(reconnect_window, muxReconnectSeconds)
}
