// Draws the icons devices want as pictures (web/images/*.png) from web/images/icon.svg. Run it when that changes.
import { readFile } from 'node:fs/promises'
import { launch } from '../tests/harness/browser.js'

const images = new URL('../web/images/', import.meta.url)
const svg = await readFile(new URL('icon.svg', images), 'utf8')
const ground = '#2f4f57' // of the icon

const browser = await launch()
const page = await browser.newPage()
for (const [name, size, scale, background] of /** @type {const} */ ([
  ['square', 512, 1, 'transparent'],
  // A device cuts its own shape out of these: https://www.w3.org/TR/appmanifest/#icon-masks
  ['maskable', 512, 0.8, ground],
  ['touch', 180, 0.9, ground],
])) {
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(
    `<body style="margin:0;display:grid;place-items:center;height:100vh;background:${background}">
       <div style="width:${100 * scale}%">${svg}</div>`,
  )
  await page.screenshot({ path: new URL(`${name}.png`, images).pathname, omitBackground: true })
}
await browser.close()
