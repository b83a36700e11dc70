// The small pages, and what all pages have in common.
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { kPhone, openContext } from './browser.js'
import { aStream } from './fake-server.js'
import { makeMedia } from './media.js'
import { browser, button, fake, goto, heading, mediaFolder, opened, page, requestsTo } from './suite.js'

before(() => makeMedia(mediaFolder))

describe('the start page', () => {
  test('leads who is not signed in to where that is done', async () => {
    fake.world.user = null
    await goto('/')
    await heading('Be together, wherever you are').waitFor()
    await page.getByRole('link', { name: 'Sign in' }).click()
    await heading('Please open your sign-in link').waitFor()
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

test('without a network a page says so, and comes back by itself; nothing else is kept on the device', async () => {
  const { context } = await openContext(browser, kPhone)
  const phone = await context.newPage()
  fake.world.streams = [aStream({ whipUrl: '/media/whip' })]
  await phone.goto(`${fake.url}/memorials/memorial-1/manage`)
  await phone.evaluate(() => navigator.serviceWorker.ready)
  await phone.goto(`${fake.url}/memorials/memorial-1`)
  await phone.getByRole('heading', { name: 'Edith Marlow' }).waitFor()
  const kept = await phone.evaluate(async () => {
    const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)))
    const requests = await Promise.all(caches_.map((cache) => cache.keys()))
    return requests.flat().map(({ url }) => new URL(url).pathname.replace(/-[A-Z0-9]{8}|.*chunk.*/, ''))
  })
  const files = ['/assets/es.js', '/assets/icon.svg', '/assets/said.js', '/assets/site.css', '/offline']
  assert.deepEqual(kept.filter(Boolean).sort(), files)

  await context.setOffline(true)
  await phone.reload()
  await phone.getByRole('heading', { name: 'There is no connection' }).waitFor()
  assert.equal(await phone.locator('body').evaluate((body) => getComputedStyle(body).margin), '0px', 'with its style')
  await context.setOffline(false)
  await phone.getByRole('heading', { name: 'Edith Marlow' }).waitFor()
  await context.close()
})
