// Stream management: the list, the dialog, the cards.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { until } from './browser.js'
import { aStream } from './fake-server.js'
import { button, described, fake, goto, heading, opened, page, requestsTo } from './suite.js'

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

  test('a server that cannot answer, or a proxy in its place, is no missing memorial', async () => {
    const answers = [
      [{ status: 503, body: { error: { code: 'x', what: 'We are just starting.' } } }, 'We are just starting.'],
      [{ status: 404 }, 'Something went wrong on our side. Please try again in a moment.'],
    ]
    for (const [answer, title] of /** @type {[import('./fake-server.js').Answer, string][]} */ (answers)) {
      fake.world.answers['GET /api/memorials/memorial-1/streams'] = answer
      await goto('/memorials/memorial-1/manage')
      await heading(title).waitFor()
      fake.world.answers = {}
      await button('Try Again').click()
      await heading('Edith Marlow').waitFor()
    }
    opened.clean(/503|404/)
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

    error.what = 'The time must be a time in UTC.'
    error.where = '/scheduledAt'
    await button('Create Stream').last().click()
    const when = dialog.getByLabel('Planned to begin', { exact: true })
    await until('it is said at the time', async () => (await when.getAttribute('aria-invalid')) === 'true')
    assert.deepEqual(
      [await described(when), await described(title)],
      [
        'The time must be a time in UTC. If you know it already. The memorial page says so.',
        ' For example “Funeral service” or “Graveside”.',
      ],
    )
    assert.equal(await when.evaluate((one) => one === document.activeElement), true)
    assert.equal(await title.getAttribute('aria-invalid'), null)
    assert.equal(await dialog.getByRole('alert').isVisible(), false)

    delete (/** @type {any} */ (error).where)
    error.what = 'The media server is not there.'
    await button('Create Stream').last().click()
    await dialog.getByRole('alert').filter({ hasText: 'The media server is not there.' }).waitFor()
    assert.equal(await title.getAttribute('aria-invalid'), null)
    assert.equal(await when.getAttribute('aria-invalid'), null)
  })

  test('an order keeps its key until it has succeeded; a changed one, or the next, has another', async () => {
    await goto('/memorials/memorial-1/manage')
    const title = page.getByRole('textbox', { name: 'Title' })
    const route = 'POST /api/streams/create-whip'
    const posts = () => requestsTo('POST', '/api/streams/create-whip')
    /** The key under which it was asked for last. @param {string} text */
    const order = async (text) => {
      const before = posts().length
      await title.fill(text)
      await button('Create Stream').last().click()
      await until('answered', async () => posts().length > before && (await button('Create Stream').last().isEnabled()))
      return posts().at(-1)?.headers['idempotency-key']
    }
    const refused = (/** @type {number} */ status) => ({ status, body: { error: { code: 'x', what: 'Not now.' } } })
    await button('Create Stream').click()
    fake.world.answers[route] = { status: 0, close: true }
    const first = await order('Funeral service')
    for (const status of [409, 502, 503, 504]) {
      fake.world.answers[route] = refused(status)
      assert.equal(await order('Funeral service'), first, `after ${status}`)
    }
    assert.notEqual(await order('Farewell'), first)
    delete fake.world.answers[route]
    const made = await order('Farewell')
    await page.getByRole('article', { name: 'Farewell' }).waitFor()
    await button('Create Stream').first().click()
    assert.notEqual(await order('Farewell'), made)
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
