import { loadClient } from '../client.js'
import { h, setAttribute, setText } from '../dom.js'
import { playHls } from '../play-hls.js'
import { clock } from '../time.js'
import { t, translated } from '../words.js'

/**
 * @typedef {import('../types.js').PlayerState} PlayerState
 * @typedef {import('../types.js').PublicStream} PublicStream
 * @typedef {import('../words.js').Key} Key
 */

/**
 * What is written over the picture in each mode. Live modes say `connecting` until the first picture is there.
 *
 * @type {Record<PlayerState['mode'] | 'loading' | 'failed', {title: Key, hint?: Key}>}
 */
// prettier-ignore
const kFaces = {
  loading:     { title: 'player.loading' },
  waiting:     { title: 'player.waiting',     hint: 'player.waitingHint' },
  connecting:  { title: 'player.connecting',  hint: 'player.connectingHint' },
  whep:        { title: 'player.connecting',  hint: 'player.connectingHint' },
  hls:         { title: 'player.connecting',  hint: 'player.connectingHint' },
  interrupted: { title: 'player.interrupted', hint: 'player.interruptedHint' },
  preparing:   { title: 'player.preparing',   hint: 'player.preparingHint' },
  recording:   { title: 'player.recording' },
  none:        { title: 'player.none',        hint: 'player.noneHint' },
  failed:      { title: 'player.failed',      hint: 'player.failedHint' },
}

/**
 * Shows one stream through its whole life, without reload: not begun, live, interrupted, being prepared, recording.
 * Which of these, and whether live comes by WHEP or HLS, is the Player's decision (C++) from the public view of the
 * stream and from what the <video> reports; this element carries it out.
 *
 * @attr {string} stream-id  (read-only) which stream
 * @attr {string} mode  (read-only) a mode of the Player, or loading, failed
 * @attr {boolean} playing  (read-only) there is a moving picture
 * @attr {boolean} stalled  (read-only) the picture stopped for want of data
 * @attr {boolean} muted  (read-only) live without sound
 * @attr {boolean} started  (read-only) someone has begun to play the recording
 * @attr {boolean} portrait  (read-only) the picture is higher than wide
 * @attr {boolean} blocked  (read-only) the browser wants a tap before it plays anything
 * @prop {PublicStream | null} stream  set it anew at each change
 */
export class MemorialPlayer extends HTMLElement {
  #video = h('video', { playsinline: true, preload: 'metadata' })
  #title = h('p', { class: 'title' })
  #hint = h('p', { class: 'hint' })
  #announcer = h('p', { class: 'visually-hidden', role: 'status' })
  #play = h('button', { type: 'button', class: 'primary large play', onclick: () => this.#tapPlay() })
  #unmute = h(
    'button',
    { type: 'button', class: 'primary large unmute', onclick: () => this.#setMuted(false) },
    t('player.soundOn'),
  )
  #mute = h('button', { type: 'button', class: 'mute', onclick: () => this.#setMuted(true) }, t('player.soundOff'))
  #fullScreen = h(
    'button',
    { type: 'button', class: 'full-screen', onclick: () => this.#toggleFullScreen() },
    t('player.fullScreen'),
  )
  #stage = h(
    'div',
    { class: 'stage' },
    this.#video,
    h('p', { class: 'live-badge' }, t('player.live')),
    h(
      'div',
      { class: 'overlay' },
      h('span', { class: 'spinner', 'aria-hidden': 'true' }),
      this.#title,
      this.#hint,
      this.#play,
    ),
    h('div', { class: 'live-controls' }, this.#unmute, this.#mute, this.#fullScreen),
  )

  /** @type {PublicStream | null} */
  #stream = null
  /** @type {import('../types.js').Player | null} */
  #player = null
  /** @type {PlayerState} */
  #state = { mode: 'waiting', url: '', stream: null }
  #told = false
  /** What is on the <video>, and the promise of the function that takes it off. */
  #source = ''
  #sourceOf = '' // which stream's
  #takeOff = Promise.resolve(() => {})
  #failed = false
  /** How far someone has watched the recording. */
  #place = { of: '', time: 0, playing: false }
  #turn = 0

  connectedCallback() {
    if (!this.firstChild) {
      this.append(this.#stage, this.#announcer)
      this.#listen()
      this.#fullScreen.hidden = !canFullScreen(this.#stage, this.#video)
    }
    void this.#start()
  }

  disconnectedCallback() {
    this.#turn++
    this.#player?.delete()
    this.#player = null
    this.#detach()
  }

  get stream() {
    return this.#stream
  }

  set stream(stream) {
    const another = stream?.id !== this.#stream?.id
    this.#stream = stream
    setAttribute(this, 'stream-id', stream?.id)
    if (!stream) return
    this.#video.setAttribute('aria-label', t('player.videoLabel', { title: stream.title }))
    if (this.#player && another) {
      this.#player.delete()
      this.#player = null
      this.#detach()
      void this.#start()
    } else this.#tellPlayer()
  }

  #tellPlayer() {
    if (this.#stream) this.#player?.show(this.#stream)
    if (this.#told) return
    // Until the Player has spoken (it is loading, or has nothing to add), the public view says enough for a true word.
    const phase = this.#stream?.phase
    this.#show(phase === 'waiting' || phase === 'preparing' || phase === 'none' ? phase : 'loading')
  }

  async #start() {
    const turn = ++this.#turn
    this.#told = false
    this.#tellPlayer()
    try {
      const client = await loadClient()
      if (turn !== this.#turn || this.#player) return
      this.#player = new client.Player((state) => turn === this.#turn && this.#changed(state))
      this.#tellPlayer()
    } catch {
      if (turn !== this.#turn) return
      this.#show('failed')
      // The service may be hours away: the page must not need a reload because one file did not arrive.
      setTimeout(() => turn === this.#turn && void this.#start(), 5000)
    }
  }

  /** @param {PlayerState} state */
  #changed(state) {
    const { mode, url, stream } = (this.#state = state)
    this.#told = true
    const live = mode === 'whep' || mode === 'hls'
    const source = mode === 'whep' ? `whep ${stream?.id}` : live || mode === 'recording' ? url : ''
    if (source !== this.#source || this.#failed) {
      this.#detach()
      this.#source = source
      this.#sourceOf = this.#stream?.id ?? ''
      if (source) this.#attach()
    }
    this.#show(mode)
  }

  /** Puts the current source on the <video>. Live starts by itself, a recording when someone plays it. */
  #attach() {
    const { mode, url, stream } = this.#state
    if (mode === 'whep') {
      this.#video.srcObject = stream
      this.#takeOff = Promise.resolve(() => {
        this.#video.srcObject = null
      })
    } else if (/\.m3u8(\?|$)/.test(url)) {
      this.#takeOff = playHls(this.#video, url, { live: mode === 'hls', onFailed: () => this.#report('failed') })
      this.#takeOff.catch(() => this.#report('failed'))
    } else {
      this.#video.src = url
      this.#takeOff = Promise.resolve(() => {
        this.#video.removeAttribute('src')
        this.#video.load()
      })
    }
    if (mode !== 'recording') void this.#begin()
    else if (this.#place.of === this.#sourceOf) this.#resume()
  }

  /** Goes on where the recording broke off, be it this one again or its backup. */
  #resume() {
    const { time, playing } = this.#place
    const source = this.#source
    this.#video.addEventListener(
      'loadedmetadata',
      () => {
        if (source !== this.#source) return
        this.#video.currentTime = time
        if (playing) void this.#begin()
      },
      { once: true },
    )
  }

  #detach() {
    if (this.hasAttribute('started')) {
      const { currentTime: time, paused, ended } = this.#video
      this.#place = { of: this.#sourceOf, time, playing: !paused && !ended }
    }
    this.#takeOff.then((takeOff) => takeOff()).catch(() => {})
    this.#takeOff = Promise.resolve(() => {})
    this.#source = ''
    this.#failed = false
    this.#video.controls = false
    for (const name of ['playing', 'stalled', 'blocked', 'started']) this.removeAttribute(name)
  }

  /** Plays with sound; where the browser refuses that without a tap, muted; where it refuses that too, asks. */
  async #begin() {
    const source = this.#source
    try {
      // A recording was put there long before the tap, and Safari wants play() within it.
      if (this.#state.mode !== 'recording') await this.#takeOff
      if (source !== this.#source) return
      await this.#video.play()
    } catch (error) {
      if (source !== this.#source || /** @type {Error} */ (error).name !== 'NotAllowedError') return
      if (this.#video.muted || this.#state.mode === 'recording') {
        this.toggleAttribute('blocked', true)
        this.#show(this.#state.mode)
        return
      }
      this.#video.muted = true
      await this.#begin()
    }
  }

  #tapPlay() {
    this.removeAttribute('blocked')
    this.#video.muted = false
    this.#video.focus()
    void this.#begin()
  }

  /** @param {'playing' | 'stalled' | 'failed'} what */
  #report(what) {
    if (what === 'failed') this.#failed = true
    this.toggleAttribute('stalled', what === 'stalled')
    if (what === 'playing') this.toggleAttribute('playing', true)
    this.#show(this.#state.mode)
    this.#player?.report(what)
  }

  #listen() {
    const video = this.#video
    video.addEventListener('play', () => {
      if (this.#state.mode !== 'recording') return
      video.controls = true
      this.toggleAttribute('started', true)
      this.#show('recording')
    })
    video.addEventListener('playing', () => this.#report('playing'))
    // Every video waits before it first plays; that is no stall.
    video.addEventListener('waiting', () => this.hasAttribute('playing') && this.#report('stalled'))
    video.addEventListener('error', () => video.error && this.#source && this.#report('failed'))
    video.addEventListener('volumechange', () => this.toggleAttribute('muted', video.muted))
    video.addEventListener('resize', () => this.toggleAttribute('portrait', video.videoHeight > video.videoWidth))
    for (const event of ['fullscreenchange', 'webkitfullscreenchange']) {
      document.addEventListener(event, () =>
        setText(this.#fullScreen, fullScreenElement() ? t('player.leaveFullScreen') : t('player.fullScreen')),
      )
    }
  }

  /** @param {boolean} muted */
  #setMuted(muted) {
    this.#video.muted = muted
    this.#video.play().catch(() => {})
    const other = muted ? this.#unmute : this.#mute
    this.toggleAttribute('muted', muted)
    other.focus()
  }

  #toggleFullScreen() {
    if (fullScreenElement()) leaveFullScreen()
    else enterFullScreen(this.#stage, this.#video)
  }

  /** @param {keyof typeof kFaces} mode */
  #show(mode) {
    const { title, hint } = kFaces[mode]
    const live = mode === 'whep' || mode === 'hls'
    this.setAttribute('mode', mode)
    const { reason = '', reasonCode } = this.#stream ?? {}
    const duration = mode === 'recording' && this.#stream?.duration ? clock(this.#stream.duration) : ''
    setText(this.#title, t(title))
    setText(this.#hint, (mode === 'none' && translated(reasonCode, reason)) || (hint ? t(hint) : duration))
    setText(this.#play, live ? t('player.play') : t('player.watchRecording'))
    this.#play.hidden = !(mode === 'recording' && !this.hasAttribute('started')) && !this.hasAttribute('blocked')
    const isLive = live && this.hasAttribute('playing')
    if (mode !== 'loading') {
      setText(
        this.#announcer,
        isLive ? t('player.announceLive') : [t(title), hint && t(hint)].filter(Boolean).join('. '),
      )
    }
  }
}

/** Safari knew full screen under other names until 16.4, and on iPhones knows it for videos only. */
/** @typedef {{webkitFullscreenElement?: Element, webkitExitFullscreen?: () => void}} WebkitDocument */
/** @typedef {{webkitRequestFullscreen?: () => void}} WebkitElement */
/** @typedef {{webkitEnterFullscreen?: () => void}} WebkitVideo */

const fullScreenElement = () =>
  document.fullscreenElement ?? /** @type {WebkitDocument} */ (document).webkitFullscreenElement

/**
 * @param {HTMLElement & WebkitElement} stage
 * @param {HTMLVideoElement & WebkitVideo} video
 */
function canFullScreen(stage, video) {
  return Boolean(stage.requestFullscreen || stage.webkitRequestFullscreen || video.webkitEnterFullscreen)
}

/**
 * @param {HTMLElement & WebkitElement} stage
 * @param {HTMLVideoElement & WebkitVideo} video
 */
function enterFullScreen(stage, video) {
  if (stage.requestFullscreen) stage.requestFullscreen().catch(() => {})
  else if (stage.webkitRequestFullscreen) stage.webkitRequestFullscreen()
  else video.webkitEnterFullscreen?.()
}

function leaveFullScreen() {
  if (document.exitFullscreen) document.exitFullscreen().catch(() => {})
  else /** @type {WebkitDocument} */ (document).webkitExitFullscreen?.()
}

customElements.define('memorial-player', MemorialPlayer)
