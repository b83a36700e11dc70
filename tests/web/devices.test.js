// Camera, microphone and screen in the overlay, against a scripted Publisher.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { until } from './browser.js'
import { aStream } from './fake-server.js'
import { button, cameraOn, fake, goto, opened, page } from './suite.js'

beforeEach(async () => {
  fake.world.streams = [aStream({ whipUrl: '/media/whip' })]
  await goto('/memorials/memorial-1/manage')
  await button('Go Live').click()
  await cameraOn()
})
/** @param {object} devices */
const tell = (devices) =>
  page.evaluate((devices) => {
    const publisher = window.fakeClient.publishers.at(-1)
    publisher.emit({ ...publisher.last, devices })
  }, devices)
const wishes = () => page.evaluate(() => window.fakeClient.publishers.at(-1).calls.slice(2))
const said = () => page.locator('device-menu .warnings').getByRole('paragraph').allTextContents()
const mirrored = () => page.evaluate(() => document.querySelector('browser-streamer')?.hasAttribute('mirrored'))

test('mute, camera off, turning round: large buttons that say what they will do', async () => {
  await button('Mute').click()
  await button('Unmute').waitFor()
  assert.deepEqual(await said(), ['You are muted. The people watching hear nothing.'])
  await button('Unmute').click()
  await button('Camera off').click()
  assert.deepEqual(await said(), ['The camera is off. The people watching see a still picture.'])
  await button('Camera on').click()
  assert.deepEqual(await said(), [])
  assert.equal(await mirrored(), false)
  await button('Turn camera').click()
  assert.equal(await mirrored(), true)
  assert.deepEqual(await wishes(), ['mute true', 'mute false', 'cameraOff true', 'cameraOff false', 'flip'])
  for (const name of ['Mute', 'Camera off', 'Turn camera', 'Devices']) {
    const box = await button(name).boundingBox()
    assert.ok(box && box.width >= 60 && box.height >= 60, `${name}: ${JSON.stringify(box)}`)
  }
  opened.clean()
})

test('devices are chosen by name; what there is only one of, or nothing of, is not offered', async () => {
  await tell({
    canShareScreen: true,
    microphones: [
      { id: 'a', label: 'Built-in' },
      { id: 'b', label: '' },
    ],
    microphone: 'a',
  })
  await button('Devices').click()
  await page.getByLabel('Camera', { exact: true }).selectOption('Front Camera')
  await page.getByLabel('Microphone', { exact: true }).selectOption('Microphone 2')
  await button('Share the screen').click()
  assert.equal(await mirrored(), false, 'a screen is no mirror')
  await button('Stop sharing the screen').click()
  assert.deepEqual(await wishes(), ['useCamera front', 'useMicrophone b', 'shareScreen true', 'shareScreen false'])
  await tell({ cameras: [{ id: 'back', label: 'Back' }], camera: '', canShareScreen: false, microphone: '' })
  assert.equal(await button('Turn camera').isVisible(), false)
  assert.equal(await button('Share the screen').isVisible(), false)
  assert.equal(await page.getByLabel('Microphone', { exact: true }).inputValue(), '')
  await button('Devices').click()
  assert.equal(await page.getByLabel('Camera', { exact: true }).isVisible(), false)
})

test('what is wrong with a device is said once, and goes when it is over', async () => {
  await page.evaluate(() => {
    const region = /** @type {Element} */ (document.querySelector('device-menu [role=status]'))
    window.added = []
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) for (const node of addedNodes) window.added.push(node.textContent)
    }).observe(region, { childList: true })
  })
  const lost = { code: 'device-camera-lost', sentence: 'The camera was disconnected.' }
  await button('Start Streaming').click()
  await button('Stop Streaming').waitFor()
  await tell({ warnings: [lost], picture: 'slate' })
  await tell({ warnings: [lost, { code: 'x', sentence: 'The microphone too.' }] })
  assert.deepEqual(await said(), ['The camera was disconnected.', 'The microphone too.'])
  await tell({ warnings: [] })
  assert.deepEqual(await said(), [])
  assert.deepEqual(await page.evaluate(() => window.added), ['The camera was disconnected.', 'The microphone too.'])
  assert.equal(await button('Stop Streaming').isVisible(), true)
})

test('the question before stopping stands alone', async () => {
  await button('Start Streaming').click()
  await button('Stop Streaming').click()
  assert.equal(await button('Mute').isVisible(), false)
  await button('Keep streaming').click()
  assert.equal(await button('Mute').isVisible(), true)
})

test('the screen stays on while on air: the lock is taken, taken again when the page is seen, and given back', async () => {
  await page.evaluate(() => {
    const locks = (window.locks = /** @type {any[]} */ ([]))
    const request = async () => {
      const lock = { released: false, release: async () => void (lock.released = true) }
      locks.push(lock)
      return lock
    }
    Object.defineProperty(navigator, 'wakeLock', { value: { request } })
  })
  const held = () => page.evaluate(() => window.locks.filter((/** @type {any} */ lock) => !lock.released).length)
  await button('Start Streaming').click()
  await button('Stop Streaming').waitFor()
  await until('a lock', async () => (await held()) === 1)
  await page.evaluate(() => {
    window.locks[0].released = true // as the browser does when the page is hidden
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await until('another lock', async () => (await held()) === 1)
  assert.equal(await page.evaluate(() => window.locks.length), 2)
  await button('Stop Streaming').click()
  await button('Yes, stop').click()
  await until('no lock', async () => (await held()) === 0)
})

test('on a phone held sideways nothing is cut off, and the large button is always there', async () => {
  await page.setViewportSize({ width: 844, height: 390 })
  const [wide, within] = await page
    .locator('dialog.streamer .bottom')
    .evaluate((panel) => [panel.scrollWidth, panel.clientWidth])
  assert.ok(wide <= within, `${wide} px in ${within}`)
  for (const name of ['Devices', 'Start Streaming']) {
    const box = await button(name).boundingBox()
    assert.ok(box && box.x + box.width <= 844, `${name}: ${JSON.stringify(box)}`)
  }
  const start = await button('Start Streaming').boundingBox()
  assert.ok(start && start.y + start.height <= 390, JSON.stringify(start))
})
