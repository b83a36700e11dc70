/**
 * An output: what a publisher sends is pushed on to another server by RTMP or RTMPS, for as long as there is a publisher,
 * through any number of broken connections. One ffmpeg a connection.
 */
import { EventEmitter } from 'node:events'
import { audioOf, inputOf, videoOf } from './codecs.js'
import { Feed, ffmpeg, presetFile } from './ffmpeg.js'
import { reasonOf } from './log.js'

/**
 * @typedef {import('./packager.js').Sink} Sink
 *
 * @typedef {object} Target
 * @property {string} uid
 * @property {string} url rtmp[s]://host[:port]/app
 * @property {string} streamKey secret
 * @property {boolean} enabled
 */

/** A connection that takes nothing for so long is given up for the next. */
const stalledAfter = 10_000
/** One that lasted so long was a good one. */
const goodAfter = 10_000
/** So many failures in a row, and the far end is said to be out of reach. */
const unreachedAfter = 4
const longestPause = 5000
/** How long the far end is given to take the last of it. */
const farewell = 5000

/** `rtmp://host/app`, nothing that ffmpeg could take for more than an address. */
export const isOutputUrl = (/** @type {unknown} */ url) =>
  typeof url === 'string' && /^rtmps?:\/\/[\w.:[\]-]+\/[\w./-]*$/.test(url) && URL.canParse(url)

/** @param {unknown} key */
export const isStreamKey = (key) => typeof key === 'string' && /^[\w.~?&=/+:@%-]{1,512}$/.test(key)

/**
 * Emits 'keyframe' when a connection begins in the middle and needs one soon; 'trouble' (reason) when there is none, or
 * no longer; 'unreached' when several have failed in a row, 'reached' when one has lasted since; 'revoked' when `renew`
 * says that there is nothing to push to any more.
 * @implements {Sink}
 */
export class Output extends EventEmitter {
  #config
  #renew
  /** @type {import('./packager.js').Start | null} */
  #start = null
  /** @type {{ feed: Feed, since: number } | null} */
  #connection = null
  #failures = 0
  #unreached = false
  /** @type {NodeJS.Timeout | undefined} */
  #again
  /** Connections that are still ending. @type {Set<Promise<unknown>>} */
  #ending = new Set()

  /**
   * @param {Target} target
   * @param {import('./config.js').Config} config
   * @param {() => Promise<Target | null>} [renew] asked before each further connection
   */
  constructor(target, config, renew) {
    super()
    this.target = target
    this.#config = config
    this.#renew = renew
  }

  /**
   * @param {import('./packager.js').Start} start
   * @param {boolean} [late] it has begun some time ago
   */
  start(start, late = false) {
    this.end()
    this.#start = start
    this.#failures = 0
    this.#connect(start, late)
  }

  /** @param {import('./packager.js').Chunk} chunk */
  data(chunk) {
    this.#connection?.feed.data(chunk)
  }

  end() {
    clearTimeout(this.#again)
    this.#start = null
    this.#connection?.feed.end(farewell)
    this.#connection = null
  }

  /** Settles when every connection has ended. */
  async closed() {
    await Promise.all(this.#ending)
  }

  /** @param {import('./packager.js').Start} start @param {boolean} late */
  #connect(start, late) {
    const { target } = this
    const { dataFolder, tlsCa, log } = this.#config
    /** @type {import('./ffmpeg.js').Child} */
    let child
    try {
      const options = { cwd: dataFolder, input: true, preset: addressOf(target) }
      child = ffmpeg(this.#config.ffmpeg, pushArguments(start, target.url, tlsCa), options)
    } catch (error) {
      return this.#failed(start, reasonOf(error)) // no memory for another process: whoever else listens goes on
    }
    const feed = new Feed(child, start, late)
    const since = performance.now()
    const connection = { feed, since }
    this.#connection = connection
    if (late) this.emit('keyframe')
    log('output.started', { output: target.uid, video_codec: start.videoCodec, audio_codec: start.audioCodec })
    const watch = setInterval(() => {
      if (feed.stalled() > stalledAfter) child.process.kill('SIGKILL')
      else if (performance.now() - since > goodAfter && this.#connection === connection) this.#good()
    }, 1000)
    const ended = child.done.then(({ code, said }) => {
      clearInterval(watch)
      this.#ending.delete(ended)
      const reason = said.replaceAll(target.streamKey, '…').trim().slice(-300)
      log('output.ended', { output: target.uid, code })
      if (this.#connection !== connection) return
      this.#connection = null
      this.#failed(start, reason)
    })
    this.#ending.add(ended)
  }

  #good() {
    this.#failures = 0
    if (!this.#unreached) return
    this.#unreached = false
    this.emit('reached')
  }

  /** @param {import('./packager.js').Start} start @param {string} reason */
  #failed(start, reason) {
    const pause = Math.min(250 * 2 ** this.#failures++, longestPause)
    this.#config.log('output.failed', { output: this.target.uid, reason, again_ms: pause })
    this.emit('trouble', reason)
    if (this.#failures === unreachedAfter && !this.#unreached) {
      this.#unreached = true
      this.emit('unreached')
    }
    this.#again = setTimeout(() => void this.#reconnect(start), pause)
  }

  /** @param {import('./packager.js').Start} start */
  async #reconnect(start) {
    const target = this.#renew ? await this.#renew() : this.target
    if (this.#start !== start || this.#connection) return // it ended, or began anew, in the meantime
    if (!target) return void this.emit('revoked')
    this.target = target
    this.#connect(start, true)
  }
}

/** Between key frames of a picture that must be encoded, in seconds. */
const keyframeSeconds = 2

/**
 * Where in the server it goes, https://ffmpeg.org/ffmpeg-protocols.html#rtmp: not part of the address on the command
 * line, for that ends in the key.
 * @param {Target} target
 */
const addressOf = ({ url, streamKey }) =>
  `rtmp_app=${new URL(url).pathname.replace(/^\/|\/$/g, '')}\nrtmp_playpath=${streamKey}\n`

/**
 * @param {import('./packager.js').Start} start
 * @param {string} url
 * @param {string} ca file
 */
function pushArguments(start, url, ca) {
  // Without being told, ffmpeg takes any certificate.
  const tls = url.startsWith('rtmps:') ? ['-tls_verify', '1', ...(ca ? ['-ca_file', ca] : [])] : []
  return [
    ...[...inputOf(start), ...videoOf(start, keyframeSeconds), ...audioOf(start)],
    ...['-f', 'flv', '-flvflags', 'no_duration_filesize', ...tls, '-fpre', presetFile, url],
  ]
}
