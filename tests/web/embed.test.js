// The player on somebody else's page: by one script tag, and in a frame.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { viewInPage } from '../../shim/view-in-page.js'
import { until } from './browser.js'
import { aStream } from './fake-server.js'
import { fake, goto, opened, page } from './suite.js'

/** @type {import('node:http').Server} */
let home
let homeUrl = ''
/** The body of the funeral home's page. */
let body = ''

before(async () => {
  home = createServer((_, response) =>
    response
      .setHeader('content-type', 'text/html')
      .end(`<!doctype html><html lang="fr"><link rel="icon" href="data:," /><title>Funeral home</title>${body}</html>`),
  )
  await new Promise((done) => home.listen(0, '127.0.0.1', () => done(null)))
  // Another port is another origin.
  homeUrl = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (home.address()).port}/`
})
after(() => home.close())

const live = /** @type {const} */ ({ phase: 'live', status: 'live', whepUrl: '/media/whep' })

describe('by a script tag', () => {
  const script = () => `<script type="module" src="${fake.url}/embed.js"></script>`

  test('follows the service, tells the page, and takes its colours', async () => {
    body = `<style>memorial-player { --memorial-accent: rgb(1, 2, 3) } memorial-player::part(title) { color: rgb(4, 5, 6) }</style>
      <memorial-player memorial="memorial-1"></memorial-player>${script()}`
    await page.addInitScript(() => {
      const modes = /** @type {string[]} */ ([])
      Object.assign(window, { modes })
      addEventListener('mode-change', (event) => modes.push(/** @type {CustomEvent} */ (event).detail.mode))
    })
    fake.world.streams = [aStream()]
    await page.goto(homeUrl)
    const title = page.getByText('The service has not begun yet', { exact: true })
    await title.waitFor()
    assert.equal(await title.evaluate((element) => getComputedStyle(element).color), 'rgb(4, 5, 6)')
    Object.assign(fake.world.streams[0], live)
    fake.changed()
    await page.locator('memorial-player[playing]').waitFor()
    await page.getByRole('button', { name: 'pause' }).waitFor()
    const button = page.locator('memorial-player .unmute')
    assert.equal(await button.evaluate((element) => getComputedStyle(element).backgroundColor), 'rgb(1, 2, 3)')
    assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).modes), ['loading', 'waiting', 'whep'])
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'fr', 'the page keeps its language')
    opened.clean()
  })

  test('shows the stream that is named, another when told so, and says when there is none', async () => {
    body = `<memorial-player memorial="memorial-1" stream="b" server="${fake.url}/"></memorial-player>${script()}`
    fake.world.streams = [aStream({ id: 'a', ...live }), aStream({ id: 'b', phase: 'preparing', status: 'completed' })]
    await page.goto(homeUrl)
    await page.getByText('The service has ended').first().waitFor()
    const player = page.locator('memorial-player')
    await player.evaluate((element) => element.setAttribute('stream', 'a'))
    await page.locator('memorial-player[playing]').waitFor()
    await player.evaluate((element) => element.setAttribute('memorial', 'nobody'))
    await page.getByText('We could not find this memorial').first().waitFor()
    opened.clean(/404/)
  })
})

describe('in a frame', () => {
  /** @param {string} path */
  const frame = (path) =>
    `<iframe src="${fake.url}${path}" width="640" height="360" allow="autoplay; fullscreen"></iframe>`

  test('shows the player alone, over the whole frame', async () => {
    body = frame('/embed/memorial-1')
    fake.world.streams = [aStream(live)]
    await page.goto(homeUrl)
    const player = page.frameLocator('iframe').locator('memorial-player')
    await player.getByText('LIVE', { exact: true }).waitFor()
    const { width, height } = /** @type {{width: number, height: number}} */ (await player.boundingBox())
    assert.deepEqual([width, height], [640, 360])
    opened.clean()
  })

  test('shows at once what came with it, like the memorial page, and asks once for what is new since', async () => {
    const view = {
      memorial: { id: 'memorial-1', name: 'Edith Marlow' },
      streams: [aStream()],
      currentStreamId: 'stream-1',
    }
    /** @type {string[]} */
    const asked = []
    await page.route('**/api/memorials/**', (route) => void asked.push(new URL(route.request().url()).pathname))
    for (const path of ['/embed/memorial-1', '/memorials/memorial-1']) {
      await page.route(`**${path}`, async (route) => {
        const response = await route.fetch()
        await route.fulfill({ response, body: viewInPage(view)(await response.text()) })
      })
      asked.length = 0
      await goto(path)
      await page.locator('memorial-player[mode=waiting]').waitFor()
      await page.getByText('The service has not begun yet').first().waitFor()
      assert.equal(asked.filter((url) => url.endsWith('/events')).length, 1, `${path}: ${asked}`)
    }
  })

  test('is refused to pages the policy does not name; all other pages always are', async () => {
    fake.world.frameAncestors = 'https://www.example.org'
    for (const path of ['/embed/memorial-1', '/memorials/memorial-1', '/memorials/memorial-1/manage']) {
      body = frame(path)
      opened.complaints.length = 0
      await page.goto(homeUrl)
      await until('the refusal', () => opened.complaints.some((text) => text.includes('frame-ancestors')))
    }
    await goto('/embed/memorial-1')
    await page.getByText('No service has been announced yet', { exact: true }).waitFor()
  })
})
