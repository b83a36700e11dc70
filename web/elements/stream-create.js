import { ApiError, createStream } from '../api.js'
import { closeDialog, openDialog } from '../dialog.js'
import { h, setText, uniqueId } from '../dom.js'
import { streamFields } from '../stream-fields.js'
import { t } from '../words.js'

/**
 * The dialog that creates a stream: how to film, a title, whether to keep a backup.
 *
 * @attr {string} memorial-id
 * @fires streamcreated  detail: StreamAnswer, the new stream and what the person should know about it
 */
export class StreamCreate extends HTMLElement {
  #name = uniqueId('create')
  #whip = h('input', { type: 'radio', name: 'method', value: 'whip', checked: true })
  #obs = h('input', { type: 'radio', name: 'method', value: 'obs' })
  #fields = streamFields({ title: t('create.nameHint'), when: t('create.whenHint') })
  #mux = h('input', { type: 'checkbox', name: 'enableMuxBackup' })
  #muxField = choice(this.#mux, t('create.mux'), t('create.muxHint'))
  #submit = h('button', { type: 'submit', class: 'primary' }, t('create.submit'))

  #dialog = h(
    'dialog',
    { class: 'sheet', 'aria-labelledby': this.#name },
    h(
      'form',
      { novalidate: true, onsubmit: (/** @type {SubmitEvent} */ event) => this.#send(event) },
      h('h2', { id: this.#name }, t('create.title')),
      h(
        'fieldset',
        { onchange: () => this.#showChoice() },
        h('legend', {}, t('create.method')),
        choice(this.#whip, t('create.whip'), t('create.whipHint')),
        choice(this.#obs, t('create.obs'), t('create.obsHint')),
      ),
      ...this.#fields.elements,
      this.#muxField,
      this.#fields.error,
      h(
        'div',
        { class: 'actions' },
        this.#submit,
        h('button', { type: 'button', class: 'quiet', onclick: () => this.#cancel() }, t('create.cancel')),
      ),
    ),
  )

  #busy = false
  #key = ''
  #keyFor = ''

  connectedCallback() {
    if (this.firstChild) return
    // Closing while the order is on its way would leave the person unsure whether there is a stream.
    this.#dialog.addEventListener('cancel', (event) => this.#busy && event.preventDefault())
    this.append(this.#dialog)
  }

  /** Opens the dialog, empty. */
  open() {
    this.#fields.fill()
    this.#whip.checked = true
    this.#mux.checked = false
    this.#showChoice()
    openDialog(this.#dialog)
  }

  #cancel() {
    if (!this.#busy) closeDialog(this.#dialog)
  }

  #showChoice() {
    this.#muxField.hidden = !this.#whip.checked
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault()
    if (this.#busy) return
    const wanted = this.#fields.read()
    if (!wanted) return

    const whip = this.#whip.checked
    const memorialId = this.getAttribute('memorial-id') ?? ''
    const { title, scheduledAt } = wanted
    const order = {
      memorialId,
      title,
      ...(scheduledAt && { scheduledAt }),
      ...(whip && { enableMuxBackup: this.#mux.checked }),
    }
    this.#setBusy(true)
    try {
      const answer = await createStream(whip ? 'whip' : 'obs', order, this.#keyOf(JSON.stringify([whip, order])))
      this.#keyFor = ''
      closeDialog(this.#dialog)
      this.dispatchEvent(new CustomEvent('streamcreated', { bubbles: true, detail: answer }))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.#fields.refuse(error.message, error.where)
    } finally {
      this.#setBusy(false)
    }
  }

  /**
   * The same order tried again keeps its key until it has succeeded, so that an answer that was lost, came from a proxy
   * or settles nothing (503, "is being created") does not make a second stream.
   *
   * @param {string} order
   */
  #keyOf(order) {
    if (this.#keyFor !== order) {
      this.#key = [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(16).padStart(8, '0')).join('')
      this.#keyFor = order
    }
    return this.#key
  }

  /** @param {boolean} busy */
  #setBusy(busy) {
    this.#busy = busy
    this.toggleAttribute('busy', busy)
    this.#submit.disabled = busy
    setText(this.#submit, busy ? t('create.busy') : t('create.submit'))
  }
}

/**
 * A radio button or checkbox with its name and a line of help, all of it one large target.
 *
 * @param {HTMLInputElement} input
 * @param {string} name
 * @param {string} hint
 */
function choice(input, name, hint) {
  const nameId = uniqueId('choice')
  input.setAttribute('aria-labelledby', nameId)
  input.setAttribute('aria-describedby', `${nameId}-hint`)
  return h(
    'label',
    { class: 'choice' },
    input,
    h(
      'span',
      {},
      h('span', { id: nameId, class: 'name' }, name),
      h('span', { id: `${nameId}-hint`, class: 'hint' }, hint),
    ),
  )
}

customElements.define('stream-create', StreamCreate)
