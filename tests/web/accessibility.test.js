// What axe-core finds on any page in any state: nothing. WCAG 2.2 AA and its best practices.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { findings } from './axe.js'
import { kDesktop, kPhone, launch, openContext } from './browser.js'
import { buildPages, startFake } from './fake-server.js'
import { enter, states } from './states.js'

/** @type {import('playwright-core').Browser} */
let browser
/** @type {Awaited<ReturnType<typeof buildPages>>} */
let built
before(async () => {
  ;[browser, built] = await Promise.all([launch(), buildPages()])
})
after(async () => {
  await browser?.close()
  await built?.remove()
})

// The two go on beside each other: each has a server and a page of its own, and takes that through all the states.
describe('accessible', { concurrency: 2 }, () => {
  for (const [name, options] of /** @type {const} */ ([
    ['on a phone in daylight', { ...kPhone, colorScheme: 'light' }],
    ['on a desktop in the dark', { ...kDesktop, colorScheme: 'dark' }],
  ])) {
    describe(name, { concurrency: 1 }, () => {
      /** @type {Awaited<ReturnType<typeof startFake>>} */
      let fake
      /** @type {typeof fake.world} */
      let usual
      /** @type {import('playwright-core').Page} */
      let page
      before(async () => {
        fake = await startFake({ web: built.folder })
        usual = structuredClone(fake.world)
        const { context } = await openContext(browser, { ...options, reducedMotion: 'reduce' })
        page = await context.newPage()
      })
      after(() => fake?.close())

      for (const state of states) {
        test(state.name, async () => {
          Object.assign(fake.world, structuredClone(usual))
          state.prepare?.(fake.world)
          await enter(page, fake.url, state)
          assert.deepEqual(await findings(page), [])
          await page.goto('about:blank')
        })
      }
    })
  }
})
