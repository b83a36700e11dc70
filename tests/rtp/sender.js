/** A publisher for tests: real frames from ffmpeg, cut into RTP by the letter of the payload formats. */
import { execFileSync } from 'node:child_process'

/**
 * @typedef {{ data: Buffer, ms: number }} Frame one access unit and when it was captured
 * @typedef {{ kind: 'audio' | 'video', payloadType: number, ssrc: number, clockRate: number, sequence: number,
 *   timestamp: number }} Line
 * @typedef {{ at: number, kind: 'audio' | 'video', bytes: Buffer }} Departure
 */

const mtu = 1100

/** @param {string[]} args @returns {Buffer} what ffmpeg writes to its output */
function ffmpeg(...args) {
  return execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...args, 'pipe:1'], { maxBuffer: 1 << 28 })
}

/** @param {string} size @param {number} seconds @returns {Frame[]} 30 pictures a second, one key picture each second */
export function h264(size, seconds) {
  const stream = ffmpeg(
    ...['-f', 'lavfi', '-i', `testsrc=size=${size}:rate=30:duration=${seconds}`, '-pix_fmt', 'yuv420p'],
    ...['-c:v', 'libx264', '-profile:v', 'baseline', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '30'],
    ...['-x264-params', 'scenecut=0:slices=2', '-bsf:v', 'h264_metadata=aud=insert', '-f', 'h264'],
  )
  /** @type {Buffer[][]} */
  const units = []
  for (const nal of splitAnnexB(stream)) {
    if ((nal[0] & 31) === 9) units.push([])
    else units.at(-1)?.push(nal)
  }
  return units.map((nals, i) => ({ data: frameNals(nals), ms: (i * 1000) / 30 }))
}

/** @param {string} size @param {number} seconds @returns {Frame[]} */
export function vp8(size, seconds) {
  const stream = ffmpeg(
    ...['-f', 'lavfi', '-i', `testsrc=size=${size}:rate=30:duration=${seconds}`, '-pix_fmt', 'yuv420p'],
    ...['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-g', '30', '-b:v', '1M', '-f', 'ivf'],
  )
  const frames = []
  for (let at = 32; at + 12 <= stream.length; at += 12 + stream.readUInt32LE(at)) {
    const data = stream.subarray(at + 12, at + 12 + stream.readUInt32LE(at))
    frames.push({ data, ms: (frames.length * 1000) / 30 })
  }
  return frames
}

/** @param {number} seconds @returns {Frame[]} a tone in frames of 20 ms */
export function opus(seconds) {
  const stream = ffmpeg(
    ...['-f', 'lavfi', '-i', `aevalsrc=0.3*sin(2*PI*t*(200+150*t)):sample_rate=48000:duration=${seconds}`],
    ...['-ac', '2', '-c:a', 'libopus', '-frame_duration', '20', '-page_duration', '20000', '-f', 'ogg'],
  )
  return oggPackets(stream)
    .slice(2)
    .map((data, i) => ({ data, ms: i * 20 }))
}

/** @param {Buffer} stream */
function splitAnnexB(stream) {
  const nals = []
  let begin = -1
  for (let at = 0; at + 3 <= stream.length; ++at) {
    if (stream.readUIntBE(at, 3) !== 1) continue
    if (begin >= 0) nals.push(stream.subarray(begin, stream[at - 1] === 0 ? at - 1 : at))
    begin = at + 3
    at += 2
  }
  nals.push(stream.subarray(begin))
  return nals
}

/** @param {Buffer[]} nals NAL units as one buffer, each after its length */
function frameNals(nals) {
  return Buffer.concat(
    nals.flatMap((nal) => {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(nal.length)
      return [length, nal]
    }),
  )
}

/** @param {Buffer} stream RFC 3533 pages */
function oggPackets(stream) {
  /** @type {Buffer[]} */
  const packets = []
  /** @type {Buffer[]} */
  let parts = []
  for (let at = 0; at + 27 <= stream.length;) {
    const count = stream[at + 26]
    let data = at + 27 + count
    for (let i = 0; i < count; ++i) {
      const size = stream[at + 27 + i]
      parts.push(stream.subarray(data, data + size))
      data += size
      if (size === 255) continue
      packets.push(Buffer.concat(parts))
      parts = []
    }
    at = data
  }
  return packets
}

/** RFC 6184: parameter sets together in a STAP-A, what is too large in FU-A. @param {Buffer} unit */
export function packetiseH264(unit) {
  const sets = []
  const payloads = []
  for (let at = 0; at + 4 <= unit.length; at += 4 + unit.readUInt32BE(at)) {
    const nal = unit.subarray(at + 4, at + 4 + unit.readUInt32BE(at))
    const type = nal[0] & 31
    if (type === 7 || type === 8) {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(nal.length)
      sets.push(length, nal)
    } else if (nal.length <= mtu) {
      payloads.push(nal)
    } else {
      for (let from = 1; from < nal.length; from += mtu) {
        const end = from + mtu >= nal.length
        const header = Buffer.from([(nal[0] & 0xe0) | 28, (from === 1 ? 0x80 : 0) | (end ? 0x40 : 0) | type])
        payloads.push(Buffer.concat([header, nal.subarray(from, from + mtu)]))
      }
    }
  }
  if (sets.length) payloads.unshift(Buffer.concat([Buffer.from([0x78]), ...sets]))
  return payloads
}

/** RFC 7741, with a picture ID as browsers send it. @param {Buffer} frame @param {number} picture */
export function packetiseVp8(frame, picture) {
  const payloads = []
  for (let from = 0; from < frame.length; from += mtu) {
    const header = Buffer.from([0x80 | (from ? 0 : 0x10), 0x80, 0x80 | ((picture >> 8) & 0x7f), picture & 255])
    payloads.push(Buffer.concat([header, frame.subarray(from, from + mtu)]))
  }
  return payloads
}

/**
 * RTP packets of one frame, leaving at its time.
 * @param {Line} line moves on
 * @param {Buffer[]} payloads
 * @param {Frame} frame
 * @returns {Departure[]}
 */
export function departures(line, payloads, frame) {
  return payloads.map((payload, i) => {
    const last = i === payloads.length - 1
    const header = Buffer.alloc(12)
    header[0] = 0x80
    header[1] = line.payloadType | (last && line.kind === 'video' ? 0x80 : 0)
    header.writeUInt16BE(line.sequence++ & 0xffff, 2)
    header.writeUInt32BE((line.timestamp + Math.round((frame.ms * line.clockRate) / 1000)) % 2 ** 32, 4)
    header.writeUInt32BE(line.ssrc, 8)
    return { at: frame.ms + i * 0.2, kind: line.kind, bytes: Buffer.concat([header, payload]) }
  })
}

/** RFC 3550 6.4.1: what the sender's clocks say at `ms`. @param {Line} line @param {number} ms @returns {Departure} */
export function senderReport(line, ms) {
  const seconds = 3_900_000_000 + ms / 1000
  const bytes = Buffer.alloc(28)
  bytes.writeUInt32BE(0x80c80006, 0)
  bytes.writeUInt32BE(line.ssrc, 4)
  bytes.writeUInt32BE(Math.floor(seconds), 8)
  bytes.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32), 12)
  bytes.writeUInt32BE((line.timestamp + Math.round((ms * line.clockRate) / 1000)) % 2 ** 32, 16)
  return { at: ms, kind: line.kind, bytes }
}

/** The numbers a NACK asks for (RFC 4585 6.2.1), and whether there is a PLI. @param {Uint8Array} compound */
export function readFeedback(compound) {
  const bytes = Buffer.from(compound)
  const sequences = []
  let pli = false
  for (let at = 0; at < bytes.length; at += 4 + 4 * bytes.readUInt16BE(at + 2)) {
    const format = bytes[at] & 31
    if (bytes[at + 1] === 206 && format === 1) pli = true
    if (bytes[at + 1] !== 205 || format !== 1) continue
    const end = at + 4 + 4 * bytes.readUInt16BE(at + 2)
    for (let entry = at + 12; entry < end; entry += 4) {
      const first = bytes.readUInt16BE(entry)
      const mask = bytes.readUInt16BE(entry + 2)
      sequences.push(first)
      for (let i = 0; i < 16; ++i) if ((mask >> i) & 1) sequences.push((first + i + 1) & 0xffff)
    }
  }
  return { sequences, pli }
}
