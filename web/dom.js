/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Makes an element. A function under `onclick`, `onsubmit`, … becomes a listener; `true` an empty attribute;
 * `false`, `null` and `undefined` leave it out. Text is always text, never markup.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? '' : String(value))
    }
  }
  element.append(...kept(children))
  return element
}

/**
 * The children that are really there.
 *
 * @param {Child[]} children
 * @returns {(Node | string)[]}
 */
export function kept(children) {
  return /** @type {(Node | string)[]} */ (children.filter((child) => child || child === ''))
}

let ids = 0

/**
 * An id no other element on the page has, to tie a label to its field.
 *
 * @param {string} name
 */
export function uniqueId(name) {
  return `${name}-${++ids}`
}

/**
 * Sets text only when it changes, so that a screen reader does not say the same thing twice.
 *
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text
}

/**
 * Sets or removes an attribute.
 *
 * @param {Element} element
 * @param {string} name
 * @param {string | boolean | null | undefined} value
 */
export function setAttribute(element, name, value) {
  if (value === false || value === null || value === undefined) element.removeAttribute(name)
  else element.setAttribute(name, value === true ? '' : value)
}
