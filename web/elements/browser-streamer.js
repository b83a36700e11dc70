import { getStream } from '../api.js'
import { closeButton, closeDialog, openDialog } from '../dialog.js'
import { h, setAttribute, setText, uniqueId } from '../dom.js'
import { LeaveGuard } from '../leave-guard.js'
import { loadPublisher } from '../load-publisher.js'
import { Stopwatch } from '../stopwatch.js'
import { kFaces, kWayBack } from '../streamer-faces.js'
import { browserWillAsk, missingSupport } from '../streaming-support.js'
import { WakeLock } from '../wake-lock.js'
import { t, translated } from '../words.js'
import './connection-quality.js'
import './sound-meter.js'
import './device-menu.js'
import './pre-flight.js'
import './status-overlay.js'
import './stop-question.js'
import './viewers-view.js'

/**
 * @typedef {import('./stream-card.js').CardStream} CardStream
 * @typedef {import('../types.js').PublisherState} PublisherState
 */

/**
 * Streams from this device: an overlay with the camera's picture, what is happening, and one large button.
 * What happens is the Publisher's business (C++); this element shows its state and passes on taps.
 *
 * @attr {string} phase  (read-only) what the session is doing: a phase of the Publisher, or Opening, Priming, Ended; the whole
 *   way back after an interruption is Waiting
 * @attr {boolean} picture  (read-only) the camera is on
 * @attr {boolean} mirrored  (read-only) the front camera is on, and people expect a mirror
 * @attr {boolean} asking  (read-only) the question before stopping is open
 * @fires streamerclosed  the overlay was closed
 */
export class BrowserStreamer extends HTMLElement {
  #headingId = uniqueId('go-live')
  #heading = h('h2', { id: this.#headingId, class: 'visually-hidden' })
  #video = h('video', { muted: true, playsinline: true, autoplay: true, 'aria-hidden': 'true', tabindex: -1 })
  #badge = h('p', { class: 'live-badge' }, t('live.live'))
  #elapsed = h('span', { class: 'elapsed', role: 'timer', 'aria-live': 'off', 'aria-label': t('live.elapsed') })
  #preFlight = h('pre-flight')
  #status = h('status-overlay', {}, this.#preFlight)
  #announcer = h('p', { class: 'visually-hidden', role: 'status' })
  #close = closeButton(t('live.close'), () => this.#leave())
  /** @type {import('./sound-meter.js').SoundMeter} */
  #sound = h('sound-meter', { onspeechchange: () => this.#choose() })
  /** @type {import('./connection-quality.js').ConnectionQuality} */
  #quality = h('connection-quality', {
    onsizechange: () => this.#choose(),
    onlogwanted: () => this.#quality.save(this.#publisher?.log() ?? ''),
  })
  #look = h(
    'button',
    { type: 'button', class: 'look', hidden: true, onclick: () => this.#lookAsTheyDo() },
    t('view.show'),
  )
  #devices = h(
    'device-menu',
    { ondevicewish: (/** @type {CustomEvent} */ event) => this.#wish(event.detail) },
    this.#look,
  )
  #view = h('viewers-view', { onviewclosed: () => this.#main.focus() })
  #main = h('button', { type: 'button', class: 'main', onclick: () => this.#tap() })
  #question = h('stop-question', {
    hidden: true,
    onstopanswer: (/** @type {CustomEvent} */ { detail }) => (detail ? this.#stop() : this.#ask(false)),
  })
  /** @type {HTMLDialogElement} */
  #dialog = h(
    'dialog',
    { class: 'streamer', 'aria-labelledby': this.#headingId },
    this.#heading,
    h('div', { class: 'stage' }, this.#video),
    h('div', { class: 'top' }, this.#close, h('div', { class: 'on-air' }, this.#badge, this.#elapsed)),
    this.#view,
    h('div', { class: 'bottom' }, this.#status, this.#quality, this.#sound, this.#devices, this.#main, this.#question),
    this.#announcer,
  )

  /** @type {CardStream | null} */
  #stream = null
  /** @type {import('../types.js').Publisher | null} */
  #publisher = null
  /** @type {PublisherState | null} its newest word */
  #told = null
  #silent = false
  #endpoint = ''
  #wantsToStart = false
  #primed = false
  #refused = false // the address could not be had
  #phase = /** @type {keyof typeof kFaces} */ ('Opening')
  #liveSince = 0
  #stopwatch = new Stopwatch(this.#elapsed)
  #session = 0
  #wakeLock = new WakeLock()
  #leaveGuard = new LeaveGuard(
    () => ['Offering', 'Posting', 'Connecting', 'Live', 'Waiting'].includes(this.#phase),
    () => this.#publisher?.leave(),
  )

  connectedCallback() {
    if (this.firstChild) return
    this.#video.muted = true
    this.#dialog.addEventListener('cancel', (event) => {
      event.preventDefault()
      this.#leave()
    })
    this.append(this.#dialog)
  }

  disconnectedCallback() {
    this.#release()
  }

  /**
   * Opens the overlay and switches the camera on. Call it from the tap, so that the browser may ask for permission.
   *
   * @param {CardStream} stream
   */
  open(stream) {
    this.#release()
    this.#stream = stream
    this.#liveSince = 0
    setText(this.#heading, t('live.label', { title: stream.title }))
    setText(this.#elapsed, '')
    this.#wantsToStart = false
    this.#ask(false)
    this.#devices.toggle(false)
    this.#show('Opening')
    openDialog(this.#dialog)
    this.#leaveGuard.watch(true)
    void this.#prepare()
  }

  /** Loads what is needed and goes on with what the person asked for: the preview, or the stream. */
  async #prepare() {
    const session = this.#session
    const stream = this.#stream
    if (!stream) return
    this.#refused = false
    try {
      // The Publisher asks for the camera itself; only what a browser lacks altogether is noticed here.
      const missing = missingSupport()
      if (missing) return this.#show('Failed', t(missing.sentence), missing.reason)
      if (!this.#primed && (await browserWillAsk())) return session === this.#session && this.#show('Priming')
      const module = await loadPublisher().catch(() => {
        throw new Error(t('error.network'))
      })
      if (session !== this.#session) return
      this.#publisher ??= this.#connect(
        module.createPublisher((state) => session === this.#session && this.#changed(state)),
      )
      if (!this.#wantsToStart) this.#preview(this.#publisher)
      // The address to send to is a secret: fetched for this tap and kept no longer than the overlay.
      if (!this.#endpoint) this.#endpoint = (await getStream(stream.id)).whipUrl ?? ''
      if (session !== this.#session) return
      // While the person looks at the preview, everything up to the tap is made ready.
      if (this.#wantsToStart) this.#publisher.start(this.#endpoint)
      else {
        this.#publisher.arm({ endpoint: this.#endpoint })
        this.#preFlight.begin(module, stream.id)
      }
    } catch (error) {
      if (session !== this.#session) return
      this.#refused = true
      this.#show('Failed', /** @type {Error} */ (error).message)
    }
  }

  /** Whether the microphone is meant to give anything: else its alarm says nothing new. */
  get #hears() {
    return Boolean(this.#told?.devices.microphone) && !this.#told?.devices.muted
  }

  /** @param {import('../types.js').Publisher} publisher */
  #connect(publisher) {
    publisher.listen((sound) => {
      const silent = sound.silent && this.#hears
      this.#sound.show({ ...sound, silent })
      if (silent !== this.#silent) this.#preFlight.learn({ silent: (this.#silent = silent) })
    })
    publisher.watch((report) => this.#quality.show(report))
    publisher.choose(this.#choice)
    publisher.setSlate(t('live.slate'))
    return publisher
  }

  get #choice() {
    return { speech: this.#sound.speech, size: this.#quality.size }
  }

  #choose() {
    this.#publisher?.choose(this.#choice)
  }

  /** A preview that is there already is not told of again. @param {import('../types.js').Publisher} publisher */
  #preview(publisher) {
    if (this.#told && !['Idle', 'Failed'].includes(this.#told.phase)) this.#changed(this.#told)
    else publisher.preview()
  }

  /** @param {PublisherState} state */
  #changed(state) {
    const { phase, stream, devices } = (this.#told = state)
    const sentence = translated(state.reason, state.sentence)
    if (this.#video.srcObject !== stream) {
      this.#video.srcObject = stream
      this.toggleAttribute('picture', Boolean(stream))
    }
    // Back cameras are not mirrors. A camera that does not say is a computer's, which faces the person.
    this.toggleAttribute('mirrored', devices.picture === 'camera' && devices.facing !== 'environment')
    this.#devices.show(devices)
    const { picture, microphone, muted } = devices
    this.#preFlight.learn({
      picture: picture === 'camera' || picture === 'screen',
      microphone: Boolean(microphone),
      muted,
    })
    if (this.#refused && (phase === 'Capturing' || phase === 'Ready')) return // that is no help
    if (phase === 'Idle' && this.#liveSince) this.#show('Ended')
    // On the way back the session passes through the phases it began with. To the person it is one wait, which they
    // may end.
    else if (this.#onAir && kWayBack.includes(phase)) this.#show('Waiting', sentence)
    else this.#show(phase, sentence, state.reason)
  }

  get #onAir() {
    return this.#phase === 'Live' || this.#phase === 'Waiting'
  }

  /**
   * @param {keyof typeof kFaces} phase
   * @param {string} [sentence]
   * @param {string} [reason]
   */
  #show(phase, sentence = '', reason = '') {
    const face = kFaces[phase]
    const before = this.#phase
    this.#phase = phase
    this.setAttribute('phase', phase)
    this.#status.show(phase, { sentence, reason, isRecorded: this.#stream?.capabilities?.records !== false })
    setText(this.#main, t(face.button))
    this.#main.disabled = !face.does
    setAttribute(this.#dialog, 'aria-busy', face.busy ? 'true' : null)

    const onAir = this.#onAir
    if (phase === 'Live' && !this.#liveSince) this.#liveSince = Date.now()
    if (!onAir) this.#ask(false)
    this.#main.hidden = this.hasAttribute('asking')
    this.#close.hidden = onAir || phase === 'Stopping'
    // A person who cannot see the overlay hears each change once; the error speaks for itself.
    if (phase === 'Live') setText(this.#announcer, t('live.announceLive'))
    else if (phase !== 'Failed') setText(this.#announcer, this.#status.words)
    this.#stopwatch.run(onAir ? this.#liveSince : 0) // not before the first picture went out
    this.#look.hidden = phase !== 'Live'
    if (!onAir) this.#view.close()
    void this.#wakeLock.hold(onAir)
    if (phase !== before && document.activeElement === document.body && !this.#main.disabled) this.#main.focus()
  }

  #tap() {
    const does = kFaces[this.#phase].does
    if (does === 'ask') this.#ask(true)
    if (does === 'finish') this.#leave()
    if (does === 'allow') this.#primed = true
    if (does === 'start') this.#wantsToStart = true
    // The keys may have been changed meanwhile: whoever may stream still is given the new address.
    if (does === 'again' && ['not-allowed', 'stream-gone'].includes(this.#told?.reason ?? '')) this.#endpoint = ''
    if (does !== 'allow' && does !== 'start' && does !== 'again') return
    this.#show(this.#wantsToStart ? 'Connecting' : 'Opening')
    void this.#prepare()
  }

  /** @param {boolean} open */
  #ask(open) {
    if (this.hasAttribute('asking') === open) return
    this.toggleAttribute('asking', open)
    this.#question.hidden = !open
    this.#main.hidden = open
    if (open) this.#question.focus()
    else this.#main.focus()
  }

  /** @param {{wish: import('./device-menu.js').Wish, value: any}} detail */
  #wish({ wish, value }) {
    if (wish === 'flip') this.#publisher?.flip()
    else if (wish === 'useCamera' || wish === 'useMicrophone') this.#publisher?.[wish](String(value))
    else this.#publisher?.[wish](Boolean(value))
  }

  #lookAsTheyDo() {
    this.#devices.toggle(false)
    if (this.#stream) this.#view.show(this.#stream)
  }

  #stop() {
    this.#ask(false)
    this.#publisher?.stop()
  }

  #leave() {
    if (this.#onAir) return this.#ask(true)
    if (this.#phase === 'Stopping') return
    closeDialog(this.#dialog)
    this.#release()
    this.dispatchEvent(new CustomEvent('streamerclosed', { bubbles: true }))
  }

  #release() {
    this.#session++
    this.#publisher?.leave()
    this.#publisher?.delete()
    this.#publisher = null
    this.#told = null
    this.#quality.reset()
    this.#endpoint = ''
    this.#video.srcObject = null
    this.removeAttribute('picture')
    this.#silent = false
    this.#preFlight.end()
    this.#view.close()
    this.#stopwatch.run(0)
    void this.#wakeLock.hold(false)
    this.#leaveGuard.watch(false)
  }
}

customElements.define('browser-streamer', BrowserStreamer)
