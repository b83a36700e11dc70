import assert from 'node:assert/strict'

export { launch } from '../harness/browser.js'

/**
 * @typedef {import('playwright-core').Page} Page
 * @typedef {import('playwright-core').BrowserContextOptions} BrowserContextOptions
 */

export const kPhone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }
export const kTablet = { viewport: { width: 820, height: 1180 }, hasTouch: true, isMobile: true }
export const kDesktop = { viewport: { width: 1280, height: 800 } }

/**
 * Opens pages that note every console error, uncaught exception and policy violation; `clean()` says there were none.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {BrowserContextOptions} [options]
 */
export async function openContext(browser, options = kDesktop) {
  const context = await browser.newContext(options)
  context.setDefaultTimeout(10_000)
  /** @type {string[]} */
  const complaints = []
  await context.exposeBinding('complain', (_, text) => complaints.push(text))
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      window.complain(`policy: ${event.violatedDirective} ${event.blockedURI}`),
    )
    addEventListener('unhandledrejection', (event) => window.complain(`rejection: ${event.reason}`))
  })
  context.on('page', (page) => {
    page.on('pageerror', (error) => complaints.push(`exception: ${error.stack}`))
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`)
    })
  })
  return {
    context,
    complaints,
    /** @param {RegExp} [expected]  what Chromium itself reports of answers a test asked for, such as a 403 */
    clean(expected) {
      assert.deepEqual(
        complaints.filter((text) => !expected?.test(text)),
        [],
      )
    },
  }
}

/**
 * Waits until a condition holds, or fails with what it is about.
 *
 * @param {string} what
 * @param {() => boolean | Promise<boolean>} condition
 * @param {number} [deadlineMs]
 */
export async function until(what, condition, deadlineMs = 8000) {
  const end = Date.now() + deadlineMs
  while (!(await condition())) {
    if (Date.now() > end) assert.fail(`still not: ${what}`)
    await new Promise((done) => setTimeout(done, 25))
  }
}
