import { language } from './words.js'

/**
 * A length of time as people read clocks: 4:05, 1:02:03.
 *
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds))
  const pad = (/** @type {number} */ n) => String(n).padStart(2, '0')
  const hours = Math.floor(whole / 3600)
  const rest = `${Math.floor((whole % 3600) / 60)}:${pad(whole % 60)}`
  return hours ? `${hours}:${rest.padStart(5, '0')}` : rest
}

/**
 * A moment in the language of the page, as it is written where the reader is at home (en-GB), and in their time zone:
 * 12 Nov 2026, 14:30. Empty when it is not a date.
 *
 * @param {string | undefined} iso
 */
export function moment(iso) {
  const date = new Date(iso ?? '')
  if (Number.isNaN(date.getTime())) return ''
  const tag = navigator.languages.find((one) => one.slice(0, 2).toLowerCase() === language) ?? language
  return new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' }).format(date)
}

/**
 * An instant as an <input type="datetime-local"> wants it, in the reader's time zone; '' for none.
 *
 * @param {string | undefined} iso
 */
export function toLocal(iso) {
  const date = new Date(iso ?? '')
  if (Number.isNaN(date.getTime())) return ''
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/**
 * The reverse.
 *
 * @param {string} local
 */
export const fromLocal = (local) => (local ? new Date(local).toISOString() : '')
