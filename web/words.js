import en from './words/en.js'
import es from './words/es.js'

/** @typedef {keyof typeof en} Key */

/** @type {Record<string, {words: Record<Key, string>, said: Record<string, string>}>} */
const kLanguages = { en: { words: en, said: {} }, es }

/** The first of the browser's languages that we have. */
export const language =
  navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag in kLanguages) ?? 'en'
const { words, said } = kLanguages[language]

// Our pages arrive in English. Those that embed a player have a language of their own.
const ours = document.querySelectorAll('[data-words]')
if (ours.length) document.documentElement.lang = language
if (language !== 'en') {
  for (const element of ours) element.textContent = t(/** @type {Key} */ (element.getAttribute('data-words')))
}

/**
 * The sentence for a key, with its `{names}` filled in.
 *
 * @param {Key} key
 * @param {Record<string, string>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)
}

/**
 * A sentence that came with a code, from the core or the server, in the browser's language where we have it.
 *
 * @param {string | undefined} code
 * @param {string} sentence  in English
 */
export const translated = (code, sentence) => (code && said[code]) || sentence
