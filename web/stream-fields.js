import { h, setAttribute, setText, uniqueId } from './dom.js'
import { fromLocal, toLocal } from './time.js'
import { t } from './words.js'

/**
 * What a stream is made and changed with: its title, when it is planned to begin, and what is wrong with either.
 *
 * @param {{title?: string, when?: string}} [hints]
 */
export function streamFields(hints = {}) {
  const title = field(
    t('create.name'),
    { type: 'text', name: 'title', maxlength: 200, autocomplete: 'off' },
    hints.title,
  )
  const when = field(t('create.when'), { type: 'datetime-local' }, hints.when)
  const error = h('p', { class: 'form-error', role: 'alert', hidden: true })

  /**
   * @param {string} sentence  '' = nothing is wrong
   * @param {string} [where]  what the server means, as a JSON pointer; neither of the two: it is said under both
   */
  const refuse = (sentence, where) => {
    const about = where === '/title' ? title : where === '/scheduledAt' ? when : null
    for (const one of [title, when]) one.refuse(one === about ? sentence : '')
    error.hidden = !sentence || Boolean(about)
    setText(error, about ? '' : sentence)
  }

  return {
    elements: [title.element, when.element],
    error,
    refuse,

    /** @param {{title?: string, scheduledAt?: string}} [stream] */
    fill(stream = {}) {
      title.input.value = stream.title ?? ''
      when.input.value = toLocal(stream.scheduledAt)
      refuse('')
    },

    /** What was filled in; null when something is missing, which is said then. */
    read() {
      const wanted = { title: title.input.value.trim(), scheduledAt: fromLocal(when.input.value) }
      refuse(wanted.title ? '' : t('create.nameMissing'), '/title')
      return wanted.title ? wanted : null
    },
  }
}

/**
 * @param {string} label
 * @param {Record<string, string | number>} attributes
 * @param {string} [hint]
 */
function field(label, attributes, hint) {
  const id = uniqueId('field')
  const [errorId, hintId] = [`${id}-error`, `${id}-hint`]
  const input = h('input', { ...attributes, id, 'aria-describedby': hint ? `${errorId} ${hintId}` : errorId })
  const error = h('p', { id: errorId, class: 'field-error', hidden: true })
  return {
    input,
    element: h(
      'div',
      { class: 'field' },
      h('label', { for: id }, label),
      hint && h('p', { id: hintId, class: 'hint' }, hint),
      input,
      error,
    ),
    /** @param {string} sentence */
    refuse(sentence) {
      error.hidden = !sentence
      setText(error, sentence)
      setAttribute(input, 'aria-invalid', sentence ? 'true' : null)
      if (sentence) input.focus()
    },
  }
}
