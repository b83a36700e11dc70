import { h, setAttribute, uniqueId } from '../dom.js'
import { t } from '../words.js'

/**
 * Asks once before a stream is ended for everyone. Hidden until then.
 *
 * @fires stopanswer  detail: whether to stop
 */
export class StopQuestion extends HTMLElement {
  #labelId = uniqueId('stop')
  #no = h('button', { type: 'button', class: 'main quiet', onclick: () => this.#answer(false) }, t('live.askNo'))

  connectedCallback() {
    if (this.firstChild) return
    setAttribute(this, 'role', 'group')
    setAttribute(this, 'aria-labelledby', this.#labelId)
    this.append(
      h('p', { id: this.#labelId, class: 'title' }, t('live.ask')),
      h('p', { class: 'hint' }, t('live.askHint')),
      this.#no,
      h('button', { type: 'button', class: 'main danger', onclick: () => this.#answer(true) }, t('live.askYes')),
    )
  }

  focus() {
    this.#no.focus()
  }

  /** @param {boolean} detail */
  #answer(detail) {
    this.dispatchEvent(new CustomEvent('stopanswer', { detail }))
  }
}

customElements.define('stop-question', StopQuestion)
