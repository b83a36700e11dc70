import { playHls, prepareHls } from './play-hls.js'

/** @typedef {import('./types.js').PlayerState} PlayerState */

const kFrozen = 750 // ms without a new picture

/** Nothing to take off. */
const nothing = async () => () => {}

/**
 * What is on the <video>: puts each source the Player chooses on it, begins to play, and tells how it goes. Between two
 * live sources the last picture stays, so that the change is not seen; a recording that breaks off goes on where it was.
 */
export class Screen {
  #video
  #still
  #tell
  /** @type {PlayerState} */
  #state = { mode: 'waiting', url: '', stream: null }
  #source = ''
  #of = ''
  /** The promise of what takes the source off. */
  #takeOff = nothing()
  /** The source has been put on. */
  #isOn = false
  #failed = false
  /** How far someone has watched the recording. */
  #place = { of: '', time: 0, playing: false }
  /** Someone paused the live picture: the next source must not begin by itself. */
  #paused = false

  /**
   * @param {HTMLVideoElement} video
   * @param {HTMLCanvasElement} still  shows the last picture between two live sources
   * @param {(what: 'playing' | 'stalled' | 'failed' | 'blocked' | 'cleared') => void} tell  blocked: only a tap may
   *        begin to play; cleared: nothing is on the <video> now, `held` says whether the last picture stays
   */
  constructor(video, still, tell) {
    this.#video = video
    this.#still = still
    this.#tell = tell
    video.addEventListener('playing', () => {
      this.held = false
      tell('playing')
    })
    video.addEventListener('waiting', () => tell('stalled'))
    video.addEventListener('error', () => video.error && this.#source && this.fail())
  }

  /** The last picture is shown in place of a moving one. */
  held = false

  /** An HLS playlist to begin to load when WHEP stands still; '' = there is none. */
  fallback = ''

  /** Live, rather than a recording or nothing. */
  get live() {
    return this.#state.mode === 'whep' || this.#state.mode === 'hls'
  }

  /**
   * @param {PlayerState} state
   * @param {string} of  id of the stream
   * @param {boolean} moving  there is a picture worth keeping
   */
  show(state, of, moving) {
    const { mode, url, stream } = state
    const live = mode === 'whep' || mode === 'hls'
    const source = mode === 'whep' ? `whep ${stream?.id}` : live || mode === 'recording' ? url : ''
    const same = source === this.#source && !this.#failed
    if (!same) this.#clear(moving && of === this.#of && (live || mode === 'connecting'))
    this.#state = state
    if (same) return
    this.#source = source
    this.#of = of
    if (source) this.#put()
  }

  /** Nothing is to be seen any more. */
  clear() {
    this.#clear(false)
    this.#state = { mode: 'waiting', url: '', stream: null }
  }

  /** The source does not play; the next `show` begins it anew. */
  fail() {
    this.#failed = true
    this.#tell('failed')
  }

  /** Puts the current source on the <video>. Live starts by itself, a recording when someone plays it. */
  #put() {
    const { mode, url, stream } = this.#state
    const video = this.#video
    if (mode === 'whep') {
      video.srcObject = stream
      const stopLooking = this.#lookForPictures()
      this.#takeOff = Promise.resolve(() => {
        stopLooking()
        video.srcObject = null
      })
    } else if (/\.m3u8(\?|$)/.test(url)) {
      const source = this.#source
      const wanted = () => source === this.#source
      const onFailed = () => wanted() && this.fail()
      this.#takeOff = playHls(video, url, { live: mode === 'hls', wanted, onFailed })
      this.#takeOff.catch(onFailed)
    } else {
      video.src = url
      this.#takeOff = Promise.resolve(() => {
        video.removeAttribute('src')
        video.load()
      })
    }
    const takeOff = this.#takeOff
    const on = () => (this.#isOn ||= takeOff === this.#takeOff)
    takeOff.then(on, on)
    if (mode === 'recording') this.#resume()
    else if (!this.#paused) void this.begin()
  }

  /**
   * A MediaStream that gets nothing more just stands still: no event tells. Nor can it be told where the browser does not
   * count the pictures of one, as Firefox does not.
   * @returns {() => void}
   */
  #lookForPictures() {
    let count = -1
    let since = performance.now()
    let frozen = false
    const timer = setInterval(() => {
      const { totalVideoFrames } = this.#video.getVideoPlaybackQuality()
      const now = performance.now()
      // In a page nobody sees, nothing is drawn.
      if (totalVideoFrames !== count || document.visibilityState !== 'visible' || this.#video.paused) {
        if (frozen && totalVideoFrames !== count) this.#tell('playing')
        if (totalVideoFrames !== count) frozen = false
        count = totalVideoFrames
        since = now
      } else if (count > 0 && !frozen && now - since > kFrozen) {
        frozen = true
        prepareHls(this.fallback)
        this.#tell('stalled')
      }
    }, 100)
    return () => clearInterval(timer)
  }

  /** Goes on where the recording broke off, be it this one again or its backup. */
  #resume() {
    const { of, time, playing } = this.#place
    if (of !== this.#of) return
    const source = this.#source
    this.#video.addEventListener(
      'loadedmetadata',
      () => {
        if (source !== this.#source) return
        this.#video.currentTime = time
        if (playing) void this.begin()
      },
      { once: true },
    )
  }

  /** @param {boolean} hold  keep the last picture */
  #clear(hold) {
    const { currentTime: time, paused, ended } = this.#video
    if (this.#source && this.live) this.#paused = hold && paused && !this.held
    if (!hold) this.#paused = false
    if (this.#state.mode === 'recording' && time > 0) this.#place = { of: this.#of, time, playing: !paused && !ended }
    this.held = hold && (this.held || this.#draw())
    this.#takeOff.then((takeOff) => takeOff()).catch(() => {})
    this.#takeOff = nothing()
    this.#isOn = false
    this.#source = ''
    this.#failed = false
    this.#tell('cleared')
  }

  #draw() {
    const { videoWidth: width, videoHeight: height } = this.#video
    if (!width) return false
    Object.assign(this.#still, { width, height })
    this.#still.getContext('2d')?.drawImage(this.#video, 0, 0)
    return true
  }

  /**
   * Plays with sound; where the browser refuses that without a tap, muted; where it refuses that too, asks.
   * @returns {Promise<void>}
   */
  async begin() {
    const source = this.#source
    const recording = this.#state.mode === 'recording'
    // Then its coming breaks off the playing.
    const early = !this.#isOn
    this.#paused = false
    try {
      // A recording was mostly put there long before the tap, and Safari wants play() within it.
      if (!recording) await this.#takeOff
      if (source !== this.#source) return
      await this.#video.play()
    } catch (error) {
      const { name } = /** @type {Error} */ (error)
      if (source !== this.#source) return
      if (early && name === 'AbortError') {
        await this.#takeOff
        return this.begin()
      }
      if (name !== 'NotAllowedError') return
      if (this.#video.muted || recording) return this.#tell('blocked')
      this.#video.muted = true
      await this.begin()
    }
  }
}
