// Each page in each state, as a person finds it: by names and words.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { kDesktop, kPhone, launch, openContext, until } from './browser.js'
import { aStream, startFake } from './fake-server.js'
import { kSegment, makeMedia, playlist } from './media.js'

/** @type {Awaited<ReturnType<typeof startFake>>} */
let fake
/** @type {import('playwright-core').Browser} */
let browser
/** @type {Awaited<ReturnType<typeof openContext>>} */
let opened
/** @type {import('playwright-core').Page} */
let page
let media = ''
/** @type {any} */
let fresh

before(async () => {
  media = await mkdtemp(join(tmpdir(), 'vigil-media-'))
  await makeMedia(media)
  fake = await startFake({ media })
  fresh = structuredClone(fake.world)
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await fake?.close()
  await rm(media, { recursive: true, force: true })
})
beforeEach(async () => {
  Object.assign(fake.world, structuredClone(fresh))
  fake.requests.length = 0
  opened = await openContext(browser, kDesktop)
  page = await opened.context.newPage()
})
afterEach(() => opened.context.close())

/** @param {string} path */
const goto = (path) => page.goto(fake.url + path)
/** @param {string} name @param {import('playwright-core').Page} [on] */
const button = (name, on = page) => on.getByRole('button', { name, exact: true })
/** @param {string} name */
const heading = (name) => page.getByRole('heading', { name, exact: true })
/** @param {string} method @param {string} path */
const requestsTo = (method, path) => fake.requests.filter((r) => r.method === method && r.path === path)

describe('the start page', () => {
  test('tells who is not signed in where the sign-in link is', async () => {
    fake.world.user = null
    await goto('/')
    await heading('Be together, wherever you are').waitFor()
    await page.getByText('Open your personal sign-in link').waitFor()
    opened.clean()
  })

  test('lists the memorials with a way to each, and adds one', async () => {
    fake.world.memorials.push({ id: 'memorial-2', name: 'Someone Else', canManage: false })
    await goto('/')
    await heading('Your memorials').waitFor()
    assert.equal(
      await page.getByRole('link', { name: 'Manage streams of Edith Marlow' }).getAttribute('href'),
      '/memorials/memorial-1/manage',
    )
    assert.equal(await page.getByRole('link', { name: 'Manage streams of Someone Else' }).count(), 0)
    await page.getByRole('textbox', { name: 'Name of the person' }).fill('Henry <b>Marlow</b>')
    await button('Add Memorial').click()
    await heading('Henry <b>Marlow</b>').waitFor()
    opened.clean()
  })

  test('says beside the field what is missing, and sends nothing', async () => {
    await goto('/')
    await button('Add Memorial').click()
    await page.getByText('Please write the name of the person.').waitFor()
    assert.equal(await page.getByRole('textbox').evaluate((field) => field === document.activeElement), true)
    assert.equal(requestsTo('POST', '/api/memorials').length, 0)
  })

  test('says that the server cannot be reached, and tries again', async () => {
    fake.world.answers['GET /api/session'] = { status: 0, close: true }
    await goto('/')
    await page.getByText('We could not reach Vigil').waitFor()
    fake.world.answers = {}
    await button('Try Again').click()
    await heading('Your memorials').waitFor()
  })

  test('signs out', async () => {
    await goto('/')
    await button('Sign out').click()
    await heading('Be together, wherever you are').waitFor()
  })
})

describe('the sign-in page', () => {
  test('turns the token into a session, and leaves it nowhere', async () => {
    fake.world.user = null
    await goto('/sign-in#good-token')
    await heading('Your memorials').waitFor()
    assert.deepEqual(requestsTo('POST', '/api/session')[0].body, { token: 'good-token' })
    await page.goBack().catch(() => {})
    assert.ok(!page.url().includes('good-token'))
    opened.clean()
  })

  test('lets someone in who is signed in already and opens the link once more', async () => {
    for (const path of ['/sign-in#old-token', '/sign-in']) {
      await goto(path)
      await heading('Your memorials').waitFor()
    }
  })

  test('says that a link was used or is too old', async () => {
    fake.world.user = null
    await goto('/sign-in#old-token')
    await heading('This link does not work any more').waitFor()
    assert.equal(page.url(), `${fake.url}/sign-in`)
    opened.clean(/401/)
  })

  test('says what to do without a token', async () => {
    fake.world.user = null
    await goto('/sign-in')
    await heading('Please open your sign-in link').waitFor()
    opened.clean()
  })
})

describe('stream management', () => {
  test('without a session, for another family, and for no memorial, says so in plain words', async () => {
    fake.world.user = null
    await goto('/memorials/memorial-1/manage')
    await heading('Please sign in first').waitFor()
    fake.world.user = { uid: 'u', name: 'N', role: 'owner' }
    fake.world.memorials[0].canManage = false
    await goto('/memorials/memorial-1/manage')
    await heading('This memorial belongs to someone else').waitFor()
    await goto('/memorials/memorial-9/manage')
    await heading('We could not find this memorial').waitFor()
    opened.clean(/401|403|404/)
  })

  test('creates a browser stream with a backup: one tap, one request, one card', async () => {
    await goto('/memorials/memorial-1/manage')
    await page.getByText('There is no stream yet').waitFor()
    await button('Create Stream').click()
    const dialog = page.getByRole('dialog', { name: 'Create a stream' })
    assert.equal(await dialog.getByRole('radio', { name: 'Browser Streaming (WHIP)' }).isChecked(), true)
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Funeral service')
    await dialog.getByRole('checkbox', { name: 'Enable Mux Backup Recording' }).check()
    await button('Create Stream').last().dblclick()
    await page.getByRole('article', { name: 'Funeral service' }).getByText('Ready to stream').waitFor()
    await dialog.waitFor({ state: 'hidden' })
    const posts = requestsTo('POST', '/api/streams/create-whip')
    assert.equal(posts.length, 1)
    assert.deepEqual(posts[0].body, { memorialId: 'memorial-1', title: 'Funeral service', enableMuxBackup: true })
    assert.match(String(posts[0].headers['idempotency-key']), /^[0-9a-f]{32}$/)
    await page.getByText('Mux Backup', { exact: true }).waitFor()
    opened.clean()
  })

  test('offers the backup only for the browser method', async () => {
    await goto('/memorials/memorial-1/manage')
    await button('Create Stream').click()
    await page.getByRole('radio', { name: 'OBS Studio (RTMP)' }).check()
    assert.equal(await page.getByRole('checkbox').isVisible(), false)
    await page.getByRole('textbox', { name: 'Title' }).fill('Graveside')
    await page.keyboard.press('Enter')
    await page.getByRole('article', { name: 'Graveside' }).waitFor()
    assert.deepEqual(requestsTo('POST', '/api/streams/create-obs')[0].body, {
      memorialId: 'memorial-1',
      title: 'Graveside',
    })
    opened.clean()
  })

  test('shows an error beside the field it belongs to, others above the button', async () => {
    await goto('/memorials/memorial-1/manage')
    await button('Create Stream').click()
    const dialog = page.getByRole('dialog')
    const title = dialog.getByRole('textbox', { name: 'Title' })
    await button('Create Stream').last().click()
    await dialog.getByText('Please give the stream a title.').waitFor()
    assert.equal(await title.getAttribute('aria-invalid'), 'true')
    assert.equal(requestsTo('POST', '/api/streams/create-whip').length, 0)

    await title.fill('x')
    const error = { code: 'invalid', what: 'This title is too long.', where: '/title' }
    fake.world.answers['POST /api/streams/create-whip'] = { status: 422, body: { success: false, error } }
    await button('Create Stream').last().click()
    await dialog.getByText('This title is too long.').waitFor()
    assert.equal(await title.getAttribute('aria-invalid'), 'true')

    delete (/** @type {any} */ (error).where)
    error.what = 'The media server is not there.'
    await button('Create Stream').last().click()
    await dialog.getByRole('alert').filter({ hasText: 'The media server is not there.' }).waitFor()
    assert.equal(await title.getAttribute('aria-invalid'), null)
  })

  test('an order that got no answer is tried again under the same key; a changed one under another', async () => {
    await goto('/memorials/memorial-1/manage')
    await button('Create Stream').click()
    const title = page.getByRole('textbox', { name: 'Title' })
    await title.fill('Funeral service')
    fake.world.answers['POST /api/streams/create-whip'] = { status: 0, close: true }
    const posts = () => requestsTo('POST', '/api/streams/create-whip')
    for (const text of ['Funeral service', 'Funeral service', 'Farewell']) {
      const before = posts().length
      await title.fill(text)
      await button('Create Stream').last().click()
      await until('answered', async () => posts().length > before && (await button('Create Stream').last().isEnabled()))
    }
    const keys = posts().map(({ headers }) => headers['idempotency-key'])
    assert.equal(new Set(keys.slice(0, -1)).size, 1)
    assert.notEqual(keys.at(-1), keys[0])
  })

  test('keeps the keyboard inside the dialog, closes it with Escape and returns to where it was', async () => {
    await goto('/memorials/memorial-1/manage')
    await button('Create Stream').focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press('Tab')
      const outside = await page.evaluate(
        () => document.activeElement !== document.body && !document.activeElement?.closest('dialog'),
      )
      assert.equal(outside, false)
    }
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    assert.equal(await button('Create Stream').evaluate((one) => one === document.activeElement), true)
  })

  test('does the same where the browser has no dialogs', async () => {
    await page.addInitScript(() => {
      Reflect.deleteProperty(HTMLDialogElement.prototype, 'showModal')
      Reflect.deleteProperty(HTMLDialogElement.prototype, 'close')
    })
    await goto('/memorials/memorial-1/manage')
    await button('Create Stream').click()
    const dialog = page.getByRole('dialog', { name: 'Create a stream' })
    await dialog.waitFor()
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press('Tab')
      assert.equal(await page.evaluate(() => Boolean(document.activeElement?.closest('dialog'))), true)
    }
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    assert.equal(await button('Create Stream').evaluate((one) => one === document.activeElement), true)
    await page.keyboard.press('Enter')
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Graveside')
    await page.keyboard.press('Enter')
    await page.getByRole('article', { name: 'Graveside' }).waitFor()
    await button('Go Live').click()
    await button('Start Streaming').waitFor()
    opened.clean()
  })

  test('follows each stream without reload', async () => {
    fake.world.streams = [aStream()]
    await goto('/memorials/memorial-1/manage')
    const card = page.getByRole('article', { name: 'Funeral service' })
    await card.getByText('Ready to stream').waitFor()
    for (const [phase, status, text] of /** @type {const} */ ([
      ['live', 'live', 'LIVE'],
      ['interrupted', 'live', 'Interrupted'],
      ['preparing', 'completed', 'Preparing the recording'],
      ['recording', 'completed', 'Recording available'],
    ])) {
      Object.assign(fake.world.streams[0], { phase, status })
      fake.changed()
      await card.getByText(text, { exact: true }).waitFor()
    }
    await page.getByRole('status').filter({ hasText: 'Funeral service: Recording available' }).waitFor()
    opened.clean()
  })

  test('shows the RTMP URL and the stream key only when asked, and copies them', async () => {
    fake.world.streams = [aStream({ streamingMethod: 'obs', rtmpUrl: 'rtmp://h/live', streamKey: 'a-secret-key' })]
    await opened.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await goto('/memorials/memorial-1/manage')
    await button('Show the stream key').waitFor()
    assert.equal(await button('Go Live').count(), 0)
    assert.ok(!(await page.content()).includes('a-secret-key'))
    assert.equal(requestsTo('GET', '/api/streams/stream-1').length, 0)
    await button('Show the stream key').click()
    assert.equal(await page.getByRole('textbox', { name: 'RTMP URL' }).inputValue(), 'rtmp://h/live')
    await button('Copy: Stream key').click()
    await button('Copied').waitFor()
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'a-secret-key')
    await button('Hide the stream key').click()
    assert.equal(await page.getByRole('textbox', { name: 'Stream key' }).count(), 0)
    opened.clean()
  })
})

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
  const calls = () => page.evaluate(() => window.fakeClient.publishers.at(-1)?.calls ?? [])

  test('goes live and stops, asking once', async () => {
    await button('Go Live').click()
    const overlay = page.getByRole('dialog', { name: 'Go live: Funeral service' })
    await overlay.getByText('Nobody can see you yet.').first().waitFor()
    await button('Start Streaming').click()
    await button('Stop Streaming').waitFor()
    assert.deepEqual(await calls(), ['preview', 'start /media/whip'])
    await overlay.getByText('LIVE', { exact: true }).filter({ visible: true }).waitFor()
    assert.match(String(await overlay.getByRole('timer').textContent()), /^0:0\d$/)

    await button('Stop Streaming').click()
    await button('Keep streaming').click()
    assert.ok(!(await calls()).includes('stop'))
    await button('Stop Streaming').click()
    await button('Yes, stop').click()
    await overlay.getByText('The stream has ended').first().waitFor()
    assert.deepEqual(await calls(), ['preview', 'start /media/whip', 'stop'])
    await button('Done').click()
    await overlay.waitFor({ state: 'hidden' })
    opened.clean()
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
    await until('a second preview', async () => (await calls()).join() === 'preview,preview')
    await emit('Ready')
    await button('Start Streaming').click()
    await until('a start', async () => (await calls()).join() === 'preview,preview,start /media/whip')
    await emit('Failed', { sentence: 'The server refused.' })
    await button('Try Again').click()
    await until(
      'a second start',
      async () => (await calls()).filter((/** @type {string} */ c) => c.startsWith('start')).length === 2,
    )
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

  test('live: a moving picture by WHEP, reported to the player', async () => {
    fake.world.streams = [aStream({ phase: 'live', status: 'live', whepUrl: '/media/whep' })]
    await goto('/memorials/memorial-1')
    await until('a moving picture', () =>
      page.evaluate(() => (document.querySelector('video')?.currentTime ?? 0) > 0.3),
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
    await page.getByText('The service has not begun yet').first().waitFor()
    fake.world.events = false
    fake.world.answers['GET /api/memorials/memorial-1'] = { status: 0, close: true }
    fake.dropListeners()
    await page.getByText('The connection was lost.').waitFor()
    fake.world.events = true
    fake.world.answers = {}
    await page.getByText('The connection was lost.').waitFor({ state: 'hidden' })
  })

  /** @param {string} name */
  const has = (name) =>
    page
      .locator('memorial-player')
      .getAttribute(name)
      .then((value) => value !== null)
  const video = () =>
    page.evaluate(() => {
      const { currentTime, duration, videoWidth, videoHeight, paused, muted, ended } = /** @type {HTMLVideoElement} */ (
        document.querySelector('video')
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
    const early = fake.requests.filter(({ path }) => path.endsWith('.m4s')).length
    assert.ok(early <= 2, `${early} segments before anyone plays it`)
    assert.equal((await video()).paused, true)
    await button('Watch the recording').click()
    await until('it plays', async () => (await video()).currentTime > 0.5)
    assert.equal(await button('Watch the recording').isVisible(), false)
    await page.evaluate(() => document.querySelectorAll('video').forEach((one) => (one.playbackRate = 8)))
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
    await page.getByText('No service has been announced yet.').waitFor()
    await goto('/memorials/nobody')
    await heading('We could not find this memorial').waitFor()
    opened.clean(/404/)
  })
})

test('an unknown address says so', async () => {
  await goto('/nowhere/at/all')
  await heading('We could not find this page').waitFor()
  opened.clean()
})

test('on a phone nothing is wider than the screen and every control is large enough to tap', async () => {
  const { context } = await openContext(browser, kPhone)
  const phone = await context.newPage()
  const recorded = /** @type {const} */ ({
    phase: 'recording',
    status: 'completed',
    recordingUrl: '/media/wide.mp4',
    downloadUrl: '/media/wide.mp4',
  })
  fake.world.streams = [
    aStream({ whipUrl: '/media/whip' }),
    aStream({ id: 'b', title: 'Graveside', streamingMethod: 'obs', rtmpUrl: 'rtmp://h/live', streamKey: 'k' }),
    aStream({ id: 'c', title: 'Wake', ...recorded }),
  ]
  for (const path of ['/', '/sign-in', '/memorials/memorial-1', '/memorials/memorial-1/manage', '/nowhere']) {
    await phone.goto(fake.url + path)
    await phone.getByRole('heading').filter({ visible: true }).first().waitFor()
    if (path.endsWith('manage')) {
      await button('Show the stream key', phone).click()
      await phone.getByRole('textbox', { name: 'Stream key' }).waitFor()
    }
    const found = await phone.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      small: [...document.querySelectorAll('a, button, summary, input[type=text], label.choice')]
        .filter((one) => !one.matches('.skip, p a') && one.getClientRects().length > 0)
        .map((one) => ({ one: one.outerHTML.slice(0, 80), box: one.getBoundingClientRect() }))
        .filter(({ box }) => box.height < 44 || box.width < 44)
        .map(({ one }) => one),
    }))
    assert.deepEqual(found, { scroll: 390, small: [] }, path)
  }
  await context.close()
})

describe('a browser that plays nothing, or no sound, before a tap', () => {
  /**
   * Chromium's own policy cannot serve here: each look of Playwright into a page counts as a gesture.
   *
   * @param {'sound' | 'everything'} refused
   */
  const openStrict = async (refused) => {
    fake.world.streams = [aStream({ phase: 'live', status: 'live', hlsUrl: '/media/live.m3u8' })]
    fake.world.files['/media/live.m3u8'] = () => playlist({ to: 4, ended: false })
    const { context, clean } = await openContext(browser, kPhone)
    await context.addInitScript((refused) => {
      let tapped = false
      addEventListener('pointerup', (event) => (tapped ||= event.isTrusted), true)
      const play = HTMLMediaElement.prototype.play
      HTMLMediaElement.prototype.play = function () {
        if (tapped || (this.muted && refused === 'sound')) return play.call(this)
        return Promise.reject(new DOMException('refused', 'NotAllowedError'))
      }
    }, refused)
    const phone = await context.newPage()
    await phone.goto(`${fake.url}/memorials/memorial-1`)
    return { phone, context, clean }
  }

  test('plays muted and offers a large button for the sound', async () => {
    const { phone, context, clean } = await openStrict('sound')
    const sound = button('Turn on sound', phone)
    await sound.waitFor()
    const muted = () => phone.evaluate(() => document.querySelector('video')?.muted)
    assert.equal(await muted(), true)
    assert.ok(Number((await sound.boundingBox())?.height) >= 56)
    await sound.tap()
    assert.equal(await muted(), false)
    await button('Mute', phone).waitFor()
    clean()
    await context.close()
  })

  test('where even that is refused, one tap starts it with sound', async () => {
    const { phone, context, clean } = await openStrict('everything')
    await button('Watch now', phone).tap()
    const playing = () =>
      phone.evaluate(() => {
        const { currentTime, muted } = /** @type {HTMLVideoElement} */ (document.querySelector('video'))
        return currentTime > 0.3 && !muted
      })
    await until('a moving picture with sound', playing)
    assert.equal(await button('Watch now', phone).isVisible(), false)
    clean()
    await context.close()
  })
})
