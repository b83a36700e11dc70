import en from './words/en.js'

/** @typedef {keyof typeof en} Key */
/** @typedef {{words: Record<Key, string>, said: Record<string, string>}} Words */

/** The languages besides English; loaded where the browser prefers one. @type {Record<string, () => Promise<{default: Words}>>} */
const kOthers = { es: () => import('./words/es.js') }

/** The first of the browser's languages that we have. */
export let language = 'en'
/** @type {Words} */
let spoken = { words: en, said: {} }

/** The words are there: nothing is said before. */
export const ready = learn()

async function learn() {
  const tags = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase())
  const wanted = tags.find((tag) => tag === 'en' || tag in kOthers) ?? 'en'
  const other = await kOthers[wanted]?.().catch(() => undefined) // English is better than nothing
  if (other) {
    language = wanted
    spoken = other.default
  }
  // Our pages arrive in English. Those that embed a player have a language of their own.
  const ours = document.querySelectorAll('[data-words]')
  if (ours.length) document.documentElement.lang = language
  if (language === 'en') return
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
  return spoken.words[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)
}

/**
 * A sentence that came with a code, from the core or the server, in the browser's language where we have it.
 *
 * @param {string | undefined} code
 * @param {string} sentence  in English
 */
export const translated = (code, sentence) => (code && spoken.said[code]) || sentence
