import { h, setAttribute, setText } from '../dom.js'
import { icon } from '../icons.js'
import { kFaces } from '../streamer-faces.js'
import { t } from '../words.js'
import './error-help.js'

/**
 * What is happening, while nothing is streamed: in words, and what to do when it did not work. Children that are put into
 * it stand under the words.
 */
export class StatusOverlay extends HTMLElement {
  #title = h('p', { class: 'title' })
  #hint = h('p', { class: 'hint' })
  #error = h('p', { class: 'error', role: 'alert' })
  #help = h('error-help', { hidden: true })
  #phase = ''

  connectedCallback() {
    if (this.contains(this.#title)) return
    this.classList.add('status')
    this.prepend(h('span', { class: 'spinner', 'aria-hidden': 'true' }), icon('camera'), this.#title, this.#hint)
    this.append(this.#error, this.#help)
  }

  /** What somebody hears who cannot see it; the error speaks for itself. */
  get words() {
    return [this.#title.textContent, this.#hint.textContent].filter(Boolean).join('. ')
  }

  /**
   * @param {keyof typeof kFaces} phase
   * @param {{sentence: string, reason: string, isRecorded: boolean}} about
   */
  show(phase, { sentence, reason, isRecorded }) {
    const face = kFaces[phase]
    setText(this.#title, t(face.title))
    const hint = phase === 'Ended' && !isRecorded ? 'live.endedUnrecorded' : face.hint
    // The reason of a wait stays until there is another.
    if (phase !== 'Waiting') setText(this.#hint, hint ? t(hint) : '')
    else if (sentence || this.#phase !== phase) setText(this.#hint, sentence || t('live.waitingHint'))
    setText(this.#error, phase === 'Failed' ? sentence || t('live.failedHint') : '')
    setAttribute(this.#help, 'reason', phase === 'Failed' && reason)
    this.#phase = phase
  }
}

customElements.define('status-overlay', StatusOverlay)
