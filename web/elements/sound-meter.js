import { h, setAttribute, setText } from '../dom.js'
import { t } from '../words.js'

/**
 * How loud the microphone is, with a mark at the highest of the last seconds, and a word when it gives nothing. The
 * figures are the Publisher's (C++); this element only draws them.
 *
 * @attr {boolean} silent  (read-only) the microphone gives nothing
 * @attr {boolean} speech  (read-only) the person wants speech made clearer
 * @fires speechchange  they have changed their mind
 */
export class SoundMeter extends HTMLElement {
  #level = h('span', { class: 'level' })
  #hold = h('span', { class: 'hold' })
  #bar = h(
    'div',
    { class: 'bar', role: 'meter', 'aria-label': t('sound.label'), 'aria-valuemin': 0, 'aria-valuemax': 100 },
    this.#level,
    this.#hold,
  )
  #alarm = h('p', { class: 'alarm', role: 'alert' })
  #speech = h(
    'button',
    { type: 'button', class: 'pill', 'aria-pressed': 'false', onclick: () => this.#toggle() },
    t('sound.speech'),
  )

  connectedCallback() {
    if (!this.firstChild) this.append(this.#alarm, h('div', { class: 'row' }, this.#bar, this.#speech))
  }

  get speech() {
    return this.hasAttribute('speech')
  }

  /** @param {{level: number, hold: number, silent: boolean}} sound  as the Publisher tells it */
  show({ level, hold, silent }) {
    this.#level.style.clipPath = `inset(0 ${(100 - level * 100).toFixed(1)}% 0 0)`
    this.#hold.style.transform = `translateX(${(hold * 100).toFixed(1)}%)`
    setAttribute(this.#bar, 'aria-valuenow', String(Math.round(hold * 20) * 5))
    this.toggleAttribute('silent', silent)
    setText(this.#alarm, silent ? t('sound.silent') : '')
  }

  #toggle() {
    this.#speech.setAttribute('aria-pressed', String(this.toggleAttribute('speech')))
    this.dispatchEvent(new CustomEvent('speechchange', { bubbles: true }))
  }
}

customElements.define('sound-meter', SoundMeter)
