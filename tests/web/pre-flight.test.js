// Before a stream: one verdict on what is there. While it is live: what the guests see.
import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { until } from './browser.js'
import { aStream } from './fake-server.js'
import { willSay } from './streaming-states.js'
import { button, fake, goto, opened, page } from './suite.js'

const url = '/memorials/memorial-1/manage'
const uplink = 'POST /api/streams/stream-1/uplink'
const asked = () => page.evaluate(() => window.fakeClient.equipment.at(-1) ?? {})
const measured = () => fake.requests.filter(({ path }) => path === uplink.split(' ')[1])
const verdict = (/** @type {string} */ text) =>
  page.getByRole('status').filter({ hasText: text }).filter({ visible: true }).waitFor()

describe('the verdict before a stream', () => {
  beforeEach(() => void (fake.world.streams = [aStream({ whipUrl: '/media/whip' })]))

  test('is one sentence over all that the browser tells, and goes with the preview', async () => {
    await page.addInitScript(() => {
      const battery = { charging: false, level: 0.2 }
      Object.assign(window, { battery })
      Object.assign(Navigator.prototype, { getBattery: async () => battery })
    })
    await goto(url)
    await button('Go Live').click()
    await verdict('Everything is ready.')
    const { uplinkKbps, freeMegabytes, ...rest } = await asked()
    assert.deepEqual(rest, {
      ...{ picture: true, microphone: true, muted: false, silent: false, measuring: false },
      batteryPercent: 20,
    })
    assert.ok(uplinkKbps > 0 && freeMegabytes > 0, `${uplinkKbps} kbit/s, ${freeMegabytes} MB`)
    assert.equal(measured().length, 1)
    assert.equal(measured()[0].body.noise.length, 256 * 1024)

    await page.evaluate(() => {
      const { battery } = /** @type {any} */ (window)
      battery.charging = true
      battery.onchargingchange()
    })
    assert.equal((await asked()).batteryPercent, undefined)
    await button('Mute').click()
    assert.equal((await asked()).muted, true)
    await button('Unmute').click()
    await page.evaluate(() => window.fakeClient.publishers.at(-1).hear({ level: 0, hold: 0, silent: true }))
    assert.equal((await asked()).silent, true)
    await button('Camera off').click()
    assert.equal((await asked()).picture, false)

    await button('Start Streaming').click()
    await button('Stop Streaming').waitFor()
    assert.equal(await page.getByText('Everything is ready.').isVisible(), false)
    opened.clean()
  })

  test('where the browser tells nothing, there is nothing to find fault with', async () => {
    await page.addInitScript(() => {
      Object.assign(Navigator.prototype, { getBattery: undefined })
      Object.defineProperty(Navigator.prototype, 'storage', { value: undefined })
    })
    fake.world.answers[uplink] = { status: 429, body: { success: false, error: { code: 'too-often', what: 'Later.' } } }
    await goto(url)
    await button('Go Live').click()
    await verdict('Everything is ready.')
    const { uplinkKbps, batteryPercent, freeMegabytes } = await asked()
    assert.deepEqual([uplinkKbps, batteryPercent, freeMegabytes], [undefined, undefined, undefined])
  })

  test('a way that carries little is measured for three seconds at most; none at all is 0', async () => {
    fake.world.answers[uplink] = { status: 200, hang: true }
    await goto(url)
    await willSay(page, 'ready-slow', 'The connection is slow here: the sound comes first.')
    await button('Go Live').click()
    await verdict('One moment, we are checking the connection.')
    await verdict('The connection is slow here: the sound comes first.')
    const { uplinkKbps } = await asked()
    assert.ok(uplinkKbps > 500 && uplinkKbps < 700, `${uplinkKbps} kbit/s`)

    fake.world.answers[uplink] = { status: 200, close: true }
    await button('Close').click()
    await button('Go Live').click()
    await until('nothing', async () => (await asked()).uplinkKbps === 0)
  })
})

test('while live, what the guests see is shown without sound, and goes with the stream', async () => {
  fake.world.streams = [
    aStream({ whipUrl: '/media/whip', whepUrl: '/media/whep', phase: 'live', status: 'live' }),
    aStream({ id: 'stream-2', title: 'Another' }),
  ]
  await goto(url)
  await button('Go live again').click()
  await button('Devices').click()
  const look = button('See what the guests see')
  assert.equal(await look.isVisible(), false, 'nobody sees anything yet')
  await button('Start Streaming').click()
  await look.click()
  const view = page.getByRole('group', { name: 'This is what they see' })
  const frame = page.frameLocator('viewers-view iframe')
  const player = frame.locator('memorial-player[playing]')
  await player.waitFor()
  assert.equal(await player.getAttribute('stream'), 'stream-1')
  const isMuted = await frame.locator('video').evaluate((video) => /** @type {HTMLVideoElement} */ (video).muted)
  assert.equal(isMuted, true)
  assert.equal(await frame.getByRole('button').filter({ visible: true }).count(), 0)
  await button('Close what they see').click()
  await view.waitFor({ state: 'hidden' })
  assert.equal(await page.locator('iframe').count(), 0)

  await button('Devices').click()
  await look.click()
  await view.waitFor()
  await button('Stop Streaming').click()
  await button('Yes, stop').click()
  await view.waitFor({ state: 'hidden' })
  opened.clean()
})
