// Pictures of every page in every state, on a phone, a tablet and a desktop, light and dark: build/screenshots/, and a
// contact sheet of each device there (contact-*.png), to look at them side by side.
//
//   node scripts/screenshots.js [words a picture's name must contain…]
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { kDesktop, kPhone, kTablet, launch, openContext } from '../tests/web/browser.js'
import { startFake } from '../tests/web/fake-server.js'
import { enter, states } from '../tests/web/states.js'

const folder = join(resolve(fileURLToPath(import.meta.url), '../..'), 'build/screenshots')
const wanted = process.argv.slice(2)
await mkdir(folder, { recursive: true })
const fake = await startFake()
const usual = structuredClone(fake.world)
const browser = await launch()
let count = 0
for (const [device, options, thumbnail] of /** @type {const} */ ([
  ['phone', kPhone, 195],
  ['tablet', kTablet, 195],
  ['desktop', kDesktop, 400],
])) {
  /** @type {Map<string, string[]>} */
  const taken = new Map()
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    const { context } = await openContext(browser, { ...options, colorScheme, reducedMotion: 'reduce' })
    const tab = await context.newPage()
    for (const state of states) {
      const title = `${state.name}-${device}-${colorScheme}`
      if (!wanted.every((word) => title.includes(word))) continue
      Object.assign(fake.world, structuredClone(usual))
      state.prepare?.(fake.world)
      await enter(tab, fake.url, state)
      await tab.screenshot({ path: join(folder, `${title}.png`) })
      taken.set(state.name, [...(taken.get(state.name) ?? []), `${title}.png`])
      await tab.goto('about:blank')
      count++
    }
    await context.close()
  }
  if (taken.size) await contactSheet(device, taken, thumbnail)
}
await browser.close()
await fake.close()
console.log(`${count} pictures in build/screenshots`)

/**
 * All pictures of a device on one, each state with its name.
 * @param {string} device
 * @param {Map<string, string[]>} taken  the pictures of each state
 * @param {number} width  of a picture there, CSS px
 */
async function contactSheet(device, taken, width) {
  const figures = [...taken].map(
    ([name, files]) =>
      `<figure>${files.map((file) => `<img src="${file}" width="${width}">`).join('')}<figcaption>${name}</figcaption></figure>`,
  )
  const sheet = join(folder, `contact-${device}.html`)
  const style =
    'body{margin:8px;display:flex;flex-wrap:wrap;align-items:start;align-content:start;gap:8px;font:12px sans-serif}figure{margin:0}img{margin-right:2px}'
  await writeFile(sheet, `<!doctype html><meta charset="utf-8"><style>${style}</style>${figures.join('')}`)
  const page = await browser.newPage({ viewport: { width: 1640, height: 900 } })
  await page.goto(`file://${sheet}`)
  await page.screenshot({ path: join(folder, `contact-${device}.png`), fullPage: true })
  await page.close()
}
