// What the page tests share: a fake server in its usual state and a fresh page before each test.
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach } from 'node:test'
import { kDesktop, launch, openContext } from './browser.js'
import { startFake } from './fake-server.js'

/** @type {Awaited<ReturnType<typeof startFake>>} */
export let fake
/** @type {import('playwright-core').Browser} */
export let browser
/** @type {Awaited<ReturnType<typeof openContext>>} */
export let opened
/** @type {import('playwright-core').Page} */
export let page
/** Served under /media/. */
export const mediaFolder = mkdtempSync(join(tmpdir(), 'vigil-media-'))

/** @type {typeof fake.world} */
let usual

before(async () => {
  fake = await startFake({ media: mediaFolder })
  usual = structuredClone(fake.world)
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await fake?.close()
  await rm(mediaFolder, { recursive: true, force: true })
})
beforeEach(async () => {
  Object.assign(fake.world, structuredClone(usual))
  fake.requests.length = 0
  opened = await openContext(browser, kDesktop)
  page = await opened.context.newPage()
})
afterEach(() => opened.context.close())

/** @param {string} path */
export const goto = (path) => page.goto(fake.url + path)
/** @param {string} name @param {import('playwright-core').Page} [on] */
export const button = (name, on = page) => on.getByRole('button', { name, exact: true })
/** @param {string} name */
export const heading = (name) => page.getByRole('heading', { name, exact: true })
/** Until the camera is on: the overlay and its button are there before. */
export const cameraOn = () => page.getByText('Nobody can see you yet.').first().waitFor()
/** What its description says. @param {import('playwright-core').Locator} field */
export const described = (field) =>
  field.evaluate((one) =>
    (one.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent)
      .join(' '),
  )
/** @param {string} method @param {string} path */
export const requestsTo = (method, path) => fake.requests.filter((r) => r.method === method && r.path === path)
