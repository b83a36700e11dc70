/** One WHIP publisher: its packets through the core, its feedback back, its media to whoever records or watches. */
import { HttpError } from './http.js'
import { RtcSession } from './rtc.js'

/** What core.packet() says a packet is. */
const [rtp, senderReport, bye] = [1, 2, 3]

const tick = 50
/** After RTCP BYE the rest of the session usually follows at once; a BYE for one track alone must not end it. */
const byePatience = 1000

/**
 * A Publisher (live.js). Emits also 'rtp' (kind, bytes) and 'senderReport' (kind, bytes), for viewers by WHEP.
 */
export class WhipSession extends RtcSession {
  protocol = /** @type {const} */ ('webrtc')
  #config
  #ingest
  /** @type {NodeJS.Timeout | undefined} */
  #timer
  #lastMedia = performance.now()
  #hadMedia = false
  #saidBye = false
  /** The last key frame a segment was cut at: its stream time, and when it came. */
  #cut = { ms: -Infinity, at: 0 }
  #asked = 0
  #paced = false
  /** When a key frame was asked for on behalf of viewers, and when it will be. */
  #viewers = { asked: -Infinity, due: Infinity, timer: /** @type {NodeJS.Timeout | undefined} */ (undefined) }

  /**
   * @param {import('./rtc.js').RtcPort} port
   * @param {import('./core.js').Core} core
   * @param {import('./config.js').Config} config
   * @param {import('./core.js').Media[]} media
   */
  constructor(port, core, config, media) {
    super(port, media)
    this.setMaxListeners(0) // one for each viewer
    this.#config = config
    this.#ingest = new core.Ingest(JSON.stringify(media))
    this.peer.onTrack(
      this.guard((track) => {
        this.hold(track)
        const kind = media.find(({ mid }) => mid === track.mid())?.kind
        if (!kind) return
        this.tracks[kind] = track
        track.onMessage(this.guard((bytes) => this.#packet(kind, bytes)))
      }),
    )
    this.#timer = setInterval(
      this.guard(() => this.#tick()),
      tick,
    )
  }

  /**
   * @param {import('./rtc.js').RtcPort} port
   * @param {import('./core.js').Core} core
   * @param {import('./config.js').Config} config
   * @param {string} offer
   * @returns {{ session: WhipSession, trimmed: string }}
   * @throws {HttpError} 400, 406, 422
   */
  static from(port, core, config, offer) {
    const { sdp, media } = trim(core, offer, { role: 'ingest', preferVideo: 'H264' })
    return { session: new WhipSession(port, core, config, media), trimmed: sdp }
  }

  /** 'H264' or 'VP8'; '' when it sends no picture. */
  get videoCodec() {
    return this.media.find(({ kind }) => kind === 'video')?.codec ?? ''
  }

  silence = () => performance.now() - this.#lastMedia

  requestKeyframe() {
    if (!this.closed) this.#ingest.requestKeyframe()
  }

  /**
   * The same for a viewer, who may be anyone: each key frame costs the picture of all, and that of the recording. What
   * comes too soon is asked for later.
   * @param {number} apart milliseconds
   */
  requestKeyframeForViewer(apart) {
    const { asked, due } = this.#viewers
    const at = Math.max(asked + apart, performance.now())
    if (at >= due) return
    const ask = () => {
      this.#viewers = { asked: performance.now(), due: Infinity, timer: undefined }
      this.requestKeyframe()
    }
    clearTimeout(this.#viewers.timer)
    if (at <= performance.now()) ask()
    else this.#viewers = { asked, due: at, timer: setTimeout(ask, at - performance.now()) }
  }

  /** @param {import('./live.js').Why} why */
  close(why) {
    if (this.closed) return
    clearInterval(this.#timer)
    clearTimeout(this.#viewers.timer)
    try {
      this.#deliver(this.#ingest.end(performance.now()))
    } finally {
      super.close(why)
      // Not from within one of its own calls, which a session that ends on a packet would still be in.
      setImmediate(() => this.#ingest.delete())
    }
  }

  /** @param {'audio' | 'video'} kind @param {Buffer} bytes */
  #packet(kind, bytes) {
    const now = performance.now()
    const what = this.#ingest.packet(kind, bytes, now)
    if (what === rtp) {
      this.#lastMedia = now
      this.#hadMedia = true
      this.emit('rtp', kind, bytes)
    } else if (what === senderReport) this.emit('senderReport', kind, bytes)
    else if (what === bye) this.#saidBye = true
  }

  #tick() {
    const now = performance.now()
    this.#deliver(this.#ingest.media(now))
    this.#pace(now)
    for (const { kind, bytes } of this.#ingest.feedback(now)) {
      if (this.tracks[kind]?.isOpen()) this.tracks[kind].sendMessageBinary(Buffer.from(bytes))
    }
    const silence = this.silence()
    if (this.#hadMedia && silence > this.#config.silenceSeconds * 1000) this.close('lost')
    else if (this.#saidBye && silence > byePatience) this.close('lost')
    else if (!this.#hadMedia && silence > 2 * this.#config.silenceSeconds * 1000) this.close('lost')
  }

  /** @param {import('./core.js').Item[]} items */
  #deliver(items) {
    for (const item of items) {
      if (item.type === 'start') {
        const { videoCodec, audioCodec, bytes } = item
        this.#cut = { ms: -Infinity, at: performance.now() }
        this.#paced = videoCodec !== ''
        this.emit('start', { container: 'matroska', videoCodec, audioCodec, bytes })
      } else if (item.type === 'data') {
        const due = item.ms - this.#cut.ms >= 1000 * this.#config.segmentSeconds
        if (item.key && due) this.#cut = { ms: item.ms, at: performance.now() }
        this.emit('data', item)
      } else this.emit('end')
    }
  }

  /**
   * Browsers send a key frame only when asked, and a segment can only be cut at one: it is asked for a little after the
   * segment is full, so that it never comes just too early and makes the segment twice as long.
   */
  #pace(/** @type {number} */ now) {
    if (!this.#paced || now - this.#cut.at < 1000 * this.#config.segmentSeconds || now - this.#asked < 250) return
    this.#asked = now
    this.#ingest.requestKeyframe()
  }
}

/**
 * @param {import('./core.js').Core} core
 * @param {string} offer
 * @param {{ role: 'ingest' | 'egress', preferVideo: 'H264' | 'VP8' }} options
 * @returns {{ sdp: string, media: import('./core.js').Media[] }}
 * @throws {HttpError}
 */
export function trim(core, offer, options) {
  const result = JSON.parse(core.trimOffer(offer, JSON.stringify(options)))
  if (!result.error) return result
  const { where, what } = result.error
  if (where === 'codec') throw new HttpError(406, `None of the offered codecs can be used: ${what}`)
  throw new HttpError(/^line\b/.test(where) ? 400 : 422, `The offer cannot be used: ${where}: ${what}`)
}
