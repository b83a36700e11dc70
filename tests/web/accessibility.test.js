// What axe-core finds on any page in any state: nothing. WCAG 2.2 AA and its best practices.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { describe, test } from 'node:test'
import { kDesktop, kPhone, openContext } from './browser.js'
import { enter, states } from './states.js'
import { browser, fake } from './suite.js'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** @param {import('playwright-core').Page} page @returns {Promise<string[]>} a line for each thing found */
async function findings(page) {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { violations } = await /** @type {any} */ (window).axe.run()
    return violations.flatMap((/** @type {any} */ { id, nodes }) =>
      nodes.map((/** @type {any} */ { target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
    )
  })
}

for (const [name, options] of /** @type {const} */ ([
  ['a phone in daylight', { ...kPhone, colorScheme: 'light' }],
  ['a desktop in the dark', { ...kDesktop, colorScheme: 'dark' }],
])) {
  describe(`accessible on ${name}`, () => {
    for (const state of states) {
      test(state.name, async () => {
        state.prepare?.(fake.world)
        const { context } = await openContext(browser, { ...options, reducedMotion: 'reduce' })
        const page = await context.newPage()
        await enter(page, fake.url, state)
        assert.deepEqual(await findings(page), [])
        await context.close()
      })
    }
  })
}
