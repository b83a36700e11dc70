import { h } from './dom.js'

/** @type {HTMLElement | undefined} */
let region

/**
 * Says a sentence to screen readers, once, when they are idle. Sighted people see it elsewhere on the page.
 *
 * @param {string} sentence
 */
export function announce(sentence) {
  region ??= document.body.appendChild(h('p', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' }))
  region.textContent = sentence
}
