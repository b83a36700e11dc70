/** WebRTC by node-datachannel: one UDP port for all sessions, and what a WHIP and a WHEP session have in common. */
import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { EventEmitter, once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import nd from 'node-datachannel'
import { network } from './admission.js'
import { HttpError } from './http.js'
import { reasonOf } from './log.js'

/** @typedef {import('./live.js').Why} Why */

/** A session that has not connected after so long never will. */
const connectWithin = 15_000
/** ICE may lose and find its way again; after this it is gone. */
const reconnectWithin = 10_000

/** The shared UDP port. */
export class RtcPort {
  #config
  #address

  /**
   * @param {number} port
   * @param {string | undefined} address undefined = all interfaces
   * @param {import('./config.js').Config} config
   */
  constructor(port, address, config) {
    this.port = port
    this.#address = address
    this.#config = config
    // Without one the port is closed with the last session and bound anew with the next, and a session that comes in
    // between fails to gather candidates. Never stopped: a check that came then would be handed to one that is freed, and
    // the process would abort.
    const place = `${address ?? ''} ${port}`
    if (!listeners.has(place)) listeners.set(place, new nd.IceUdpMuxListener(port, address))
  }

  /** @param {import('./config.js').Config} config */
  static async open(config) {
    const any = ['', '0.0.0.0', '::'].includes(config.host)
    // A server on loopback offers loopback only. On all interfaces libdatachannel names every address of the machine.
    const address = any ? undefined : config.host === 'localhost' ? '127.0.0.1' : config.host
    return new RtcPort(config.udpPort || (await freePort(address)), address, config)
  }

  /** @param {string} name for its own log */
  peer(name) {
    return new nd.PeerConnection(name, {
      iceServers: [],
      enableIceUdpMux: true,
      portRangeBegin: this.port,
      portRangeEnd: this.port,
      ...(this.#address && { bindAddress: this.#address }),
    })
  }

  /** Settles when no session uses it any more. */
  async close() {
    await Promise.race([
      Promise.all([...lingering].map((session) => session.wound)),
      pause(windDown, undefined, { ref: false }),
    ])
  }

  get log() {
    return this.#config.log
  }
}

async function freePort(/** @type {string | undefined} */ address) {
  const socket = createSocket(address?.includes(':') ? 'udp6' : 'udp4')
  socket.bind(0, address)
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}

/**
 * Closed sessions whose native side is still winding down. node-datachannel's threads call into the objects JavaScript
 * holds; collected too early, they would call into freed memory.
 * @type {Set<RtcSession>}
 */
const lingering = new Set()
/** An honest client has one candidate or two at the address it speaks from. */
const mostChecked = 4
/** Longer than libdatachannel takes to close. */
const lingerFor = 15_000
/** One for each port, as long as this process lives. @type {Map<string, import('node-datachannel').IceUdpMuxListener>} */
const listeners = new Map()
/** How long the shared port waits for sessions that are closing: they still use it. */
const windDown = 5_000

/**
 * The other side's candidates are not used to answer: it knows our address and its checks reach us, from which libjuice
 * learns where it is. So no check of ours overtakes the answer, which some clients do not survive.
 */
const withoutCandidates = (/** @type {string} */ sdp) => sdp.replace(/^a=(?:candidate:.*|end-of-candidates)\r?\n/gm, '')

/**
 * One peer connection. Emits 'close' (Why) once.
 * An exception that escapes into node-datachannel ends the process, so every callback goes through `guard`.
 */
export class RtcSession extends EventEmitter {
  /** Its URL is all that is needed to end it, so it must not be guessable. */
  id = randomBytes(24).toString('base64url')
  etag = `"${randomBytes(12).toString('base64url')}"`
  connected = false
  closed = false
  /** @type {Record<string, import('node-datachannel').Track>} by kind */
  tracks = {}
  /** @type {import('node-datachannel').Track[]} */
  #tracks = []
  /** @type {NodeJS.Timeout | undefined} */
  #deadline
  #port

  /**
   * @param {RtcPort} port
   * @param {import('./core.js').Media[]} media
   */
  constructor(port, media) {
    super()
    this.#port = port
    this.media = media
    this.peer = port.peer(this.id.slice(0, 6))
    const follow = this.guard((state) => this.#state(state))
    /** Settles when libdatachannel has closed the connection. */
    this.wound = new Promise((resolve) => {
      this.peer.onStateChange((state) => {
        if (state === 'closed') resolve(undefined)
        follow(state)
      })
    })
    this.#expect(connectWithin)
  }

  /**
   * @param {(argument: any) => void} act
   * @returns {(argument?: any) => void}
   */
  guard(act) {
    return (argument) => {
      if (this.closed) return
      try {
        act(argument)
      } catch (error) {
        this.#port.log('session.bug', { session: this.id.slice(0, 6), reason: reasonOf(error) })
        setImmediate(() => this.close('lost'))
      }
    }
  }

  /**
   * Our answer, complete with candidates: they are few and local, so nothing is to be trickled.
   * @param {string} offer trimmed
   * @returns {Promise<string>}
   */
  async answer(offer) {
    const { peer } = this
    const gathered = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('gathering candidates took too long')), 5000)
      const done = this.guard((state) => {
        if (state !== 'complete') return
        clearTimeout(timer)
        resolve(undefined)
      })
      peer.onGatheringStateChange(done)
      this.once('close', () => (clearTimeout(timer), reject(new Error('closed while answering'))))
    })
    gathered.catch(() => {})
    try {
      peer.setRemoteDescription(withoutCandidates(offer), /** @type {any} */ ('offer'))
    } catch (error) {
      throw new HttpError(400, `The offer cannot be answered: ${reasonOf(error)}`)
    }
    await gathered
    const { sdp } = peer.localDescription() ?? {}
    if (!sdp) throw new Error('no answer was made')
    return sdp
  }

  /**
   * Once the answer is out: checks of ours to where the offer came from. They are done when those of the other side come,
   * which saves a round trip and the 50 ms that libjuice takes to check back. Nothing goes to addresses that have not
   * spoken to us (a stranger could name any).
   * @param {string} offer
   * @param {string} address  of whoever sent it, as addressOf() has it; '' = unknown
   */
  meet(offer, address) {
    if (!address || this.closed) return
    const found = offer.matchAll(/^a=(candidate:\S+ 1 udp \d+ (\S+) \d+ typ (?:host|srflx)\b.*?)\r?$/gim)
    const theirs = [...found].filter(([, , candidate]) => network(candidate) === address).map(([, line]) => line)
    for (const line of new Set(theirs.slice(0, mostChecked))) this.peer.addRemoteCandidate(line, this.media[0].mid)
  }

  /**
   * Every track must come by here, wanted or not: without a listener for its end it would keep the process alive.
   * @param {import('node-datachannel').Track} track
   */
  hold(track) {
    this.#tracks.push(track)
    track.onClosed(() => {})
  }

  /** @param {Why} why */
  close(why) {
    if (this.closed) return
    this.closed = true
    this.connected = false
    clearTimeout(this.#deadline)
    lingering.add(this)
    setTimeout(() => lingering.delete(this), lingerFor).unref()
    for (const closable of [...this.#tracks, this.peer]) {
      try {
        closable.close()
      } catch {
        // closed already
      }
    }
    this.emit('close', why)
  }

  /** @param {string} state of libdatachannel's peer connection */
  #state(state) {
    this.connected = state === 'connected'
    if (state === 'connected') clearTimeout(this.#deadline)
    else if (state === 'disconnected') this.#expect(reconnectWithin)
    else if (state === 'failed' || state === 'closed') this.close('lost')
  }

  /** @param {number} milliseconds */
  #expect(milliseconds) {
    clearTimeout(this.#deadline)
    this.#deadline = setTimeout(() => this.close('lost'), milliseconds)
  }
}
