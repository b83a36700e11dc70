/** One run: a live Matroska or FLV stream into fMP4 segments and a growing playlist, in a folder of its own. */
import { EventEmitter } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { ffmpeg } from './ffmpeg.js'
import { parseRun } from './playlist.js'

/**
 * What a publisher delivers: a header, then chunks that follow it. A sink that comes late takes the header and goes on
 * from a chunk with `key`.
 * @typedef {object} Start
 * @property {'matroska' | 'flv'} container
 * @property {'H264' | 'VP8' | ''} videoCodec '' = no picture
 * @property {'OPUS' | 'AAC' | ''} audioCodec '' = no sound
 * @property {Uint8Array} bytes
 *
 * @typedef {object} Chunk
 * @property {boolean} key
 * @property {Uint8Array} bytes
 *
 * @typedef {object} Sink where a publisher's media goes: the broadcast; later, outputs
 * @property {(start: Start) => void} start
 * @property {(chunk: Chunk) => void} data
 * @property {() => void} end
 */

/** More than this unread by ffmpeg, and pictures are dropped up to the next key frame. */
const mostUnread = 16 << 20

/**
 * Fed for so long without making a segment, ffmpeg is given up: on a full disk it goes on as if nothing were wrong. Long
 * enough for the ten seconds that some encoders leave between key frames.
 */
const stalledAfter = 30_000

/** Emits 'segments' when there are new ones, 'exit' {code, said, expected} once. */
export class Packager extends EventEmitter {
  /** @type {import('./playlist.js').Segment[]} */
  segments = []
  #child
  #waitKey
  #ending = false
  /** @type {NodeJS.Timeout} */
  #poll
  /** @type {NodeJS.Timeout | undefined} */
  #killer
  #seen = ''
  #reading = false
  /** When the last segment was made, and whether anything came since. */
  #lastSegment = performance.now()
  #fed = false
  #gaveUp = ''

  /**
   * @param {object} options
   * @param {string} options.folder exists, empty
   * @param {Start} options.start
   * @param {boolean} options.late begin with the next key frame
   * @param {number} options.segmentSeconds
   * @param {string} options.ffmpeg
   */
  constructor({ folder, start, late, segmentSeconds, ffmpeg: program }) {
    super()
    this.folder = folder
    this.#waitKey = late && start.videoCodec !== ''
    this.#child = ffmpeg(program, packagerArguments(start, segmentSeconds), { cwd: folder, input: true })
    this.#child.process.stdin?.write(start.bytes)
    this.#poll = setInterval(() => this.#look(), 100)
    /** Settles when ffmpeg has ended and `segments` is final. */
    this.done = this.#child.done.then(async ({ code, said }) => {
      clearInterval(this.#poll)
      clearTimeout(this.#killer)
      await this.#read()
      this.emit('exit', { code, said: this.#gaveUp + said, expected: this.#ending && !this.#gaveUp })
    })
  }

  get pid() {
    return this.#child.process.pid
  }

  /** @param {Chunk} chunk */
  data({ key, bytes }) {
    const input = this.#child.process.stdin
    if (this.#ending || !input?.writable) return
    if (input.writableLength > mostUnread) this.#waitKey = true
    if (this.#waitKey && (!key || input.writableLength > mostUnread / 2)) return
    this.#waitKey = false
    this.#fed = true
    input.write(bytes)
  }

  /** The end of its input lets ffmpeg complete the last segment; one that does not end by itself is ended. */
  end() {
    if (this.#ending) return
    this.#ending = true
    this.#child.process.stdin?.end()
    this.#killer = setTimeout(() => this.#child.process.kill('SIGKILL'), 8000)
  }

  async #look() {
    if (this.#fed && performance.now() - this.#lastSegment > stalledAfter && !this.#ending && !this.#gaveUp) {
      this.#gaveUp = `no segment for ${stalledAfter / 1000} s: `
      this.#child.process.kill('SIGKILL')
    }
    if (this.#reading) return
    this.#reading = true
    try {
      const { mtimeMs, size } = await stat(path.join(this.folder, 'run.m3u8'))
      const seen = `${mtimeMs} ${size}`
      if (seen !== this.#seen) {
        this.#seen = seen
        await this.#read()
      }
    } catch {
      // not written yet
    } finally {
      this.#reading = false
    }
  }

  async #read() {
    try {
      const segments = parseRun(await readFile(path.join(this.folder, 'run.m3u8'), 'utf8'))
      if (segments.length <= this.segments.length) return
      this.segments = segments
      this.#lastSegment = performance.now()
      this.#fed = false
      this.emit('segments')
    } catch {
      // it ended before there was one
    }
  }
}

/**
 * @param {Start} start
 * @param {number} seconds
 */
export function packagerArguments({ container, videoCodec, audioCodec }, seconds) {
  const input =
    container === 'matroska'
      ? ['-analyzeduration', '0', '-probesize', '32768', '-f', 'matroska']
      : ['-analyzeduration', '1000000', '-probesize', '500000', '-f', 'flv']
  // H.264 is copied. VP8 must be encoded: its rate is unknown in Matroska, so that ffmpeg guesses 1000 frames a second.
  const video = {
    H264: ['-map', '0:v:0', '-c:v', 'copy', '-bsf:v', trueDurations],
    VP8: [
      '-map',
      '0:v:0',
      ...x264(30 * seconds),
      '-vf',
      'fps=30',
      '-force_key_frames',
      `expr:gte(t,n_forced*${seconds})`,
    ],
    '': [],
  }[videoCodec]
  // Sound that was lost or came late is filled and stretched, so that it stays with the picture.
  const audio = {
    OPUS: ['-map', '0:a:0', ...aac, '-af', 'aresample=async=1000:first_pts=0'],
    AAC: ['-map', '0:a:0', '-c:a', 'copy'],
    '': [],
  }[audioCodec]
  return [
    ...[...input, '-i', 'pipe:0', ...video, ...audio],
    ...['-f', 'hls', '-hls_time', String(seconds), '-hls_playlist_type', 'event'],
    ...['-hls_flags', 'independent_segments+program_date_time+temp_file', '-hls_segment_type', 'fmp4'],
    // Names without a folder: a folder's name might hold a %, which ffmpeg would read as a pattern.
    ...['-hls_fmp4_init_filename', 'init.mp4', '-hls_segment_filename', 's%05d.m4s', 'run.m3u8'],
  ]
}

/**
 * A live stream's frames carry no duration; ffmpeg guesses one from a guessed frame rate and adds those up for the last
 * segment of a run. So each gets the time until the next, if there is a next.
 */
const trueDurations = 'setts=duration=if(between(NEXT_DTS-DTS\\,1\\,1e12)\\,NEXT_DTS-DTS\\,DURATION)'

export const aac = ['-c:a', 'aac', '-b:a', '128k', '-ac', '2', '-ar', '48000']

/** @param {number} gop frames between key frames */
const x264 = (gop) => [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', String(gop)],
  ...['-b:v', '2M', '-maxrate', '2.5M', '-bufsize', '4M'],
]
