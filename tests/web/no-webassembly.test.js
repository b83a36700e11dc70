// A browser that refuses WebAssembly under our policy, as Safari 15 does on tablets of some years.
import assert from 'node:assert/strict'
import { before, beforeEach, test } from 'node:test'
import { until } from './browser.js'
import { aStream } from './fake-server.js'
import { makeMedia, playlist } from './media.js'
import { button, fake, goto, mediaFolder, page, requestsTo } from './suite.js'

before(() => makeMedia(mediaFolder))
beforeEach(() =>
  page.route('**/memorials/**', async (route) => {
    if (route.request().resourceType() !== 'document') return route.fallback()
    const response = await route.fetch()
    const headers = response.headers()
    headers['content-security-policy'] = headers['content-security-policy'].replace(" 'wasm-unsafe-eval'", '')
    return route.fulfill({ response, headers })
  }),
)
const moving = () =>
  until('a moving picture', () =>
    page.locator('video').evaluate((video) => /** @type {HTMLVideoElement} */ (video).currentTime > 0.3),
  )

test('it shows the service live, then that it has ended, then its recording', async () => {
  fake.world.files['/media/live.m3u8'] = () => playlist({ to: 4, ended: false })
  fake.world.streams = [aStream({ phase: 'live', status: 'live', whepUrl: '/media/whep', hlsUrl: '/media/live.m3u8' })]
  await goto('/memorials/memorial-1')
  await moving()
  assert.equal(await page.evaluate(() => 'fakeClient' in window), false, 'the module ran nevertheless')
  Object.assign(fake.world.streams[0], { phase: 'preparing', status: 'completed' })
  fake.changed()
  await page.getByText('The recording is being prepared.').filter({ visible: true }).first().waitFor()
  Object.assign(fake.world.streams[0], { phase: 'recording', recordingUrl: '/media/wide.mp4' })
  fake.changed()
  await button('Watch the recording').click()
  await moving()
})

test('what breaks off is shown again, as often as it takes', async () => {
  const path = '/media/live.m3u8'
  fake.world.files[path] = () => 'not a playlist'
  fake.world.streams = [aStream({ phase: 'live', status: 'live', hlsUrl: path })]
  await page.clock.install()
  await goto('/memorials/memorial-1')
  for (const times of [1, 2, 3]) {
    await until(`attempt ${times}`, async () => {
      await page.clock.runFor(1000)
      return requestsTo('GET', path).length >= times
    })
  }
  fake.world.files[path] = () => playlist({ to: 4, ended: false })
  await page.clock.runFor(3000)
  await moving()
})

test('it says that it cannot send, and what to do', async () => {
  fake.world.streams = [aStream({ whipUrl: '/media/whip' })]
  await goto('/memorials/memorial-1/manage')
  await button('Go Live').click()
  await page.getByRole('alert').filter({ hasText: 'This browser cannot send video from this page.' }).waitFor()
})
