/** A funeral home's colour on the pages. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { brandStyle, contrast } from '../../shim/brand.js'
import { readConfig } from '../../shim/config.js'

test('whatever the colour, buttons can be seen and words be read, light and dark', async () => {
  const tokens = await readFile(new URL('../../web/styles/tokens.css', import.meta.url), 'utf8')
  const parts = tokens.split('@media (prefers-color-scheme: dark)')
  const grey = (/** @type {number} */ n) => `#${n.toString(16).padStart(2, '0').repeat(3)}`
  const accents = [
    '#2f5560',
    '#7a1f3d',
    '#ffd700',
    '#00ff00',
    '#0000ff',
    '#ff0000',
    '#808080',
    ...[0, 64, 128, 200, 255].map(grey),
  ]
  for (const accent of accents) {
    const styles = brandStyle(accent).split('@media')
    for (const n of [0, 1]) {
      /** @param {string} name @param {string} text */
      const colour = (name, text) => text.match(new RegExp(`--${name}: ?(#[0-9a-f]{6})`))?.[1] ?? assert.fail(name)
      const [button, ink, text] = ['accent', 'on-accent', 'accent-text'].map((name) => colour(name, styles[n]))
      assert.ok(contrast(ink, button) >= 4.5, `${accent}: words on a button`)
      for (const ground of ['ground', 'surface'].map((name) => colour(name, parts[n]))) {
        assert.ok(contrast(text, ground) >= 4.5, `${accent}: words on ${ground}`)
        assert.ok(contrast(button, ground) >= 3, `${accent}: a button on ${ground}`)
      }
    }
  }
})

test('a colour that is fit already stays as it is', () => {
  assert.match(brandStyle('#7a1f3d'), /^:root\{--accent:#7a1f3d;--on-accent:#ffffff;--accent-text:#7a1f3d\}/)
})

test('only a colour is a colour', () => {
  assert.equal(readConfig({ ACCENT_COLOR: '#7A1F3D' }).config.accentColor, '#7a1f3d')
  assert.equal(readConfig({}).config.accentColor, '')
  for (const wrong of ['red', '#fff', '#7a1f3d;}', '7a1f3d']) {
    assert.deepEqual(readConfig({ ACCENT_COLOR: wrong }).problems, [
      `ACCENT_COLOR must be a colour such as #2f5560, not "${wrong}".`,
    ])
  }
})
