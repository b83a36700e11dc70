import { ApiError, changeStream, removeStream, rotateKeys } from '../api.js'
import { closeDialog, openDialog } from '../dialog.js'
import { h, setText, uniqueId } from '../dom.js'
import { fromLocal, toLocal } from '../time.js'
import { t } from '../words.js'

/** @typedef {import('../types.js').PublicStream} PublicStream */

/**
 * The dialog that changes a stream: its title, its key; and removes it.
 *
 * @fires streamchanged  detail: the stream as it is now
 * @fires streamremoved  detail: what it was
 * @fires keysrotated    detail: the stream as it is now
 */
export class StreamEdit extends HTMLElement {
  #ids = {
    name: uniqueId('edit'),
    title: uniqueId('edit-title'),
    when: uniqueId('edit-when'),
    error: uniqueId('edit-error'),
  }
  #title = h('input', {
    id: this.#ids.title,
    type: 'text',
    name: 'title',
    maxlength: 200,
    autocomplete: 'off',
    'aria-describedby': this.#ids.error,
  })
  #when = h('input', { id: this.#ids.when, type: 'datetime-local' })
  #titleError = h('p', { id: this.#ids.error, class: 'field-error', hidden: true })
  #error = h('p', { class: 'form-error', role: 'alert', hidden: true })
  #save = h('button', { type: 'submit', class: 'primary' }, t('edit.save'))
  #keysHint = h('p', { class: 'hint' })
  #keys = h('button', { type: 'button', onclick: () => this.#rotate() })
  #remove = h('button', { type: 'button', class: 'danger', onclick: () => this.#ask(true) }, t('edit.remove'))
  #sure = h(
    'div',
    { class: 'sure', role: 'group', 'aria-label': t('edit.ask'), hidden: true },
    h('p', {}, t('edit.ask')),
    h(
      'div',
      { class: 'actions' },
      h('button', { type: 'button', class: 'danger', onclick: () => this.#removeIt() }, t('edit.askYes')),
      h('button', { type: 'button', class: 'keep', onclick: () => this.#ask(false) }, t('edit.askNo')),
    ),
  )

  #dialog = h(
    'dialog',
    { class: 'sheet', 'aria-labelledby': this.#ids.name },
    h(
      'form',
      { novalidate: true, onsubmit: (/** @type {SubmitEvent} */ event) => this.#rename(event) },
      h('h2', { id: this.#ids.name }, t('edit.heading')),
      h(
        'div',
        { class: 'field' },
        h('label', { for: this.#ids.title }, t('create.name')),
        this.#title,
        this.#titleError,
      ),
      h('div', { class: 'field' }, h('label', { for: this.#ids.when }, t('create.when')), this.#when),
      this.#error,
      h(
        'div',
        { class: 'actions' },
        this.#save,
        h('button', { type: 'button', class: 'quiet', onclick: () => this.#cancel() }, t('edit.close')),
      ),
      h('section', { class: 'more' }, this.#keys, this.#keysHint),
      h('section', { class: 'more' }, this.#remove, this.#sure),
    ),
  )

  /** @type {PublicStream | null} */
  #stream = null
  #busy = false

  connectedCallback() {
    if (this.firstChild) return
    this.#dialog.addEventListener('cancel', (event) => this.#busy && event.preventDefault())
    this.append(this.#dialog)
  }

  /** @param {PublicStream} stream */
  open(stream) {
    const obs = stream.streamingMethod === 'obs'
    this.#stream = stream
    this.#title.value = stream.title
    this.#when.value = toLocal(stream.scheduledAt)
    setText(this.#keys, obs ? t('edit.keysObs') : t('edit.keysBrowser'))
    setText(this.#keysHint, obs ? t('edit.keysObsHint') : t('edit.keysBrowserHint'))
    this.#ask(false)
    this.#refuse('', '')
    openDialog(this.#dialog)
  }

  #cancel() {
    if (!this.#busy) closeDialog(this.#dialog)
  }

  /** @param {SubmitEvent} event */
  #rename(event) {
    event.preventDefault()
    const title = this.#title.value.trim()
    if (!title) return this.#refuse('title', t('create.nameMissing'))
    const scheduledAt = fromLocal(this.#when.value)
    void this.#carryOut('streamchanged', ({ id }) => changeStream(id, { title, scheduledAt }))
  }

  #rotate() {
    void this.#carryOut('keysrotated', ({ id }) => rotateKeys(id))
  }

  #removeIt() {
    void this.#carryOut('streamremoved', async (stream) => {
      await removeStream(stream.id)
      return stream
    })
  }

  /** @param {boolean} asked */
  #ask(asked) {
    const hadFocus = this.#sure.contains(document.activeElement)
    this.#sure.hidden = !asked
    this.#remove.hidden = asked
    if (asked) /** @type {HTMLElement} */ (this.#sure.querySelector('.keep')).focus()
    else if (hadFocus) this.#remove.focus()
  }

  /**
   * @param {string} event  told when it is done, with what `work` made of the stream
   * @param {(stream: PublicStream) => Promise<PublicStream>} work
   */
  async #carryOut(event, work) {
    if (this.#busy || !this.#stream) return
    this.#refuse('', '')
    this.#setBusy(true)
    try {
      const detail = await work(this.#stream)
      closeDialog(this.#dialog)
      this.dispatchEvent(new CustomEvent(event, { bubbles: true, detail }))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.#ask(false)
      this.#refuse(error.where?.split('/').pop() === 'title' ? 'title' : 'form', error.message)
    } finally {
      this.#setBusy(false)
    }
  }

  /** @param {boolean} busy */
  #setBusy(busy) {
    this.#busy = busy
    for (const button of this.#dialog.querySelectorAll('button')) button.disabled = busy
    setText(this.#save, busy ? t('edit.busy') : t('edit.save'))
  }

  /**
   * @param {'' | 'title' | 'form'} field
   * @param {string} sentence
   */
  #refuse(field, sentence) {
    this.#titleError.hidden = field !== 'title'
    this.#error.hidden = field !== 'form'
    setText(this.#titleError, field === 'title' ? sentence : '')
    setText(this.#error, field === 'form' ? sentence : '')
    this.#title.toggleAttribute('aria-invalid', false)
    if (field !== 'title') return
    this.#title.setAttribute('aria-invalid', 'true')
    this.#title.focus()
  }
}

customElements.define('stream-edit', StreamEdit)
