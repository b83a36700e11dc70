/** A publisher's packets through a network that loses, delays and reorders them, into an Ingest, in simulated time. */
import * as sender from './sender.js'

/**
 * @typedef {import('../../build/dist/server.mjs').MainModule} Core
 * @typedef {ReturnType<import('../../build/dist/server.mjs').Ingest['media']>[number]} Item
 * @typedef {{ bytes: Buffer, start: Extract<Item, { type: 'start' }> }} Run
 * @typedef {{ loss?: number, jitterMs?: number, audioDelayMs?: number, repair?: boolean }} Network
 * @typedef {{ line: sender.Line, packets: sender.Departure[] }} Stream
 */

export const videoSsrc = 0x11223344
const audioSsrc = 0x55667788
const delayMs = 20

/** xorshift32: the same losses every time. @param {number} seed */
function random(seed) {
  return () => {
    seed ^= seed << 13
    seed ^= seed >>> 17
    seed ^= seed << 5
    return (seed >>> 0) / 2 ** 32
  }
}

/** @param {'H264' | 'VP8'} codec @param {sender.Frame[]} frames @returns {Stream} */
export function videoStream(codec, frames, ssrc = videoSsrc) {
  /** @type {sender.Line} Both numbers wrap early on. */
  const line = { kind: 'video', payloadType: 96, ssrc, clockRate: 90000, sequence: 65500, timestamp: 0xffffff00 }
  const packetise = codec === 'H264' ? sender.packetiseH264 : sender.packetiseVp8
  const packets = frames.flatMap((frame, i) => sender.departures(line, packetise(frame.data, i), frame))
  return { line, packets }
}

/** @param {sender.Frame[]} frames @returns {Stream} */
export function audioStream(frames) {
  /** @type {sender.Line} */
  const line = { kind: 'audio', payloadType: 111, ssrc: audioSsrc, clockRate: 48000, sequence: 17, timestamp: 123456 }
  return { line, packets: frames.flatMap((frame) => sender.departures(line, [frame.data], frame)) }
}

/** All packets of the streams, and a sender report of each every second. @param {Stream[]} streams */
export function withReports(...streams) {
  return streams.flatMap(({ line, packets }) => {
    const reports = []
    for (let ms = 300; ms < packets[packets.length - 1].at; ms += 1000) reports.push(sender.senderReport(line, ms))
    return [...packets, ...reports]
  })
}

/** The SSRC of the sound is not told. @param {string} codec */
export function mediaJson(codec) {
  return JSON.stringify([
    { kind: 'video', mid: '0', payloadType: 96, codec, clockRate: 90000, ssrc: videoSsrc },
    { kind: 'audio', mid: '1', payloadType: 111, codec: 'OPUS', clockRate: 48000, ssrc: 0 },
  ])
}

/**
 * @param {Core} core
 * @param {string} codec
 * @param {sender.Departure[]} packets
 * @param {Network} network
 */
export function publish(core, codec, packets, { loss = 0, jitterMs = 0, audioDelayMs = 0, repair = true } = {}) {
  const next = random(20260101)
  const ingest = new core.Ingest(mediaJson(codec))
  /** @type {Map<string, Buffer>} */
  const sent = new Map()
  const arrivals = packets.flatMap(({ at, kind, bytes }) => {
    const isRtp = bytes[1] < 192 || bytes[1] > 223
    if (isRtp) sent.set(`${kind}${bytes.readUInt16BE(2)}`, bytes)
    const late = delayMs + (kind === 'audio' ? audioDelayMs : 0) + next() * jitterMs
    return isRtp && next() < loss ? [] : [{ at: at + late, kind, bytes }]
  })
  arrivals.sort((a, b) => a.at - b.at)

  /** @type {Run[]} */
  const runs = []
  const record = (/** @type {Item[]} */ items) => {
    for (const item of items) {
      if (item.type === 'start') runs.push({ start: item, bytes: Buffer.from(item.bytes) })
      const run = runs.at(-1)
      if (run && item.type === 'data') run.bytes = Buffer.concat([run.bytes, item.bytes])
    }
  }
  const end = arrivals[arrivals.length - 1].at + 1
  let forwarded = 0
  let plis = 0
  let strange = 0
  for (let now = 0; now < end; now += 10) {
    while (arrivals.length && arrivals[0].at <= now) {
      const { at, kind, bytes } = /** @type {sender.Departure} */ (arrivals.shift())
      if (ingest.packet(kind, bytes, at) === 1) ++forwarded
    }
    if (now % 20 === 0) record(ingest.media(now))
    if (now % 50 !== 0) continue
    for (const { kind, bytes } of ingest.feedback(now)) {
      const { sequences, pli } = sender.readFeedback(bytes)
      if (pli) ++plis
      if (!repair) continue
      for (const sequence of sequences) {
        const again = sent.get(`${kind}${sequence}`)
        if (!again) ++strange
        else if (next() >= loss) arrivals.push({ at: now + 2 * delayMs, kind, bytes: again })
      }
      arrivals.sort((a, b) => a.at - b.at)
    }
  }
  record(ingest.end(end))
  const stats = JSON.parse(ingest.stats())
  ingest.delete()
  return { runs, stats, forwarded, plis, strange }
}
