/** One viewer by WHEP: the publisher's packets, forwarded as they come. */
import { randomInt } from 'node:crypto'
import nd from 'node-datachannel'
import { RtcSession } from './rtc.js'
import { trim } from './whip.js'

/** Packets kept for each viewer and kind, to be sent again when one asks: about a second of video. */
const kept = 1024

/** Milliseconds between two key frames that viewers have asked for: who has lost something can wait longer than who comes. */
const [afterLoss, toBegin] = [2000, 500]

/** It ends with its publisher: the viewer then asks again, or goes on with HLS. */
export class WhepSession extends RtcSession {
  /**
   * @param {import('./rtc.js').RtcPort} port
   * @param {import('./core.js').Media[]} media
   * @param {import('./whip.js').WhipSession} source
   */
  constructor(port, media, source) {
    super(port, media)
    /** @type {Record<string, { payloadType: number, ssrc: number }>} */
    const outgoing = {}
    for (const { kind, mid, payloadType, codec } of media) {
      // Added with the offer's mid before the offer is set, so that the answer is sendonly and names our SSRC.
      const section = kind === 'video' ? new nd.Video(mid, 'SendOnly') : new nd.Audio(mid, 'SendOnly')
      if (codec === 'H264') /** @type {any} */ (section).addH264Codec(payloadType, constrainedBaseline)
      else if (codec === 'VP8') /** @type {any} */ (section).addVP8Codec(payloadType)
      else /** @type {any} */ (section).addOpusCodec(payloadType)
      const ssrc = randomInt(1, 2 ** 32)
      section.addSSRC(ssrc, 'live', 'live', kind)
      const track = this.peer.addTrack(section)
      this.hold(track)
      track.setMediaHandler(new nd.RtcpNackResponder(kept))
      track.onMessage(this.guard((bytes) => wantsKeyframe(bytes) && source.requestKeyframeForViewer(afterLoss)))
      track.onOpen(this.guard(() => source.requestKeyframeForViewer(toBegin)))
      this.tracks[kind] = track
      outgoing[kind] = { payloadType, ssrc }
    }
    /** Whose packets these are. @type {Record<string, number>} */
    const sources = {}
    const forward = (/** @type {string} */ kind, /** @type {Buffer} */ bytes) => {
      const sender = bytes.readUInt32BE(8)
      sources[kind] ??= sender
      // An encoder that has started over counts anew. Forwarded under one name, that would be late for ever.
      if (sources[kind] !== sender) return void setImmediate(() => this.close('lost'))
      const track = this.tracks[kind]
      if (!track?.isOpen()) return
      const copy = Buffer.from(bytes)
      copy[1] = (copy[1] & 0x80) | outgoing[kind].payloadType
      copy.writeUInt32BE(outgoing[kind].ssrc, 8)
      this.#send(track, copy)
    }
    // The first 28 bytes are the report on the sender itself (RFC 3550 §6.4.1); blocks about others are cut off.
    const forwardReport = (/** @type {string} */ kind, /** @type {Buffer} */ bytes) => {
      const track = this.tracks[kind]
      if (!track?.isOpen() || bytes.length < 28) return
      const copy = Buffer.from(bytes.subarray(0, 28))
      copy[0] = 0x80
      copy.writeUInt16BE(6, 2)
      copy.writeUInt32BE(outgoing[kind].ssrc, 4)
      this.#send(track, copy)
    }
    const ended = () => this.close('lost')
    source.on('rtp', forward)
    source.on('senderReport', forwardReport)
    source.once('close', ended)
    this.once('close', () => {
      source.off('rtp', forward)
      source.off('senderReport', forwardReport)
      source.off('close', ended)
    })
  }

  /**
   * @param {import('./rtc.js').RtcPort} port
   * @param {import('./core.js').Core} core
   * @param {string} offer
   * @param {import('./whip.js').WhipSession} source
   * @returns {{ session: WhepSession, trimmed: string }}
   */
  static from(port, core, offer, source) {
    const preferVideo = source.videoCodec === 'VP8' ? 'VP8' : 'H264'
    const { sdp, media } = trim(core, offer, { role: 'egress', preferVideo })
    return { session: new WhepSession(port, media, source), trimmed: sdp }
  }

  /** @param {import('node-datachannel').Track} track @param {Buffer} bytes */
  #send(track, bytes) {
    try {
      track.sendMessageBinary(bytes)
    } catch {
      // The viewer is leaving: its own callbacks tell. The publisher, whose packet this is, must not notice.
    }
  }
}

const constrainedBaseline = 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f'

/** PLI (RFC 4585 §6.3.1) or FIR (RFC 5104 §4.3.1) among the packets of an RTCP compound. */
function wantsKeyframe(/** @type {Buffer} */ bytes) {
  for (let at = 0; at + 4 <= bytes.length; at += 4 * (bytes.readUInt16BE(at + 2) + 1)) {
    const format = bytes[at] & 31
    if (bytes[at + 1] === 206 && (format === 1 || format === 4)) return true
  }
  return false
}
