/** A funeral home's own colour, made fit to be read on every page, light and dark. */

/** @typedef {[red: number, green: number, blue: number]} Colour  0 to 255 each */

// Of web/styles/tokens.css, as tests/shim/brand.test.js sees to.
const grounds = { light: ['#f8f6f2', '#ffffff'], dark: ['#161718', '#202224'] }
const inks = /** @type {const} */ (['#ffffff', '#10262b'])
const readable = 4.5 // WCAG 2.2 AA, 1.4.3
const visible = 3 // 1.4.11

/**
 * The stylesheet that replaces the accent colour of the pages.
 * @param {string} accent  #rrggbb
 * @returns {string}
 */
export function brandStyle(accent) {
  const colours = (/** @type {'light' | 'dark'} */ scheme) => {
    const towards = scheme === 'light' ? '#000000' : '#ffffff'
    const text = mixUntil(accent, towards, (colour) => onAll(colour, grounds[scheme]) >= readable)
    // A button must stand out from the page, and what is written on it must be readable.
    const button = mixUntil(
      accent,
      towards,
      (colour) =>
        onAll(colour, grounds[scheme]) >= visible && Math.max(...inks.map((ink) => contrast(ink, colour))) >= readable,
    )
    const ink = contrast(inks[0], button) >= readable ? inks[0] : inks[1]
    return `--accent:${button};--on-accent:${ink};--accent-text:${text}`
  }
  return `:root{${colours('light')}}@media (prefers-color-scheme:dark){:root{${colours('dark')}}}`
}

/**
 * Relative contrast of two colours, 1 to 21: WCAG's formula.
 * @param {string} a  #rrggbb
 * @param {string} b
 */
export function contrast(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high + 0.05) / (low + 0.05)
}

/** @param {string} colour */
function luminance(colour) {
  const [r, g, b] = parse(colour)
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** @param {string} colour @param {string[]} backgrounds */
const onAll = (colour, backgrounds) => Math.min(...backgrounds.map((ground) => contrast(colour, ground)))

/**
 * As little of `towards` as will do.
 * @param {string} colour
 * @param {string} towards
 * @param {(colour: string) => boolean} fits
 */
function mixUntil(colour, towards, fits) {
  const [from, to] = [parse(colour), parse(towards)]
  for (let percent = 0; percent < 100; percent += 2) {
    const mixed = from.map((value, i) => Math.round(value + ((to[i] - value) * percent) / 100))
    const text = `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`
    if (fits(text)) return text
  }
  return towards
}

/** @param {string} colour @returns {Colour} */
const parse = (colour) => /** @type {Colour} */ ([1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)))
