// Streaming from this device, against a scripted Publisher.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { beforeEach, describe, test } from 'node:test'
import { until } from './browser.js'
import { aStream } from './fake-server.js'
import { willAsk } from './streaming-states.js'
import { button, cameraOn, fake, goto, opened, page, requestsTo } from './suite.js'

describe('streaming from this device', () => {
  beforeEach(async () => {
    fake.world.streams = [aStream({ whipUrl: '/media/whip' })]
    await goto('/memorials/memorial-1/manage')
  })
  /** @param {string} phase @param {object} [more] */
  const emit = (phase, more = {}) =>
    page.evaluate(
      ([phase, more]) => window.fakeClient.publishers.at(-1).emit({ phase, ...more }),
      /** @type {const} */ ([phase, more]),
    )
  const calls = () => page.evaluate(() => window.fakeClient?.publishers.at(-1)?.calls ?? [])

  test('goes live and stops, asking once', async () => {
    await button('Go Live').click()
    const overlay = page.getByRole('dialog', { name: 'Go live: Funeral service' })
    await overlay.getByText('Nobody can see you yet.').first().waitFor()
    await button('Start Streaming').click()
    await button('Stop Streaming').waitFor()
    assert.deepEqual(await calls(), ['preview', 'arm /media/whip', 'start /media/whip'])
    await overlay.getByText('LIVE', { exact: true }).filter({ visible: true }).waitFor()
    assert.match(String(await overlay.getByRole('timer').textContent()), /^0:0\d$/)

    await button('Stop Streaming').click()
    await button('Keep streaming').click()
    assert.ok(!(await calls()).includes('stop'))
    await button('Stop Streaming').click()
    await button('Yes, stop').click()
    await overlay.getByText('The stream has ended').first().waitFor()
    assert.deepEqual(await calls(), ['preview', 'arm /media/whip', 'start /media/whip', 'stop'])
    await button('Done').click()
    await overlay.waitFor({ state: 'hidden' })
    opened.clean()
  })

  test('promises no recording where there will be none', async () => {
    const capabilities = { records: false, hls: false, outputs: false, whep: true }
    fake.world.streams = [aStream({ whipUrl: '/media/whip', path: 'direct', capabilities })]
    await page.reload()
    await button('Go Live').click()
    await button('Start Streaming').click()
    await button('Stop Streaming').click()
    await button('Yes, stop').click()
    await page.getByRole('dialog').getByText('This stream is not recorded.').filter({ visible: true }).first().waitFor()
    assert.equal(await page.getByText('The recording is being prepared').count(), 0)
  })

  test('shows each phase of the session in words', async () => {
    await page.waitForFunction(() => window.fakeClient)
    await page.evaluate(() => void (window.fakeClient.scripted = false))
    await button('Go Live').click()
    await until('a publisher', async () => (await calls()).includes('preview'))
    const overlay = page.getByRole('dialog')
    const rows = /** @type {const} */ ([
      ['Capturing', 'Please choose Allow', 'Start Streaming', false],
      ['Ready', 'Nobody can see you yet.', 'Start Streaming', true],
      ['Offering', 'Please keep this page open.', 'Connecting…', false],
      ['Posting', 'Please keep this page open.', 'Connecting…', false],
      ['Connecting', 'Please keep this page open.', 'Connecting…', false],
      ['Live', 'LIVE', 'Stop Streaming', true],
      ['Waiting', 'Reconnecting…', 'Stop Streaming', true],
      ['Stopping', 'Stopping…', 'Stopping…', false],
    ])
    for (const [phase, words, name, enabled] of rows) {
      await emit(phase)
      await overlay.getByText(words).filter({ visible: true }).first().waitFor()
      assert.equal(await button(name).isEnabled(), enabled, phase)
    }
  })

  test('keeps time and offers to stop all the way back after an interruption', async () => {
    await page.waitForFunction(() => window.fakeClient)
    await page.evaluate(() => void (window.fakeClient.scripted = false))
    await button('Go Live').click()
    await until('a publisher', async () => (await calls()).includes('preview'))
    await emit('Live')
    for (const phase of ['Waiting', 'Offering', 'Posting', 'Connecting', 'Waiting', 'Capturing', 'Offering']) {
      await emit(phase, { sentence: phase === 'Waiting' ? 'The network is gone. We try again.' : '' })
      assert.equal(await button('Stop Streaming').isEnabled(), true, phase)
      await page.getByText('The network is gone.').filter({ visible: true }).first().waitFor()
      assert.equal(await page.getByRole('timer').isVisible(), true, phase)
    }
    await button('Stop Streaming').click()
    await emit('Posting')
    assert.equal(await button('Yes, stop').isVisible(), true, 'the question stays open')
    await emit('Live')
    await button('Yes, stop').click()
    assert.ok((await calls()).includes('stop'))
    await emit('Idle')
    await page.getByText('The stream has ended').filter({ visible: true }).first().waitFor()
  })

  test('says why it failed and tries again what was wanted', async () => {
    await page.waitForFunction(() => window.fakeClient)
    await page.evaluate(() => void (window.fakeClient.scripted = false))
    await button('Go Live').click()
    await until('a publisher', async () => (await calls()).includes('preview'))
    await emit('Failed', { reason: 'camera-denied', sentence: 'Please allow the camera.' })
    await page.getByRole('alert').filter({ hasText: 'Please allow the camera.' }).waitFor()
    await button('Try Again').click()
    await until(
      'a second preview',
      async () => (await calls()).filter((/** @type {string} */ c) => c === 'preview').length === 2,
    )
    await emit('Ready')
    await button('Start Streaming').click()
    await until('a start', async () => (await calls()).at(-1) === 'start /media/whip')
    await emit('Failed', { sentence: 'The server refused.' })
    await button('Try Again').click()
    await until(
      'a second start',
      async () => (await calls()).filter((/** @type {string} */ c) => c.startsWith('start')).length === 2,
    )
  })

  test('shows how loud it is, warns of silence, and makes speech clearer when asked', async () => {
    await button('Go Live').click()
    await cameraOn()
    const publisher = (/** @type {string} */ expression) =>
      page.evaluate(`window.fakeClient.publishers.at(-1).${expression}`)
    const meter = page.getByRole('meter', { name: 'Loudness of the microphone' })
    assert.equal(await meter.getAttribute('aria-valuenow'), '80')
    await publisher('hear({ level: 0, hold: 0.4, silent: true })')
    assert.equal(await meter.getAttribute('aria-valuenow'), '40')
    const alarm = page.getByRole('alert').filter({ hasText: 'We hear nothing' })
    await alarm.waitFor()
    await publisher('hear({ level: 0.5, hold: 0.5, silent: false })')
    await alarm.waitFor({ state: 'hidden' })

    assert.equal(await publisher('chosen'), 'music 720p')
    const speech = page.getByRole('button', { name: 'Make speech clearer', exact: true })
    await speech.click()
    assert.equal(await publisher('chosen'), 'speech 720p')
    assert.equal(await speech.getAttribute('aria-pressed'), 'true')
    await speech.click()
    assert.equal(await publisher('chosen'), 'music 720p')
    opened.clean()
  })

  test('tells how it is doing, with figures, the size of the picture and a log on demand', async () => {
    await button('Go Live').click()
    const summary = page.locator('connection-quality summary')
    await summary.click()
    await page.getByLabel('Picture size').selectOption('1080p')
    const publisher = (/** @type {string} */ expression) =>
      page.evaluate(`window.fakeClient.publishers.at(-1).${expression}`)
    assert.equal(await publisher('chosen'), 'music 1080p')
    await button('Start Streaming').click()
    await button('Stop Streaming').waitFor()
    await publisher(`report({ grade: 'fair', cause: 'quality-loss', sentence: 'Part of it gets lost.', audioKbps: 128,
      videoKbps: 872, lossPercent: 4.2, roundTripMs: 80, framesPerSecond: 24, width: 1280, height: 720, bound: 'cpu' })`)
    assert.equal((await summary.textContent())?.trim(), 'Fair connection')
    await page.getByText('Part of it gets lost.').waitFor()
    await page.getByText('1280 × 720, 24 a second, 872 kbit/s').waitFor()
    await page.getByText('4.2 %').waitFor()
    await page.getByText('this device', { exact: true }).waitFor()
    const [download] = await Promise.all([page.waitForEvent('download'), button('Save a report for support').click()])
    assert.equal(download.suggestedFilename(), 'vigil-stream.txt')
    assert.match(await readFile(await download.path(), 'utf8'), /^Vigil, 20.*\nMozilla.*\n\n0 Live\n$/)
    opened.clean()
  })

  test('tries again after the address could not be had, with the preview that is there already', async () => {
    const error = { code: 'x', what: 'We could not reach our records just now.' }
    fake.world.answers['GET /api/streams/stream-1'] = { status: 503, body: { success: false, error } }
    await button('Go Live').click()
    await page.getByRole('alert').filter({ hasText: error.what }).waitFor()
    delete fake.world.answers['GET /api/streams/stream-1']
    await button('Try Again').click()
    await button('Start Streaming').click()
    await button('Stop Streaming').waitFor()
  })

  test('asks for the address anew when it is not good any more', async () => {
    await button('Go Live').click()
    await button('Start Streaming').click()
    await button('Stop Streaming').waitFor()
    const asked = () => requestsTo('GET', '/api/streams/stream-1').length
    assert.equal(asked(), 1)
    for (const [n, reason] of ['stream-gone', 'not-allowed'].entries()) {
      await emit('Failed', { reason, sentence: 'Somebody changed the keys.' })
      fake.world.streams[0].whipUrl = `/media/whip-${n}`
      await button('Try Again').click()
      await until('a start there', async () => (await calls()).at(-1) === `start /media/whip-${n}`)
      await button('Stop Streaming').waitFor()
    }
    await emit('Failed', { reason: 'offer-refused', sentence: 'The server refused.' })
    await button('Try Again').click()
    await until(
      'a start',
      async () => (await calls()).filter((/** @type {string} */ c) => /^start/.test(c)).length === 4,
    )
    assert.equal(asked(), 3, 'otherwise the address is kept')
    await button('Stop Streaming').waitFor()
    fake.world.streams = []
    await emit('Failed', { reason: 'stream-gone', sentence: 'Somebody removed the stream.' })
    await button('Try Again').click()
    await page.getByRole('alert').filter({ hasText: 'There is no such page.' }).waitFor()
  })

  test('an error stays, though the camera comes after it', async () => {
    await page.waitForFunction(() => window.fakeClient)
    await page.evaluate(() => void (window.fakeClient.scripted = false))
    const error = { code: 'x', what: 'We could not reach our records just now.' }
    fake.world.answers['GET /api/streams/stream-1'] = { status: 503, body: { success: false, error } }
    await button('Go Live').click()
    const alert = page.getByRole('alert').filter({ hasText: error.what })
    await alert.waitFor()
    await emit('Ready')
    assert.equal(await alert.isVisible(), true)
    delete fake.world.answers['GET /api/streams/stream-1']
    await button('Try Again').click()
    await button('Start Streaming').waitFor()
  })

  test('shows no time on air before the first picture went out', async () => {
    await page.waitForFunction(() => window.fakeClient)
    await page.evaluate(() => void (window.fakeClient.scripted = false))
    await button('Go Live').click()
    await until('a publisher', async () => (await calls()).includes('preview'))
    for (const phase of ['Ready', 'Offering', 'Posting', 'Waiting']) await emit(phase)
    assert.equal(await page.getByRole('timer').textContent(), '')
    await emit('Live')
    assert.equal(await page.getByRole('timer').textContent(), '0:00')
  })

  test('leaves when the page is closed, and asks before that while live', async () => {
    await button('Go Live').click()
    await button('Start Streaming').click()
    await button('Stop Streaming').waitFor()
    const asked = await page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })))
    assert.equal(asked, true)
    await page.evaluate(() => void dispatchEvent(new Event('pagehide')))
    assert.ok((await calls()).includes('leave'))
  })

  test('says beforehand what the browser is going to ask, and only then', async () => {
    await willAsk(page)
    await button('Go Live').click()
    await button('Turn on the camera').waitFor()
    assert.equal(await button('Start Streaming').count(), 0)
    assert.deepEqual(await calls(), [])
    await button('Turn on the camera').click()
    await button('Start Streaming').click()
    await button('Stop Streaming').waitFor()
    opened.clean()
  })

  test('says what to do about each cause', async () => {
    await button('Go Live').click()
    await cameraOn()
    const address = page.getByRole('textbox', { name: 'Address of this page' })
    await emit('Failed', { reason: 'camera-denied', sentence: 'What it is.' })
    await address.waitFor()
    await emit('Failed', { reason: 'camera-busy', sentence: 'What it is.' })
    await address.waitFor({ state: 'hidden' })
    for (const [reason, step] of [
      ['camera-denied', 'Tap the sign to the left of the address, at the top.'],
      ['camera-denied', 'If you opened this page inside another app, choose “Open in browser” in its menu.'],
      ['camera-busy', 'Close video calls and other apps or tabs that use the camera.'],
      ['no-camera', 'Or open this page on a phone.'],
      ['insecure-page', 'Open this page with https:// at the beginning of its address.'],
      ['unsupported-browser', 'If you opened this page inside another app, choose “Open in browser” in its menu.'],
    ]) {
      await emit('Failed', { reason, sentence: 'What it is.' })
      await page.getByRole('dialog').getByRole('listitem').filter({ hasText: step }).waitFor()
    }
    await address.waitFor()
    await emit('Failed', { reason: 'not-allowed', sentence: 'The link is no longer good.' })
    await page.getByRole('alert').filter({ hasText: 'no longer good' }).waitFor()
    assert.equal(await page.getByRole('dialog').getByRole('listitem').count(), 0)
  })

  test('Escape closes the preview, but on air it asks', async () => {
    await button('Go Live').click()
    await button('Start Streaming').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await button('Go Live').click()
    await button('Start Streaming').click()
    await button('Stop Streaming').waitFor()
    await page.keyboard.press('Escape')
    await button('Keep streaming').waitFor()
    await page.keyboard.press('Escape')
    assert.equal(await page.getByRole('dialog').isVisible(), true)
  })
})
