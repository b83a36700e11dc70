// Pictures of every page in every state, phone and desktop, light and dark: build/screenshots/.
//
//   node scripts/screenshots.js [words a picture's name must contain…]
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { kDesktop, kPhone, launch, openContext } from '../tests/web/browser.js'
import { startFake } from '../tests/web/fake-server.js'
import { enter, states } from '../tests/web/states.js'

const folder = join(resolve(fileURLToPath(import.meta.url), '../..'), 'build/screenshots')
const wanted = process.argv.slice(2)
await mkdir(folder, { recursive: true })
const fake = await startFake()
const usual = structuredClone(fake.world)
const browser = await launch()
let count = 0
for (const [device, options] of /** @type {const} */ ([
  ['phone', kPhone],
  ['desktop', kDesktop],
])) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    for (const state of states) {
      const title = `${state.name}-${device}-${colorScheme}`
      if (!wanted.every((word) => title.includes(word))) continue
      Object.assign(fake.world, structuredClone(usual))
      state.prepare?.(fake.world)
      const { context } = await openContext(browser, { ...options, colorScheme })
      const tab = await context.newPage()
      await enter(tab, fake.url, state)
      await tab.waitForTimeout(250)
      await tab.screenshot({ path: join(folder, `${title}.png`) })
      await context.close()
      count++
    }
  }
}
await browser.close()
await fake.close()
console.log(`${count} pictures in build/screenshots`)
