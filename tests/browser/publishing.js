/** A page with a Publisher at an endpoint of its own, anew for each test of the files that import this. */
import { after, afterEach, before, beforeEach } from 'node:test'
import { launch, newPage } from '../harness/browser.js'
import { Endpoint, until } from './endpoint.js'

/** @type {import('playwright-core').Browser} */
let browser
/** @type {Endpoint} */
export let endpoint
/** @type {Awaited<ReturnType<typeof newPage>>} */
export let open

before(async () => {
  browser = await launch()
})
after(() => browser.close())
beforeEach(async () => {
  endpoint = await new Endpoint().listen()
  await openPage()
})
afterEach(async () => {
  await open.context.close()
  endpoint.close()
})

/** @param {Parameters<typeof newPage>[1]} [options] */
export async function openPage(options) {
  await open?.context.close()
  open = await newPage(browser, options)
  endpoint.page = open.page
  await open.page.goto(endpoint.origin)
  await open.page.waitForFunction(() => 'ready' in globalThis)
}

export const here = /** @type {any} */ (globalThis) // the page's own `here`, once it runs there: client, publish(), publisher, states

/** @param {string} [url] */
export const start = (url = endpoint.url) =>
  open.page.evaluate((to) => {
    here.publish().start(to)
  }, url)
export const stop = () => open.page.evaluate(() => here.publisher.stop())
/** @returns {Promise<string[]>} */
export const phases = () => open.page.evaluate(() => here.states.map((/** @type {any} */ state) => state.phase))
/** @returns {Promise<{ phase: string, reason: string, sentence: string, attempt: number, tracks: string[] }>} */
export const state = () =>
  open.page.evaluate(() => {
    const { stream, ...rest } = here.states.at(-1) ?? { phase: 'Idle', stream: null }
    return { ...rest, tracks: stream?.getTracks().map((/** @type {MediaStreamTrack} */ t) => t.readyState) ?? [] }
  })
/** @param {string} phase */
export const reach = (phase) =>
  until(async () => (await state()).phase === phase, `${phase}; phases so far in the page`)
export const liveObjects = () => open.page.evaluate(() => here.client.liveObjects())
