import { h, setText } from '../dom.js'
import { watchMemorial } from '../live-view.js'
import { loadPlayer } from '../load-player.js'
import { controlsOf } from '../media-chrome.js'
import { Screen } from '../screen.js'
import css from '../styles/player.css'
import { clock, moment } from '../time.js'
import { language, ready, t } from '../words.js'

/**
 * @typedef {import('../types.js').PlayerState} PlayerState
 * @typedef {import('../types.js').PublicStream} PublicStream
 * @typedef {import('../types.js').MemorialView} MemorialView
 * @typedef {import('../words.js').Key} Key
 * @typedef {PlayerState['mode'] | 'loading' | 'failed' | 'empty' | 'missing'} Mode
 */

/**
 * What is written over the picture in each mode. Live modes say `connecting` until the first picture is there.
 *
 * @type {Record<Mode, {title: Key, hint?: Key}>}
 */
// prettier-ignore
const kFaces = {
  loading:     { title: 'player.loading' },
  empty:       { title: 'memorial.noStream',        hint: 'memorial.noStreamHint' },
  missing:     { title: 'memorial.notFound.title',  hint: 'notFound.text' },
  waiting:     { title: 'player.waiting',           hint: 'player.waitingHint' },
  connecting:  { title: 'player.connecting',        hint: 'player.connectingHint' },
  whep:        { title: 'player.connecting',        hint: 'player.connectingHint' },
  hls:         { title: 'player.connecting',        hint: 'player.connectingHint' },
  interrupted: { title: 'player.interrupted',       hint: 'player.interruptedHint' },
  preparing:   { title: 'player.preparing',         hint: 'player.preparingHint' },
  recording:   { title: 'player.recording' },
  none:        { title: 'player.none',              hint: 'player.noneHint' },
  failed:      { title: 'player.failed',            hint: 'player.failedHint' },
}

/**
 * Shows a service of a memorial through its whole life, without reload: not begun, live, interrupted, being prepared,
 * recording. Which of these, and whether live comes by WHEP or HLS, is the Player's decision (C++) from the public view
 * of the stream and from what the <video> reports; this element carries it out. docs/embedding.md is written for those
 * who put it on a page of theirs.
 *
 * @attr {string} memorial  id of the memorial to follow
 * @attr {string} server  where Vigil is; without it, where this script came from
 * @attr {string} view  the memorial's public view, JSON, where whoever made the page knew it already; read once
 * @attr {string} stream  id of one of its streams; without it, the one people came for
 * @attr {string} poster  address of a picture to show while there is none
 * @attr {boolean} silent  never with sound, and without controls
 * @attr {string} mode  (read-only) a mode of the Player, or loading, failed, empty, missing
 * @attr {boolean} playing  (read-only) there is a moving picture, or the last one until the next source has begun
 * @attr {boolean} held  (read-only) it is the last one
 * @attr {boolean} stalled  (read-only) the picture stopped for want of data
 * @attr {boolean} muted  (read-only) live without sound
 * @attr {boolean} started  (read-only) someone has begun to play the recording
 * @attr {boolean} portrait  (read-only) the picture is higher than wide
 * @attr {boolean} blocked  (read-only) the browser wants a tap before it plays anything
 * @fires memorial-change  what is known of the memorial is new; detail: {view: MemorialView, stream: the one shown}
 * @fires memorial-trouble  detail: {error}: the server cannot be reached, or does not know the memorial; null = it can again
 * @fires mode-change  detail: {mode, stream}
 */
export class MemorialPlayer extends HTMLElement {
  static observedAttributes = ['memorial', 'server', 'stream', 'poster', 'silent']

  #video = h('video', { slot: 'media', part: 'video', playsinline: true, preload: 'metadata' })
  #still = h('canvas', { class: 'still', 'aria-hidden': 'true' })
  #poster = h('img', { class: 'poster', part: 'poster', alt: '', hidden: true })
  #title = h('p', { class: 'title', part: 'title' })
  #hint = h('p', { class: 'hint', part: 'hint' })
  #announcer = h('p', { class: 'visually-hidden', role: 'status' })
  #play = h('button', { type: 'button', class: 'primary play', part: 'button', onclick: () => this.#tapPlay() })
  #unmute = h(
    'button',
    { type: 'button', class: 'primary unmute', part: 'button', onclick: () => this.#turnOnSound() },
    t('player.soundOn'),
  )
  #controls = controlsOf(this.#video)
  #stage = h('div', { class: 'stage', part: 'stage' })
  #screen = new Screen(this.#video, this.#still, (what) => this.#report(what))

  /** @type {MemorialView | null} */
  #view = null
  /** @type {PublicStream | null} */
  #stream = null
  /** @type {import('../types.js').Player | null} */
  #player = null
  /** @type {PlayerState} */
  #state = { mode: 'waiting', url: '', stream: null }
  #told = false
  #turn = 0
  #here = false
  #unfollow = () => {}

  constructor() {
    super()
    this.#stage.append(
      this.#controls.controller,
      this.#still,
      this.#poster,
      h('p', { class: 'live-badge', part: 'live-badge' }, t('player.live')),
      h(
        'div',
        { class: 'overlay', part: 'overlay' },
        h('span', { class: 'spinner', 'aria-hidden': 'true' }),
        this.#title,
        this.#hint,
        this.#play,
      ),
      this.#unmute,
    )
    const style = h('style', {}, css)
    this.attachShadow({ mode: 'open' }).append(style, h('div', { lang: language }, this.#stage, this.#announcer))
    this.#listen()
  }

  connectedCallback() {
    // <track> elements of the embedding page are the captions of what it shows.
    this.#video.append(...this.querySelectorAll('track'))
    this.#here = true
    this.#follow()
  }

  disconnectedCallback() {
    this.#here = false
    this.#unfollow()
    this.#end()
  }

  /** @param {string} name @param {string | null} before @param {string | null} value */
  attributeChangedCallback(name, before, value) {
    if (before === value) return
    if (name === 'silent') {
      this.#video.muted = value !== null
      this.#controls.controller.toggleAttribute('nohotkeys', value !== null)
      this.#controls.controller.removeAttribute('hotkeys')
    } else if (name === 'poster') {
      this.#poster.hidden = !value
      if (value) this.#poster.src = this.#video.poster = value
    } else if (!this.#here)
      return // an element of the page's own is told of its attributes before it is connected
    else if (name === 'stream') this.#choose()
    else this.#follow()
  }

  #follow() {
    const memorial = this.getAttribute('memorial')
    this.#unfollow()
    this.#view = null
    this.#set(null)
    this.#show('loading')
    if (!memorial) return
    const first = this.getAttribute('view')
    this.removeAttribute('view')
    const server = (this.getAttribute('server') ?? new URL(import.meta.url).origin).replace(/\/+$/, '')
    this.#unfollow = watchMemorial(memorial, {
      server: server === location.origin ? '' : server,
      first,
      onView: (view) => {
        this.#view = view
        this.#choose()
      },
      onTrouble: (error) => {
        // A 404 of somebody on the way, a proxy while we restart, says nothing of the memorial.
        if (!this.#view && error) this.#show(error.code === 'not-found' ? 'missing' : 'failed')
        this.#fire('memorial-trouble', { error })
      },
    })
  }

  #choose() {
    if (!this.#view) return
    const { streams, currentStreamId } = this.#view
    const wanted = this.getAttribute('stream')
    const of = (/** @type {string | null | undefined} */ which) => streams.find(({ id }) => id === which)
    const stream = of(wanted) ?? of(currentStreamId) ?? null
    this.#set(stream)
    if (!stream) this.#show('empty')
    this.#fire('memorial-change', { view: this.#view, stream })
  }

  /** @param {PublicStream | null} stream */
  #set(stream) {
    const another = stream?.id !== this.#stream?.id
    this.#stream = stream
    if (another) this.#end()
    this.#screen.fallback = stream?.hlsUrl ?? ''
    if (!stream) return
    this.#video.setAttribute('aria-label', t('player.videoLabel', { title: stream.title }))
    if (another) void this.#start()
    else this.#tellPlayer()
  }

  #end() {
    this.#turn++
    this.#player?.delete()
    this.#player = null
    this.#screen.clear()
  }

  #tellPlayer() {
    if (this.#stream) this.#player?.show(this.#stream)
    if (this.#told) return this.#show(this.#state.mode)
    // Until the Player has spoken (it is loading, or has nothing to add), the public view says enough for a true word.
    const phase = this.#stream?.phase
    this.#show(phase === 'waiting' || phase === 'preparing' || phase === 'none' ? phase : 'loading')
  }

  async #start() {
    const turn = ++this.#turn
    this.#told = false
    this.#tellPlayer()
    try {
      const { createPlayer } = await loadPlayer()
      if (turn !== this.#turn || this.#player) return
      this.#player = createPlayer((state) => turn === this.#turn && this.#changed(state))
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
    this.#state = state
    this.#told = true
    this.#screen.show(state, this.#stream?.id ?? '', this.hasAttribute('playing'))
    if (this.#screen.live || state.mode === 'recording') void this.#loadControls()
    this.#show(state.mode)
  }

  async #loadControls() {
    try {
      if (language !== 'en') await import('../player-language.js')
      await import('../player-controls.js')
      Object.assign(this.#controls.controller, { fullscreenElement: this.#stage })
    } catch {
      this.#video.controls = true // the browser's own
    }
  }

  #tapPlay() {
    this.removeAttribute('blocked')
    this.#video.muted = this.hasAttribute('silent')
    void this.#screen.begin()
  }

  #turnOnSound() {
    this.#video.muted = false
    this.#video.play().catch(() => {})
    this.#controls.play.focus()
  }

  /** @param {'playing' | 'stalled' | 'failed' | 'blocked' | 'cleared'} what */
  #report(what) {
    const { held } = this.#screen
    this.toggleAttribute('held', held)
    if (what === 'cleared') {
      for (const name of ['stalled', 'blocked', 'started', ...(held ? [] : ['playing'])]) this.removeAttribute(name)
      return
    }
    // Every video waits before it first plays; that is no stall.
    if (what === 'stalled' && (held || !this.hasAttribute('playing'))) return
    if (what === 'playing') this.toggleAttribute('playing', true)
    this.toggleAttribute('stalled', what === 'stalled')
    this.toggleAttribute('blocked', what === 'blocked')
    this.#show(this.#state.mode)
    if (what !== 'blocked') this.#player?.report(what)
  }

  #listen() {
    const video = this.#video
    video.addEventListener('play', () => {
      if (this.#state.mode !== 'recording') return
      this.toggleAttribute('started', true)
      this.#show('recording')
    })
    video.addEventListener('volumechange', () => this.toggleAttribute('muted', video.muted))
    video.addEventListener('resize', () => {
      if (video.videoWidth) this.toggleAttribute('portrait', video.videoHeight > video.videoWidth)
    })
  }

  /** @param {Mode} mode */
  #show(mode) {
    const { title, hint } = kFaces[mode]
    const live = mode === 'whep' || mode === 'hls'
    const changed = this.getAttribute('mode') !== mode
    this.setAttribute('mode', mode)
    // Keys that make no sense live: there is nothing to go back to.
    if (!this.hasAttribute('silent'))
      this.#controls.controller.setAttribute('hotkeys', live ? 'noarrowleft noarrowright nol noj' : '')
    const about = mode === 'waiting' ? plannedFor(this.#stream) : ''
    const duration = mode === 'recording' && this.#stream?.duration ? clock(this.#stream.duration) : ''
    setText(this.#title, t(title))
    setText(this.#hint, about || (hint ? t(hint) : duration))
    setText(this.#play, live ? t('player.play') : t('player.watchRecording'))
    const asks = (mode === 'recording' && !this.hasAttribute('started')) || this.hasAttribute('blocked')
    if (!asks && this.shadowRoot?.activeElement === this.#play) {
      void this.#loadControls().then(() => this.#controls.play.focus())
    }
    this.#play.hidden = !asks
    if (mode !== 'loading') {
      const isLive = live && this.hasAttribute('playing')
      setText(
        this.#announcer,
        isLive ? t('player.announceLive') : [t(title), about || (hint && t(hint))].filter(Boolean).join('. '),
      )
    }
    if (changed) this.#fire('mode-change', { mode, stream: this.#stream })
  }

  /** @param {string} name @param {object} detail */
  #fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }))
  }
}

/** @param {PublicStream | null} stream */
const plannedFor = (stream) =>
  stream?.scheduledAt ? t('player.waitingUntil', { time: moment(stream.scheduledAt) }) : ''

void ready.then(() => customElements.define('memorial-player', MemorialPlayer))
