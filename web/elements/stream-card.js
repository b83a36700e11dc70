import { h, kept, setText, uniqueId } from '../dom.js'
import { clock, moment } from '../time.js'
import { t, translated } from '../words.js'
import './copy-field.js'
import './obs-setup.js'

/**
 * How it is set up is missing while only the public view is known.
 *
 * @typedef {import('../types.js').PublicStream & Partial<import('../types.js').ManagedStream>} CardStream
 */

/**
 * One stream in the list: its title, what it is doing, and what can be done with it.
 *
 * @attr {'waiting'|'live'|'interrupted'|'preparing'|'recording'|'none'} phase  (set by the element, for CSS)
 * @prop {CardStream} stream
 * @prop {{rtmpUrl: string, streamKey: string} | null} credentials  what OBS needs, once it was asked for
 * @prop {string} problem  a sentence about what just went wrong here; empty = nothing
 * @fires golive  the person wants to stream from this device
 * @fires keyswanted  the person wants to see the credentials
 * @fires editwanted  ... to change it
 * @fires checkwanted  ... to know whether there is news
 * @fires backupwanted  ... the second recording that could not be set up
 */
export class StreamCard extends HTMLElement {
  #titleId = uniqueId('stream')
  #title = h('h3', { id: this.#titleId })
  // A change is read out once, with the title it belongs to.
  #whose = h('span', { class: 'visually-hidden' })
  #status = h('span')
  #elapsed = h('span', { class: 'elapsed', role: 'timer', 'aria-live': 'off', 'aria-label': t('live.elapsed') })
  #about = h('p', { class: 'hint' })
  #reason = h('p', { class: 'hint' })
  #progress = h(
    'div',
    { class: 'preparing', hidden: true },
    h('progress', { 'aria-label': t('status.preparing') }),
    h('p', { class: 'hint' }, t('card.preparingHint')),
  )
  #badges = h('ul', { class: 'badges', 'aria-label': t('card.badges') })
  #problem = h('p', { class: 'form-error', role: 'alert', hidden: true })
  #goLive = h(
    'button',
    {
      type: 'button',
      class: 'primary',
      'aria-describedby': this.#titleId,
      onclick: () => this.#ask('golive'),
    },
    t('card.goLive'),
  )
  // Stopped by mistake, or the page was reloaded on air: the way back stays, but not as the first thing to tap.
  #goLiveAgain = h(
    'button',
    { type: 'button', class: 'quiet', 'aria-describedby': this.#titleId, onclick: () => this.#ask('golive') },
    t('card.goLiveAgain'),
  )
  #keys = h('button', {
    type: 'button',
    'aria-expanded': 'false',
    'aria-describedby': this.#titleId,
    onclick: () => this.#toggleKeys(),
  })
  #watch = h('a', { class: 'button' }, t('card.watch'))
  #download = h('a', { class: 'button quiet', download: true }, t('card.download'))
  #check = h('button', { type: 'button', onclick: () => this.#ask('checkwanted') }, t('card.check'))
  #backup = h(
    'button',
    { type: 'button', 'aria-describedby': this.#titleId, onclick: () => this.#ask('backupwanted') },
    t('card.backup'),
  )
  #edit = h('button', { type: 'button', class: 'quiet', onclick: () => this.#ask('editwanted') }, t('card.change'))
  #credentials = h('div', { class: 'credentials', hidden: true })

  /** @type {CardStream | null} */
  #stream = null
  #shown = false
  #timer = 0

  connectedCallback() {
    if (this.firstChild) return
    this.append(
      h(
        'article',
        { class: 'card', 'aria-labelledby': this.#titleId },
        h(
          'div',
          { class: 'head' },
          this.#title,
          h(
            'div',
            { class: 'status' },
            h('p', { role: 'status', 'aria-atomic': 'true' }, this.#whose, this.#status),
            this.#elapsed,
          ),
        ),
        this.#about,
        this.#reason,
        this.#progress,
        this.#badges,
        this.#problem,
        h(
          'div',
          { class: 'actions' },
          ...[this.#goLive, this.#keys, this.#watch, this.#download, this.#check, this.#backup],
          ...[this.#goLiveAgain, this.#edit],
        ),
        this.#credentials,
      ),
    )
  }

  disconnectedCallback() {
    clearInterval(this.#timer)
  }

  get stream() {
    return this.#stream
  }

  set stream(stream) {
    this.#stream = stream
    if (!stream) return
    const obs = stream.streamingMethod === 'obs'
    const lacking = stream.backup === 'pending' || stream.backup === 'failed'
    const backed = stream.backup === 'ready' || (!lacking && Boolean(stream.recordingSources?.mux))
    this.setAttribute('phase', stream.phase)
    setText(this.#title, stream.title)
    setText(this.#whose, `${stream.title}: `)
    setText(this.#status, t(`status.${stream.phase}`))
    const when = moment(stream.startedAt ?? stream.createdAt)
    setText(this.#about, [obs ? t('card.methodObs') : t('card.methodBrowser'), when].filter(Boolean).join(' · '))
    this.#badges.replaceChildren(
      ...kept([
        stream.capabilities?.records && h('li', {}, t('card.badgeCloudflare')),
        stream.capabilities?.records === false && h('li', { class: 'lacking' }, t('card.notRecorded')),
        backed && h('li', {}, t('card.badgeMux')),
        lacking && h('li', { class: 'lacking' }, t('card.badgeMuxMissing')),
      ]),
    )

    this.#reason.hidden = !stream.reason
    setText(this.#reason, translated(stream.reasonCode, stream.reason ?? ''))
    this.#keepTime(stream)
    this.#progress.hidden = stream.phase !== 'preparing'
    const again = stream.status === 'completed' || stream.phase === 'live'
    this.#goLive.hidden = obs || again
    this.#goLiveAgain.hidden = obs || !again
    this.#keys.hidden = !obs
    setText(this.#keys, this.#shown ? t('card.hideKeys') : t('card.showKeys'))

    // News may have been lost on the way; a person who doubts it need not wait for us to notice.
    this.#check.hidden = !(['interrupted', 'preparing', 'none'].includes(stream.phase) || (obs && !stream.startedAt))
    this.#check.setAttribute('aria-label', t('card.checkOf', { title: stream.title }))
    this.#backup.hidden = !lacking
    this.#edit.setAttribute('aria-label', t('card.changeOf', { title: stream.title }))

    this.#watch.hidden = !['live', 'recording'].includes(stream.phase)
    this.#watch.href = `/memorials/${encodeURIComponent(stream.memorialId)}#${encodeURIComponent(stream.id)}`
    this.#watch.setAttribute('aria-label', t('card.watchOf', { title: stream.title }))
    this.#download.hidden = stream.phase !== 'recording' || !stream.downloadUrl
    this.#download.href = stream.downloadUrl ?? ''
    this.#download.setAttribute('aria-label', t('card.downloadOf', { title: stream.title }))
  }

  /** @param {CardStream} stream */
  #keepTime({ phase, startedAt }) {
    clearInterval(this.#timer)
    const running = phase === 'live' && startedAt
    const show = () => setText(this.#elapsed, running ? clock((Date.now() - Date.parse(startedAt)) / 1000) : '')
    show()
    this.#elapsed.hidden = !running
    if (running) this.#timer = window.setInterval(show, 1000)
  }

  /** @param {{rtmpUrl?: string, streamKey?: string} | null} credentials */
  set credentials(credentials) {
    this.#shown = Boolean(credentials)
    this.#keys.disabled = false
    this.#keys.setAttribute('aria-expanded', String(this.#shown))
    setText(this.#keys, this.#shown ? t('card.hideKeys') : t('card.showKeys'))
    this.#credentials.hidden = !credentials
    // Hidden again means gone from the page, not only from sight.
    this.#credentials.replaceChildren(
      ...(credentials
        ? [
            h('p', { class: 'hint' }, t('card.keysWarning')),
            h('copy-field', { label: t('card.rtmpUrl'), value: credentials.rtmpUrl }),
            h('copy-field', { label: t('card.streamKey'), value: credentials.streamKey }),
            h('obs-setup'),
          ]
        : []),
    )
  }

  /** While something that was asked for here is on its way. @param {boolean} busy */
  set busy(busy) {
    this.#check.disabled = this.#backup.disabled = busy
  }

  /** @param {string} sentence */
  set problem(sentence) {
    this.#problem.hidden = !sentence
    this.#keys.disabled = false
    setText(this.#problem, sentence)
  }

  #toggleKeys() {
    this.problem = ''
    if (this.#shown) {
      this.credentials = null
      return
    }
    this.#keys.disabled = true
    setText(this.#keys, t('card.loadingKeys'))
    this.#ask('keyswanted')
  }

  /** @param {string} what */
  #ask(what) {
    this.dispatchEvent(new CustomEvent(what, { bubbles: true }))
  }
}

customElements.define('stream-card', StreamCard)
