/** What ffmpeg makes of a recording. */
import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'

/** @typedef {{ codec_type: string, pts_time: string, data_hash: string }} Packet */

/** What ffmpeg complains of when it decodes every frame: '' is best. @param {Buffer} bytes */
export function decodeErrors(bytes) {
  // Frames keep the times they have, in milliseconds.
  const args = ['-f', 'matroska', '-i', 'pipe:0', '-fps_mode', 'passthrough', '-enc_time_base', '-1', '-f', 'null', '-']
  const { stderr, status } = spawnSync('ffmpeg', ['-v', 'warning', '-nostdin', ...args], {
    ...{ input: bytes, maxBuffer: 1 << 26, encoding: 'utf8' },
  })
  return status === 0 ? stderr.toString() : `status ${status}: ${stderr}`
}

/** @param {Buffer} bytes */
export function probe(bytes) {
  const shown = ['-show_streams', '-show_packets', '-show_data_hash', 'md5']
  const { stdout } = spawnSync('ffprobe', ['-v', 'error', ...shown, '-of', 'json', '-f', 'matroska', 'pipe:0'], {
    ...{ input: bytes, maxBuffer: 1 << 28, encoding: 'utf8' },
  })
  const { streams, packets } = JSON.parse(stdout.toString())
  /** @type {(type: string) => Packet[]} */
  const of = (type) => packets.filter((/** @type {Packet} */ packet) => packet.codec_type === type)
  /** @type {(type: string) => { codec_name: string, width: number, height: number }} */
  const find = (type) => streams.find((/** @type {Packet} */ stream) => stream.codec_type === type)
  return { video: find('video'), audio: find('audio'), pictures: of('video'), sounds: of('audio') }
}

/**
 * How much later than each picture the sound that was made with it is, in ms. Frames are known by their hash.
 * @param {ReturnType<typeof probe>} recording
 * @param {import('./sender.js').Frame[]} video
 * @param {import('./sender.js').Frame[]} audio
 * @param {number} from pictures captured before this many ms do not count
 */
export function soundDelays(recording, video, audio, from = 0) {
  const hash = (/** @type {Buffer} */ data) => `MD5:${createHash('md5').update(data).digest('hex')}`
  /** @param {Packet[]} packets @param {import('./sender.js').Frame[]} frames */
  const shifts = (packets, frames) => {
    const captured = new Map()
    // A still picture may come out the same twice; then it says nothing.
    for (const { data, ms } of frames) captured.set(hash(data), captured.has(hash(data)) ? undefined : ms)
    return packets.flatMap(({ data_hash, pts_time }) => {
      const ms = captured.get(data_hash)
      return ms === undefined ? [] : [{ ms, shift: Number(pts_time) * 1000 - ms }]
    })
  }
  const sounds = shifts(recording.sounds, audio)
  return shifts(recording.pictures, video)
    .filter(({ ms }) => ms >= from)
    .map(({ ms, shift }) => {
      const near = sounds.reduce((a, b) => (Math.abs(b.ms - ms) < Math.abs(a.ms - ms) ? b : a))
      return near.shift - shift
    })
}
