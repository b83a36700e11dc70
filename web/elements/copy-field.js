import { h, setText, uniqueId } from '../dom.js'
import { t } from '../words.js'

/**
 * A value to copy, with its label and a button that says Copied once it is on the clipboard.
 *
 * @attr {string} label
 * @attr {string} value
 * @fires copied
 */
export class CopyField extends HTMLElement {
  static observedAttributes = ['label', 'value']

  #id = uniqueId('copy')
  #label = h('label', { for: this.#id })
  #input = h('input', { id: this.#id, type: 'text', readonly: true, spellcheck: 'false', autocomplete: 'off' })
  #button = h('button', { type: 'button', onclick: () => this.copy() }, t('copy.copy'))
  #timer = 0

  connectedCallback() {
    if (this.firstChild) return
    this.#input.addEventListener('focus', () => this.#input.select())
    this.append(this.#label, h('div', { class: 'row' }, this.#input, this.#button))
  }

  disconnectedCallback() {
    clearTimeout(this.#timer)
  }

  attributeChangedCallback() {
    const label = this.getAttribute('label') ?? ''
    setText(this.#label, label)
    this.#input.value = this.getAttribute('value') ?? ''
    this.#button.setAttribute('aria-label', t('copy.copyLabel', { label }))
  }

  /** Copies the value; the button says how that went. */
  async copy() {
    const copied = await copy(this.#input)
    const said = copied ? t('copy.copied') : t('copy.failed')
    setText(this.#button, said)
    this.#button.setAttribute('aria-label', said)
    this.toggleAttribute('copied', copied)
    if (copied) this.dispatchEvent(new CustomEvent('copied', { bubbles: true }))
    clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => {
      setText(this.#button, t('copy.copy'))
      this.removeAttribute('copied')
      this.attributeChangedCallback()
    }, 4000)
  }
}

/**
 * The clipboard API needs a secure context and a willing browser; the older command works nearly everywhere else.
 *
 * @param {HTMLInputElement} input
 */
async function copy(input) {
  try {
    await navigator.clipboard.writeText(input.value)
    return true
  } catch {
    input.focus()
    input.select()
    return document.execCommand('copy')
  }
}

customElements.define('copy-field', CopyField)
