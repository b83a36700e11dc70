import { ApiError, changeStream, removeStream, rotateKeys } from '../api.js'
import { closeDialog, openDialog } from '../dialog.js'
import { h, setText, uniqueId } from '../dom.js'
import { streamFields } from '../stream-fields.js'
import { t } from '../words.js'

/**
 * @typedef {import('../types.js').PublicStream} PublicStream
 * @typedef {import('../words.js').Key} Key
 */

/**
 * What is asked before something that cannot be taken back is done.
 *
 * @type {Record<'remove' | PublicStream['streamingMethod'], {ask: Key, yes: Key, no: Key}>}
 */
const kQuestions = {
  remove: { ask: 'edit.ask', yes: 'edit.askYes', no: 'edit.askNo' },
  obs: { ask: 'edit.keysObsAsk', yes: 'edit.keysObsYes', no: 'create.cancel' },
  whip_browser: { ask: 'edit.keysBrowserAsk', yes: 'live.askYes', no: 'create.cancel' },
}

/**
 * The dialog that changes a stream: its title, its key; and removes it.
 *
 * @fires streamchanged  detail: the stream as it is now
 * @fires streamremoved  detail: what it was
 * @fires keysrotated    detail: the stream as it is now
 */
export class StreamEdit extends HTMLElement {
  #ids = { name: uniqueId('edit'), question: uniqueId('edit-ask') }
  #fields = streamFields()
  #save = h('button', { type: 'submit', class: 'primary' }, t('edit.save'))
  #keysHint = h('p', { class: 'hint' })
  #keys = h('button', { type: 'button', onclick: () => this.#ask(this.#keys) })
  #remove = h('button', { type: 'button', class: 'danger', onclick: () => this.#ask(this.#remove) }, t('edit.remove'))
  #question = h('p', { id: this.#ids.question })
  #yes = h('button', { type: 'button', class: 'danger', onclick: () => this.#doIt() })
  #no = h('button', { type: 'button', onclick: () => this.#ask(null) })
  #sure = h(
    'div',
    { class: 'sure', role: 'group', 'aria-labelledby': this.#ids.question, hidden: true },
    this.#question,
    h('div', { class: 'actions' }, this.#yes, this.#no),
  )

  #dialog = h(
    'dialog',
    { class: 'sheet', 'aria-labelledby': this.#ids.name },
    h(
      'form',
      { novalidate: true, onsubmit: (/** @type {SubmitEvent} */ event) => this.#rename(event) },
      h('h2', { id: this.#ids.name }, t('edit.heading')),
      ...this.#fields.elements,
      this.#fields.error,
      h(
        'div',
        { class: 'actions' },
        this.#save,
        h('button', { type: 'button', class: 'quiet', onclick: () => this.#cancel() }, t('edit.close')),
      ),
      h('section', { class: 'more' }, this.#keys, this.#keysHint),
      h('section', { class: 'more' }, this.#remove),
    ),
  )

  /** What the open question is about. @type {HTMLButtonElement | null} */
  #asked = null
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
    this.#fields.fill(stream)
    setText(this.#keys, obs ? t('edit.keysObs') : t('edit.keysBrowser'))
    setText(this.#keysHint, obs ? t('edit.keysObsHint') : t('edit.keysBrowserHint'))
    this.#ask(null)
    openDialog(this.#dialog)
  }

  #cancel() {
    if (!this.#busy) closeDialog(this.#dialog)
  }

  /** @param {SubmitEvent} event */
  #rename(event) {
    event.preventDefault()
    const wanted = this.#fields.read()
    if (wanted) void this.#carryOut('streamchanged', ({ id }) => changeStream(id, wanted))
  }

  /** Puts the question in place of the button. @param {HTMLButtonElement | null} button  null = no more */
  #ask(button) {
    const before = this.#asked
    // While busy its buttons are disabled, and the page has the focus.
    const hadFocus = this.#sure.contains(document.activeElement) || document.activeElement === document.body
    if (before) before.hidden = false
    this.#asked = button
    this.#sure.hidden = !button
    if (button && this.#stream) {
      const { ask, yes, no } = kQuestions[button === this.#remove ? 'remove' : this.#stream.streamingMethod]
      setText(this.#question, t(ask))
      setText(this.#yes, t(yes))
      setText(this.#no, t(no))
      button.hidden = true
      button.parentElement?.append(this.#sure)
      this.#no.focus()
    } else if (hadFocus) before?.focus()
  }

  #doIt() {
    if (this.#asked === this.#keys) return void this.#carryOut('keysrotated', ({ id }) => rotateKeys(id))
    void this.#carryOut('streamremoved', async (stream) => {
      await removeStream(stream.id)
      return stream
    })
  }

  /**
   * @param {string} event  told when it is done, with what `work` made of the stream
   * @param {(stream: PublicStream) => Promise<PublicStream>} work
   */
  async #carryOut(event, work) {
    if (this.#busy || !this.#stream) return
    this.#fields.refuse('')
    this.#setBusy(true)
    try {
      const detail = await work(this.#stream)
      closeDialog(this.#dialog)
      this.dispatchEvent(new CustomEvent(event, { bubbles: true, detail }))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.#setBusy(false) // a button that is disabled gets no focus
      this.#ask(null)
      this.#fields.refuse(error.message, error.where)
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
}

customElements.define('stream-edit', StreamEdit)
