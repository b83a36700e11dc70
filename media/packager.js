/** One run: a live Matroska or FLV stream into fMP4 segments and a growing playlist, in a folder of its own. */
import { EventEmitter } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { audioOf, inputOf, videoOf } from './codecs.js'
import { Feed, ffmpeg } from './ffmpeg.js'
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
 * @typedef {object} Sink where a publisher's media goes: the broadcast, outputs
 * @property {(start: Start) => void} start
 * @property {(chunk: Chunk) => void} data
 * @property {() => void} end
 */

/**
 * Fed for so long without making a segment, ffmpeg is given up: on a full disk it goes on as if nothing were wrong. Long
 * enough for the ten seconds that some encoders leave between key frames.
 */
const stalledAfter = 30_000

/** At its end it is waited for as long as it reads on or makes segments; each has so long. */
const stoodStillFor = 10_000

/** Emits 'segments' when there are new ones, 'exit' {code, said, expected} once. */
export class Packager extends EventEmitter {
  /** @type {import('./playlist.js').Segment[]} */
  segments = []
  #child
  #feed
  /** @type {NodeJS.Timeout} */
  #poll
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
    this.#child = ffmpeg(program, packagerArguments(start, segmentSeconds), { cwd: folder, input: true })
    this.#feed = new Feed(this.#child, start, late)
    this.#poll = setInterval(() => this.#look(), 100)
    /** Settles when ffmpeg has ended and `segments` is final. */
    this.done = this.#child.done.then(async ({ code, said }) => {
      clearInterval(this.#poll)
      await this.#read()
      this.emit('exit', { code, said: this.#gaveUp + said, expected: this.#feed.ended && !this.#gaveUp })
    })
  }

  get pid() {
    return this.#child.process.pid
  }

  /** @param {Chunk} chunk */
  data(chunk) {
    if (this.#feed.data(chunk)) this.#fed = true
  }

  end() {
    this.#feed.end(stoodStillFor, () => this.#lastSegment)
  }

  kill() {
    this.#child.process.kill('SIGKILL')
  }

  async #look() {
    if (this.#fed && performance.now() - this.#lastSegment > stalledAfter && !this.#feed.ended && !this.#gaveUp) {
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
const packagerArguments = (start, seconds) => [
  ...[...inputOf(start), ...videoOf(start, seconds, trueDurations), ...audioOf(start)],
  ...['-f', 'hls', '-hls_time', String(seconds), '-hls_playlist_type', 'event'],
  ...['-hls_flags', 'independent_segments+program_date_time+temp_file', '-hls_segment_type', 'fmp4'],
  // Names without a folder: a folder's name might hold a %, which ffmpeg would read as a pattern.
  ...['-hls_fmp4_init_filename', 'init.mp4', '-hls_segment_filename', 's%05d.m4s', 'run.m3u8'],
]

/**
 * A live stream's frames carry no duration; ffmpeg guesses one from a guessed frame rate and adds those up for the last
 * segment of a run. So each gets the time until the next, if there is a next.
 */
const trueDurations = ['-bsf:v', 'setts=duration=if(between(NEXT_DTS-DTS\\,1\\,1e12)\\,NEXT_DTS-DTS\\,DURATION)']
