import { h } from './dom.js'

/**
 * Modal dialogs on <dialog>; Safari before 15.4 has none, so there we keep the focus inside by hand.
 */

const kFocusable = 'a[href], button:not([disabled]), input:not([disabled]), [tabindex="0"]'

/**
 * Opens a dialog over the page. Focus goes to what carries `autofocus`, and back to where it was when it closes.
 *
 * @param {HTMLDialogElement} dialog
 */
export function openDialog(dialog) {
  if (dialog.hasAttribute('open')) return
  if (typeof dialog.showModal === 'function') {
    dialog.showModal()
    return
  }
  const before = document.activeElement
  dialog.setAttribute('open', '')
  dialog.setAttribute('role', 'dialog')
  dialog.setAttribute('aria-modal', 'true')
  dialog.classList.add('dialog-by-hand')
  const focusable = () =>
    [...dialog.querySelectorAll(kFocusable)].filter((element) => element.getClientRects().length > 0)
  /** @param {KeyboardEvent} event */
  const keydown = (event) => {
    if (event.key === 'Escape') {
      event.preventDefault()
      if (dialog.dispatchEvent(new Event('cancel', { cancelable: true }))) closeDialog(dialog)
    }
    if (event.key !== 'Tab') return
    const all = focusable()
    const edge = event.shiftKey ? all[0] : all[all.length - 1]
    if (document.activeElement !== edge && dialog.contains(document.activeElement)) return
    event.preventDefault()
    const next = event.shiftKey ? all[all.length - 1] : all[0]
    if (next instanceof HTMLElement) next.focus()
  }
  dialog.addEventListener('keydown', keydown)
  dialog.addEventListener(
    'close',
    () => {
      dialog.removeEventListener('keydown', keydown)
      if (before instanceof HTMLElement) before.focus()
    },
    { once: true },
  )
  const first = dialog.querySelector('[autofocus]') ?? focusable()[0]
  if (first instanceof HTMLElement) first.focus()
}

/** @param {HTMLDialogElement} dialog */
export function closeDialog(dialog) {
  if (!dialog.hasAttribute('open')) return
  if (typeof dialog.close === 'function') {
    dialog.close()
    return
  }
  dialog.removeAttribute('open')
  dialog.dispatchEvent(new Event('close'))
}

/**
 * A round ✕.
 *
 * @param {string} name
 * @param {() => void} onclick
 * @returns {HTMLButtonElement}
 */
export const closeButton = (name, onclick) =>
  h(
    'button',
    { type: 'button', class: 'close', onclick },
    h('span', { 'aria-hidden': 'true' }, '✕'),
    h('span', { class: 'visually-hidden' }, name),
  )
