/**
 * RTMP ingest (OBS): node-media-server's protocol parser behind our own sockets. Only its parser is used, since its
 * server ends the process on one malformed connect; here whatever it throws closes that one socket.
 */
import { randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { createServer } from 'node:net'
import { createRequire } from 'node:module'
import { createServer as createTlsServer } from 'node:tls'
import { reasonOf } from './log.js'
import { Busy, Ending } from './live.js'

/** It has no types. @type {(name: string) => any} */
const load = createRequire(import.meta.url)
const Parser = load('node-media-server/src/protocol/rtmp.js')
const Flv = load('node-media-server/src/protocol/flv.js')
load('node-media-server/src/core/logger.js').log = () => {} // it would print what strangers send

const [audioTag, videoTag, dataTag] = [8, 9, 18]
const [h264, aac] = [7, 10]
/** flags of a packet, as the parser numbers them */
const [audioHeader, videoHeader, keyFrame] = [0, 2, 3]

/** Before a publisher has shown its key it gets little of our memory and time. */
const strangers = { sockets: 64, messageBytes: 64 * 1024, milliseconds: 10_000 }
const mostMessageBytes = 8 << 20
const mostChunkStreams = 32

/** How long the picture waits for the sound's header (or the sound for the picture's), in stream time. */
const headerPatience = 1000

/**
 * @typedef {object} Packet
 * @property {number} codec_type
 * @property {number} codec_id
 * @property {number} flags
 * @property {number} dts
 * @property {number} size
 * @property {Buffer} data reused by the parser
 */

/** A published RTMP stream as a Publisher (live.js). */
class RtmpSession extends EventEmitter {
  id = randomBytes(16).toString('base64url')
  protocol = /** @type {const} */ ('rtmp')
  connected = true
  #socket
  #lastMedia = performance.now()
  /** @type {NodeJS.Timeout} */
  #watchdog
  /** @type {Map<number, Buffer>} FLV tags of the codec headers, by type */
  #headers = new Map()
  /** @type {{ tag: Buffer, key: boolean }[] | null} from the first key frame on, until both headers are known */
  #held = null
  #heldSince = 0
  #started = false
  #renew = false
  #closed = false

  /**
   * @param {import('node:net').Socket} socket
   * @param {import('./config.js').Config} config
   */
  constructor(socket, config) {
    super()
    this.#socket = socket
    this.#watchdog = setInterval(() => {
      if (this.silence() > config.silenceSeconds * 1000) this.close('lost')
    }, 500)
  }

  silence = () => performance.now() - this.#lastMedia

  /** RTMP has no such request: the encoder decides. */
  requestKeyframe() {}

  /** @param {import('./live.js').Why} why */
  close(why) {
    if (this.#closed) return
    this.#closed = true
    this.connected = false
    clearInterval(this.#watchdog)
    this.#socket.destroy()
    this.emit('close', why)
  }

  /**
   * @param {Packet} packet
   * @returns {string} why the publisher cannot be taken, or ''
   */
  packet(packet) {
    if (packet.codec_type !== audioTag && packet.codec_type !== videoTag) return ''
    if (!packet.size || this.#closed) return ''
    const wanted = packet.codec_type === videoTag ? h264 : aac
    if (packet.codec_id !== wanted) return 'Only H.264 video and AAC audio can be taken.'
    this.#lastMedia = performance.now()
    const isVideo = packet.codec_type === videoTag
    if (packet.flags === (isVideo ? videoHeader : audioHeader)) {
      const tag = Flv.createMessage(packet)
      const before = this.#headers.get(packet.codec_type)
      // Sent again unchanged by some encoders; a different one, or one that comes late, begins a new run.
      if (before?.subarray(11, -4).equals(tag.subarray(11, -4))) return ''
      this.#headers.set(packet.codec_type, tag)
      if (this.#started) this.#renew = true
      return ''
    }
    const key = packet.flags === keyFrame || (!isVideo && !this.#headers.has(videoTag))
    if (this.#renew && key) {
      this.emit('end')
      this.#begin()
    }
    const tag = Flv.createMessage(packet)
    if (this.#started) {
      if (!this.#renew) this.emit('data', { key, bytes: tag })
      return ''
    }
    if (!this.#held) {
      if (!key || !this.#headers.has(packet.codec_type)) return ''
      this.#held = []
      this.#heldSince = packet.dts
    }
    this.#held.push({ tag, key })
    const late = packet.dts - this.#heldSince > headerPatience || this.#held.length > 500
    if (this.#headers.size === 2 || late) this.#release()
    return ''
  }

  #release() {
    const held = this.#held ?? []
    this.#held = null
    // Sound alone was held and the picture's header came since: begin with its first key frame.
    if (this.#headers.has(videoTag) && !held.some(({ tag }) => tag[0] === videoTag)) return
    this.#begin()
    for (const { tag, key } of held) this.emit('data', { key, bytes: tag })
  }

  #begin() {
    const video = this.#headers.get(videoTag)
    const audio = this.#headers.get(audioTag)
    this.#started = true
    this.#renew = false
    this.emit('start', {
      container: 'flv',
      videoCodec: video ? 'H264' : '',
      audioCodec: audio ? 'AAC' : '',
      bytes: Buffer.concat(
        [Flv.createHeader(!!audio, !!video), video ?? '', audio ?? ''].map((part) => Buffer.from(part)),
      ),
    })
  }
}

/**
 * @param {import('./config.js').Config} config
 * @param {import('./inputs.js').Inputs} inputs
 * @param {import('./lives.js').Lives} lives
 * @param {import('./relay.js').Relay | null} relay
 * @param {{ cert: Buffer, key: Buffer }} [tls] makes it RTMPS
 * @returns {import('node:net').Server}
 */
export function rtmpServer(config, inputs, lives, relay, tls) {
  const serve = sessionServer(config, (app, key) => findInput(app, key, inputs, relay), lives)
  if (!tls) return createServer(serve)
  const server = createTlsServer({ ...tls, handshakeTimeout: strangers.milliseconds }, serve)
  server.on('tlsClientError', (_, socket) => socket.destroy())
  return server
}

/**
 * Whose key this is: as in the providers' addresses, "live" is Cloudflare's and "app" is Mux's.
 * @param {string} app
 * @param {string} key
 * @param {import('./inputs.js').Inputs} inputs
 * @param {import('./relay.js').Relay | null} relay
 */
function findInput(app, key, inputs, relay) {
  if (app === 'app') return inputs.byMuxKey(key)
  return app === 'live' ? (inputs.byKey(key) ?? relay?.byKey(key)) : undefined
}

/**
 * @typedef {import('./inputs.js').LiveInput | null | undefined} Found
 *
 * @param {import('./config.js').Config} config
 * @param {(app: string, key: string) => Found | Promise<Found>} find
 * @param {import('./lives.js').Lives} lives
 */
function sessionServer(config, find, lives) {
  const { log } = config
  let unknown = 0

  return (/** @type {import('node:net').Socket} */ socket) => {
    if (unknown >= strangers.sockets) {
      socket.destroy()
      return
    }
    unknown++
    /** @type {RtmpSession | null} */
    let session = null
    const parser = new Parser()
    const known = () => {
      clearTimeout(deadline)
      if (!counted) return
      counted = false
      unknown--
    }
    let counted = true
    const deadline = setTimeout(() => socket.destroy(), strangers.milliseconds)

    let refused = false
    const refuse = (/** @type {string} */ why) => {
      refused = true
      parser.sendStatusMessage(parser.streamId, 'error', 'NetStream.Publish.BadName', why)
      socket.end()
      setTimeout(() => socket.destroy(), 500)
    }
    const publish = parser.respondPublish.bind(parser)
    parser.respondPublish = () => {} // it would say yes before the key is looked at
    parser.onOutputCallback = (/** @type {Buffer} */ bytes) => socket.write(bytes)
    parser.onPlayCallback = () => socket.destroy() // ingest only
    parser.onDeleteStream = () => session?.close('deleted')
    let app = ''
    let name = ''
    parser.onConnectCallback = (/** @type {any} */ asked) => ({ app, name } = asked)
    parser.onPushCallback = () => {
      if (session || asked) return socket.destroy()
      asked = true
      const found = find(app, String(name))
      // Not every client waits for our answer before it sends: what can be said at once is said at once.
      if (!(found instanceof Promise)) return accept(found)
      found.then(accept).catch((error) => {
        log('rtmp.refused', { why: reasonOf(error) })
        refuse('Streaming is not available for a moment.')
      })
    }
    let asked = false
    const accept = (/** @type {Found} */ input) => {
      if (socket.destroyed) return
      if (!input?.enabled) {
        log('rtmp.refused', { why: 'unknown stream key' })
        return refuse('This stream key is not valid.')
      }
      session = new RtmpSession(socket, config)
      try {
        lives.take(input, session)
      } catch (error) {
        session = null
        if (error instanceof Ending) return refuse('The server is about to end.')
        if (!(error instanceof Busy)) throw error
        log('rtmp.refused', { input: input.uid, why: 'busy' })
        return refuse('Someone is streaming here already.')
      }
      known()
      publish()
    }
    parser.onPacketCallback = (/** @type {Packet} */ packet) => {
      if (!session) {
        if (packet.codec_type !== dataTag) socket.destroy()
        return
      }
      const fault = refused ? '' : session.packet(packet)
      if (!fault) return
      log('rtmp.refused', { session: session.id.slice(0, 6), why: fault })
      refuse(fault)
    }
    // The parser takes the lengths in a header for granted: without this, 12 bytes would cost us 16 MB.
    const allocate = parser.packetAlloc.bind(parser)
    parser.packetAlloc = () => {
      const { length } = parser.parserPacket.header
      if (length > (session ? mostMessageBytes : strangers.messageBytes)) throw new Error('message too long')
      if (parser.inPackets.size > mostChunkStreams) throw new Error('too many chunk streams')
      if (!(parser.inChunkSize > 0 && parser.inChunkSize <= 0x7fffffff)) throw new Error('chunk size')
      allocate()
    }

    socket.setNoDelay(true)
    socket.setTimeout(30_000, () => socket.destroy())
    socket.on('data', (bytes) => {
      try {
        if (parser.parserData(bytes) === null) return
      } catch (error) {
        log('rtmp.malformed', { session: session?.id.slice(0, 6), reason: reasonOf(error).slice(0, 100) })
      }
      socket.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      known()
      session?.close('lost')
    })
  }
}
