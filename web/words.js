import en from './words/en.js'

/** @typedef {keyof typeof en} Key */

/**
 * The sentence for a key, with its `{names}` filled in.
 *
 * @param {Key} key
 * @param {Record<string, string>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  return en[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)
}
