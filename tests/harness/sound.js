/** Sound as numbers: made for a microphone, and measured in what came of it. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const rate = 48_000

/**
 * A WAV file, the same in both channels.
 * @param {number} seconds
 * @param {(t: number) => number} signal  -1 to 1 at each time, s
 */
export function waveFile(seconds, signal) {
  const count = Math.round(seconds * rate)
  const bytes = Buffer.alloc(44 + 4 * count)
  bytes.write('RIFF', 0)
  bytes.writeUInt32LE(36 + 4 * count, 4)
  bytes.write('WAVEfmt ', 8)
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20) // PCM
  bytes.writeUInt16LE(2, 22)
  bytes.writeUInt32LE(rate, 24)
  bytes.writeUInt32LE(4 * rate, 28)
  bytes.writeUInt16LE(4, 32)
  bytes.writeUInt16LE(16, 34)
  bytes.write('data', 36)
  bytes.writeUInt32LE(4 * count, 40)
  for (let i = 0; i < count; i++) {
    const value = Math.round(Math.max(-1, Math.min(1, signal(i / rate))) * 32767)
    bytes.writeInt16LE(value, 44 + 4 * i)
    bytes.writeInt16LE(value, 46 + 4 * i)
  }
  return bytes
}

/**
 * The left channel of a file or a playlist.
 * @param {string} url
 */
export async function decodeSound(url) {
  const probe = ['-v', 'error', '-select_streams', 'a:0', '-show_entries', 'stream=channels', '-of', 'csv=p=0', url]
  const channels = parseInt((await run('ffprobe', probe)).stdout)
  const decode = [
    '-v',
    'error',
    '-i',
    url,
    '-map',
    'a:0',
    '-af',
    'pan=mono|c0=FL',
    '-ar',
    String(rate),
    '-f',
    'f32le',
    '-',
  ]
  const { stdout } = await run('ffmpeg', decode, { encoding: 'buffer', maxBuffer: 2 ** 30 })
  const samples = new Float32Array(new Uint8Array(stdout).buffer, 0, Math.floor(stdout.length / 4))
  return { samples, rate, channels }
}

/**
 * How loud one tone is in a piece of sound, in dBFS of its peak: one bin of a Fourier transform, under a Hann window.
 * @param {Float32Array} samples
 * @param {number} rate
 * @param {number} hertz
 */
export function levelOf(samples, rate, hertz) {
  let [re, im, sum] = [0, 0, 0]
  for (let i = 0; i < samples.length; i++) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / samples.length)
    const angle = (2 * Math.PI * hertz * i) / rate
    re += samples[i] * window * Math.cos(angle)
    im += samples[i] * window * Math.sin(angle)
    sum += window
  }
  return 20 * Math.log10((2 * Math.hypot(re, im)) / sum + 1e-12)
}
