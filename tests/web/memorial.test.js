// The memorial page and its player, against a scripted Player and real media.
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { until } from './browser.js'
import { aStream } from './fake-server.js'
import { kSegment, makeMedia, playlist } from './media.js'
import { button, fake, goto, heading, mediaFolder, opened, page, requestsTo } from './suite.js'

before(() => makeMedia(mediaFolder))

describe('the memorial page', () => {
  test('follows one service from not begun to recording, without reload', async () => {
    fake.world.streams = [aStream({ whepUrl: '/media/whep' })]
    await goto('/memorials/memorial-1')
    await heading('Edith Marlow').waitFor()
    await page.evaluate(() => void (/** @type {any} */ (window.sameDocument = true)))
    /** @param {string} words */
    const says = (words) =>
      page.locator('memorial-player').getByText(words, { exact: true }).filter({ visible: true }).first().waitFor()
    await says('The service has not begun yet')

    const steps = /** @type {const} */ ([
      ['live', 'live', 'LIVE'],
      ['interrupted', 'live', 'The picture was interrupted'],
      ['live', 'live', 'LIVE'],
      ['preparing', 'completed', 'The service has ended'],
      ['recording', 'completed', 'Watch the recording'],
    ])
    for (const [phase, status, words] of steps) {
      Object.assign(fake.world.streams[0], { phase, status, duration: 3723, recordingUrl: '/media/wide.mp4' })
      fake.changed()
      await says(words)
    }
    assert.equal(await page.evaluate(() => window.sameDocument), true)
    opened.clean()
  })

  test('what came with the page is shown before anything is asked for, once', async () => {
    fake.world.streams = [aStream({ phase: 'preparing', status: 'completed' })]
    await goto('/memorials/memorial-1')
    await page.getByText('The service has ended').first().waitFor()
    /** @type {() => void} */
    let answer = () => {}
    const asked = new Promise((resolve) => (answer = () => resolve(undefined)))
    await page.route('**/api/memorials/**', async (route) => {
      await asked
      await route.continue()
    })
    await page.evaluate(
      (stream) => {
        const view = {
          memorial: { id: 'memorial-1', name: 'Edith Marlow' },
          streams: [{ ...stream, phase: 'waiting' }],
          currentStreamId: stream.id,
        }
        const player = document.createElement('memorial-player')
        player.setAttribute('view', JSON.stringify(view))
        player.setAttribute('memorial', 'memorial-1')
        document.querySelector('memorial-player')?.replaceWith(player)
      },
      aStream({ status: 'ready' }),
    )
    const player = page.locator('memorial-player')
    await player.getByText('The service has not begun yet').first().waitFor()
    assert.equal(await player.getAttribute('view'), null)
    answer()
    await player.getByText('The service has ended').first().waitFor()
    await page.unroute('**/api/memorials/**')
    opened.clean()
  })

  test('live: a moving picture by WHEP, reported to the player', async () => {
    fake.world.streams = [aStream({ phase: 'live', status: 'live', whepUrl: '/media/whep' })]
    await goto('/memorials/memorial-1')
    await until('a moving picture', () =>
      page.locator('video').evaluate((video) => /** @type {HTMLVideoElement} */ (video).currentTime > 0.3),
    )
    const calls = await page.evaluate(() => window.fakeClient.players[0].calls)
    assert.deepEqual(calls.slice(0, 2), ['show live', 'report playing'])
    opened.clean()
  })

  test('without server-sent events the changes still arrive', async () => {
    fake.world.events = false
    fake.world.streams = [aStream()]
    await goto('/memorials/memorial-1')
    await page.getByText('The service has not begun yet').first().waitFor()
    Object.assign(fake.world.streams[0], { phase: 'preparing', status: 'completed' })
    await page.getByText('The service has ended').first().waitFor({ timeout: 5000 })
    opened.clean(/404|EventSource/)
  })

  test('a lost connection is told, and forgotten when it is back', async () => {
    fake.world.streams = [aStream()]
    await goto('/memorials/memorial-1')
    const player = page.locator('memorial-player').getByText('The service has not begun yet', { exact: true })
    await player.waitFor()
    const notFound = { status: 404, body: { success: false, error: { code: 'not-found', what: 'There is none.' } } }
    for (const answer of [{ status: 0, close: true }, { status: 404 }, notFound]) {
      fake.world.events = false
      fake.world.answers['GET /api/memorials/memorial-1'] = answer
      fake.dropListeners()
      await page.getByText('The connection was lost.').waitFor()
      assert.equal(await player.isVisible(), true, 'what was known is still shown')
      fake.world.events = true
      fake.world.answers = {}
      const before = requestsTo('GET', '/api/memorials/memorial-1/events').length
      await page.evaluate(() => dispatchEvent(new Event('online')))
      await until('it listens', () => requestsTo('GET', '/api/memorials/memorial-1/events').length > before)
      await page.getByText('The connection was lost.').waitFor({ state: 'hidden' })
    }
  })

  test('a proxy that knows nothing of us does not make a memorial missing', async () => {
    await page.clock.install()
    await page.route('**/api/memorials/**', (route) =>
      route.fulfill({ status: 404, contentType: 'text/html', body: '<h1>404 Not Found</h1>' }),
    )
    await goto('/memorials/memorial-1')
    await page.getByText('The connection was lost.').waitFor()
    await heading('Memorial service').waitFor()
    const player = page.locator('memorial-player')
    await player.getByText('We keep trying').filter({ visible: true }).first().waitFor()
    assert.equal(await player.getAttribute('mode'), 'failed')
    assert.equal(await heading('We could not find this memorial').isVisible(), false)
    await page.unroute('**/api/memorials/**')
    await page.clock.runFor(3000)
    await heading('Edith Marlow').waitFor()
    await player.getByText('No service has been announced yet', { exact: true }).waitFor()
    assert.equal(await page.getByText('The connection was lost.').isVisible(), false)
  })

  test('a memorial that was not found is asked for now and then, and shown when it is there', async () => {
    const memorials = fake.world.memorials
    fake.world.memorials = []
    fake.world.streams = [aStream()]
    await page.clock.install()
    await goto('/memorials/memorial-1')
    const missing = heading('We could not find this memorial')
    await missing.waitFor()
    const player = page.locator('memorial-player').getByText('The service has not begun yet', { exact: true })
    const asked = () => requestsTo('GET', '/api/memorials/memorial-1').length
    const before = asked()
    await page.clock.runFor(15_000)
    assert.equal(asked(), before, 'not every three seconds')
    fake.world.memorials = memorials
    await page.clock.runFor(20_000)
    await heading('Edith Marlow').waitFor()
    await player.waitFor()
    assert.equal(await missing.isVisible(), false)
    opened.clean(/404/)
  })

  test('why there is no recording is not for the guests, who read whom to ask', async () => {
    const reason = 'Mux said: asset errored (invalid_input).'
    fake.world.streams = [aStream({ phase: 'none', status: 'completed', reason, reasonCode: 'recording-failed' })]
    await goto('/memorials/memorial-1')
    await page.getByText('please ask the family or the funeral home').filter({ visible: true }).first().waitFor()
    assert.equal(await page.getByText('asset errored').count(), 0)
    opened.clean()
  })

  /** @param {string} name */
  const has = (name) =>
    page
      .locator('memorial-player')
      .getAttribute(name)
      .then((value) => value !== null)
  const video = () =>
    page.locator('video').evaluate((element) => {
      const { currentTime, duration, videoWidth, videoHeight, paused, muted, ended } = /** @type {HTMLVideoElement} */ (
        element
      )
      return { currentTime, duration, videoWidth, videoHeight, paused, muted, ended }
    })

  test('live by HLS: plays by itself and goes on when the phone is turned', async () => {
    const began = Date.now()
    fake.world.files['/media/live.m3u8'] = () => {
      const to = Math.min(8, 2 + Math.floor((Date.now() - began) / 1000 / kSegment))
      return playlist({ from: Math.max(0, to - 6), to, ended: false })
    }
    fake.world.streams = [aStream({ phase: 'live', status: 'live', hlsUrl: '/media/live.m3u8' })]
    await goto('/memorials/memorial-1')
    await until('a moving picture', async () => (await video()).currentTime > 0.3 && (await has('playing')))
    assert.equal((await video()).videoWidth, 640)
    await until('the upright picture', async () => (await video()).videoWidth === 360, 20_000)
    assert.equal(await has('portrait'), true)
    opened.clean()
  })

  test('a recording by HLS: shows its length and first picture, plays on a tap, from start to end', async () => {
    fake.world.files['/media/recording.m3u8'] = () => playlist({ ended: true })
    const recorded = /** @type {const} */ ({
      phase: 'recording',
      status: 'completed',
      recordingUrl: '/media/recording.m3u8',
    })
    fake.world.streams = [aStream({ ...recorded, duration: 16 })]
    await goto('/memorials/memorial-1')
    await until('its length', async () => Math.abs((await video()).duration - 16) < 0.5)
    let early = 0
    let since = Date.now()
    await until('loading to have paused', () => {
      const now = fake.requests.filter(({ path }) => path.endsWith('.m4s')).length
      if (now !== early) [early, since] = [now, Date.now()]
      return early > 0 && Date.now() - since > 1000
    })
    assert.ok(early <= 2, `${early} segments before anyone plays it`)
    assert.equal((await video()).paused, true)
    await button('Watch the recording').click()
    await until('it plays', async () => (await video()).currentTime > 0.5)
    assert.equal(await button('Watch the recording').isVisible(), false)
    await page.locator('video').evaluate((one) => void Object.assign(one, { playbackRate: 8 }))
    await until('its end', async () => (await video()).ended, 15_000)
    assert.equal((await video()).videoWidth, 360)
    opened.clean()
  })

  test('a playlist that breaks off is reported, and loaded anew when the player says so', async () => {
    fake.world.files['/media/live.m3u8'] = () => 'not a playlist'
    fake.world.streams = [aStream({ phase: 'live', status: 'live', hlsUrl: '/media/live.m3u8' })]
    await goto('/memorials/memorial-1')
    const calls = () => page.evaluate(() => window.fakeClient?.players[0]?.calls ?? [])
    await until('a report', async () => (await calls()).includes('report failed'))
    fake.world.files['/media/live.m3u8'] = () => playlist({ to: 4, ended: false })
    await page.evaluate(() => window.fakeClient.players[0].emit({ mode: 'hls', url: '/media/live.m3u8' }))
    await until('a moving picture', async () => (await video()).currentTime > 0.3)
  })

  test('goes on where the recording broke off', async () => {
    const recorded = /** @type {const} */ ({ phase: 'recording', status: 'completed', recordingUrl: '/media/wide.mp4' })
    fake.world.streams = [aStream({ ...recorded })]
    await goto('/memorials/memorial-1')
    await button('Watch the recording').click()
    await until('it plays', async () => (await video()).currentTime > 1)
    const { currentTime } = await video()
    for (const [mode, url] of [
      ['interrupted', ''],
      ['recording', '/media/wide.mp4?again'],
    ]) {
      await page.evaluate((state) => window.fakeClient.players[0].emit(/** @type {any} */ (state)), { mode, url })
    }
    await until('it plays on', async () => (await video()).currentTime > currentTime && !(await video()).paused)
    opened.clean()
  })

  test('lists the other recordings, and a link to one opens it', async () => {
    const recorded = /** @type {const} */ ({ phase: 'recording', status: 'completed', recordingUrl: '/media/wide.mp4' })
    fake.world.streams = [
      aStream({ ...recorded, id: 'a', title: 'Funeral service', createdAt: '2026-11-20T10:00:00Z', duration: 3723 }),
      aStream({ ...recorded, id: 'b', title: 'Graveside', createdAt: '2026-11-19T10:00:00Z' }),
    ]
    await goto('/memorials/memorial-1')
    await heading('Funeral service').waitFor()
    await page.getByRole('link', { name: /Graveside/ }).click()
    await heading('Graveside').waitFor()
    assert.equal(page.url(), `${fake.url}/memorials/memorial-1#b`)
    await page.goBack()
    await heading('Funeral service').waitFor()
    opened.clean()
  })

  test('says that there is no such memorial, and that no service was announced', async () => {
    await goto('/memorials/memorial-1')
    await page.getByText('No service has been announced yet', { exact: true }).waitFor()
    await goto('/memorials/nobody')
    await heading('We could not find this memorial').waitFor()
    opened.clean(/404/)
  })
})
