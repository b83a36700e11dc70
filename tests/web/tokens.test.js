// Every pair of colours that meets on a page can be read: WCAG 2.2 AA, 1.4.3 (text, 4.5) and 1.4.11 (borders, 3).
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'

const css = await readFile(new URL('../../web/styles/tokens.css', import.meta.url), 'utf8')
const [light, dark] = css.split('@media (prefers-color-scheme: dark)')

/** @param {string} part @returns {Record<string, string>} */
const coloursIn = (part) =>
  Object.fromEntries([...part.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, hex]) => [name, hex]))

/** @param {string} hex  relative luminance, WCAG's formula */
function luminance(hex) {
  const [r, g, b] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** @param {string} a @param {string} b */
function contrast(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high + 0.05) / (low + 0.05)
}

const kText = [
  ...['ground', 'surface'].flatMap((ground) => ['ink', 'ink-soft', 'accent-text', 'error'].map((ink) => [ink, ground])),
  ['good', 'surface'],
  ['ink', 'notice'],
  ['on-accent', 'accent'],
  ['error', 'error-ground'],
  ['on-live', 'live'],
  ['on-stage', 'stage'],
  ['stage-ink', 'on-stage'],
  ['on-stage', 'stage-glow'],
  ['on-stage-soft', 'stage'],
  ['on-stage-soft', 'stage-glow'],
]
const kBorders = [
  ['line-strong', 'surface'],
  ['line-strong', 'ground'],
  ['live', 'surface'],
]

for (const [scheme, colours] of /** @type {const} */ ([
  ['light', coloursIn(light)],
  ['dark', { ...coloursIn(light), ...coloursIn(dark) }],
])) {
  test(`the ${scheme} colours can be read`, () => {
    for (const [pairs, least] of /** @type {const} */ ([
      [kText, 4.5],
      [kBorders, 3],
    ])) {
      for (const [ink, ground] of pairs) {
        const ratio = contrast(colours[ink], colours[ground])
        assert.ok(ratio >= least, `${ink} on ${ground}: ${ratio.toFixed(2)}, least ${least}`)
      }
    }
  })
}

test('the browser’s own bars have the colour of the page', async () => {
  const head = await readFile(new URL('../../web/pages/head.html', import.meta.url), 'utf8')
  for (const [scheme, { ground }] of /** @type {const} */ ([
    ['light', coloursIn(light)],
    ['dark', coloursIn(dark)],
  ])) {
    assert.ok(head.includes(`content="${ground}" media="(prefers-color-scheme: ${scheme})"`), scheme)
  }
})
