import { closeButton } from '../dialog.js'
import { h, setAttribute, uniqueId } from '../dom.js'
import { t } from '../words.js'

/**
 * "This is what they see": the page for frames, in a small one, without sound: here that would howl. It is the guests'
 * player itself, loaded only when somebody looks.
 *
 * @attr {boolean} open  (read-only)
 * @fires viewclosed
 */
export class ViewersView extends HTMLElement {
  #labelId = uniqueId('view')
  #place = h('div', { class: 'place' })
  #close = closeButton(t('view.close'), () => this.close())

  connectedCallback() {
    if (this.firstChild) return
    setAttribute(this, 'role', 'group')
    setAttribute(this, 'aria-labelledby', this.#labelId)
    const caption = h('p', { id: this.#labelId }, t('view.caption'))
    this.append(h('div', { class: 'head' }, caption, this.#close), this.#place)
  }

  /** @param {{id: string, memorialId: string}} stream */
  show({ id, memorialId }) {
    const [memorial, stream] = [memorialId, id].map(encodeURIComponent)
    this.#place.replaceChildren(h('iframe', { src: `/embed/${memorial}?silent#${stream}`, title: t('view.caption') }))
    setAttribute(this, 'open', true)
    this.#close.focus()
  }

  close() {
    if (!this.hasAttribute('open')) return
    this.#place.replaceChildren()
    setAttribute(this, 'open', false)
    this.dispatchEvent(new CustomEvent('viewclosed'))
  }
}

customElements.define('viewers-view', ViewersView)
