/**
 * What a person waits for on a mid-range phone, and what axe-core finds. The phone is what Lighthouse's mobile run
 * applies: a processor four times slower, 1.6 Mbit/s and 150 ms behind a request that costs more than one round trip
 * (https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md).
 */
import { launch } from '../tests/harness/browser.js'
import { createStream, signIn } from '../tests/harness/steps.js'
import { startVigil } from '../tests/harness/vigil.js'
import { findings } from '../tests/web/axe.js'
import { kDesktop, kPhone, openContext } from '../tests/web/browser.js'
import { startFake } from '../tests/web/fake-server.js'
import { enter, states } from '../tests/web/states.js'

const loads = 5

/** @param {import('./run.js').Report} report */
export async function bench(report) {
  const browser = await launch()
  const vigil = await startVigil()
  const desk = await openContext(browser)
  const page = await desk.context.newPage()
  const memorial = await signIn(page, vigil)
  await createStream(page, 'Funeral service')
  await desk.context.close()

  const figures = []
  for (let n = 0; n < loads; n++) figures.push(await load(browser, memorial))
  await vigil.stop()
  const how = `first load of a memorial page that waits for its service, emulated mid-range phone, median of ${loads}`
  for (const [name, unit] of /** @type {const} */ ([
    ['lcp', 'ms'],
    ['cls', ''],
    ['tbt', 'ms'],
  ])) {
    const sorted = figures.map((figure) => figure[name]).sort((a, b) => a - b)
    report(`memorial_${name}${unit && `_${unit}`}`, sorted[loads >> 1], unit || 'score', how)
  }

  report(
    'axe_violations',
    await violations(browser),
    'findings',
    `${states.length} states, phone light and desktop dark`,
  )
  await browser.close()
}

/**
 * Opens a page as nobody has before.
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @returns {Promise<{ lcp: number, cls: number, tbt: number }>}  milliseconds; shift score; milliseconds in long tasks
 *   beyond 50 ms each
 */
async function load(browser, url) {
  const context = await browser.newContext(kPhone)
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  await cdp.send('Network.enable')
  await cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 562.5,
    downloadThroughput: (1.6e6 * 0.9) / 8,
    uploadThroughput: (0.75e6 * 0.9) / 8,
  })
  await page.addInitScript(() => {
    const seen = { lcp: 0, cls: 0, tbt: 0, last: 0 }
    Object.assign(window, { seen })
    /** @param {string} type @param {(entry: any) => void} note */
    const observe = (type, note) => {
      new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true })
    }
    observe('largest-contentful-paint', ({ startTime }) => (seen.lcp = seen.last = startTime))
    observe('layout-shift', ({ value, hadRecentInput, startTime }) => {
      if (!hadRecentInput) seen.cls += value
      seen.last = startTime
    })
    observe('longtask', ({ duration, startTime }) => {
      seen.tbt += Math.max(0, duration - 50)
      seen.last = startTime + duration
    })
  })
  await page.goto(url)
  await page.getByText('The service has not begun yet').first().waitFor({ timeout: 60_000 })
  // Until nothing has happened for three seconds: the modules that come later are there by then.
  await page.waitForFunction(() => performance.now() - /** @type {any} */ (window).seen.last > 3000, undefined, {
    timeout: 60_000,
  })
  const seen = await page.evaluate(() => /** @type {any} */ (window).seen)
  await context.close()
  return seen
}

/** @param {import('playwright-core').Browser} browser */
async function violations(browser) {
  const fake = await startFake()
  const usual = structuredClone(fake.world)
  let found = 0
  for (const options of [
    { ...kPhone, colorScheme: /** @type {const} */ ('light') },
    { ...kDesktop, colorScheme: /** @type {const} */ ('dark') },
  ]) {
    const { context } = await openContext(browser, { ...options, reducedMotion: 'reduce' })
    const page = await context.newPage()
    for (const state of states) {
      Object.assign(fake.world, structuredClone(usual))
      state.prepare?.(fake.world)
      await enter(page, fake.url, state)
      found += (await findings(page)).length
      await page.goto('about:blank')
    }
    await context.close()
  }
  await fake.close()
  return found
}
