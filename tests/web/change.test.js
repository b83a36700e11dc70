// A stream after it was made: renamed, its key replaced, removed; its backup set up again; looked at again.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { aStream } from './fake-server.js'
import { button, described, fake, goto, opened, page, requestsTo } from './suite.js'

const card = (title = 'Funeral service') => page.getByRole('article', { name: title })

/** @param {Partial<import('../../web/types.js').FullStream>} [differences] */
async function manage(differences) {
  fake.world.streams.push(aStream(differences))
  await goto('/memorials/memorial-1/manage')
  await card().waitFor()
}

describe('changing a stream', () => {
  test('gives it another title and a time', async () => {
    await manage()
    await button('Change Funeral service').click()
    const dialog = page.getByRole('dialog', { name: 'Change this stream' })
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Farewell')
    await dialog.getByLabel('Planned to begin', { exact: true }).fill('2026-11-20T10:30')
    await button('Save').click()
    await card('Farewell').waitFor()
    await dialog.waitFor({ state: 'hidden' })
    assert.deepEqual(requestsTo('PATCH', '/api/streams/stream-1')[0].body, {
      title: 'Farewell',
      scheduledAt: await page.evaluate(() => new Date('2026-11-20T10:30').toISOString()),
    })
    opened.clean()
  })

  test('says beside the title what is wrong with it', async () => {
    await manage()
    await button('Change Funeral service').click()
    const dialog = page.getByRole('dialog', { name: 'Change this stream' })
    const title = dialog.getByRole('textbox', { name: 'Title' })
    await title.fill(' ')
    await button('Save').click()
    await dialog.getByText('Please give the stream a title.').waitFor()
    assert.equal(await title.getAttribute('aria-invalid'), 'true')
    assert.equal(requestsTo('PATCH', '/api/streams/stream-1').length, 0)
  })

  test('says beside the time what is wrong with it', async () => {
    await manage()
    const error = { code: 'invalid', what: 'The time must be a time in UTC.', where: '/scheduledAt' }
    fake.world.answers['PATCH /api/streams/stream-1'] = { status: 422, body: { success: false, error } }
    await button('Change Funeral service').click()
    const dialog = page.getByRole('dialog', { name: 'Change this stream' })
    const when = dialog.getByLabel('Planned to begin', { exact: true })
    await button('Save').click()
    await dialog.getByText(error.what).waitFor()
    assert.deepEqual([await when.getAttribute('aria-invalid'), await described(when)], ['true', error.what])
    assert.equal(await when.evaluate((one) => one === document.activeElement), true)
    assert.equal(await dialog.getByRole('alert').isVisible(), false)
    delete fake.world.answers['PATCH /api/streams/stream-1']
    await button('Save').click()
    await dialog.waitFor({ state: 'hidden' })
    opened.clean(/422/)
  })

  test('removes it only when asked twice', async () => {
    await manage()
    await button('Change Funeral service').click()
    await button('Remove this stream').click()
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Keep it')
    await button('Keep it').click()
    assert.equal(requestsTo('DELETE', '/api/streams/stream-1').length, 0)
    await button('Remove this stream').click()
    await button('Yes, remove').click()
    await page.getByText('There is no stream yet').waitFor()
    assert.equal(requestsTo('DELETE', '/api/streams/stream-1').length, 1)
    opened.clean()
  })

  test('a refusal is said in the dialog, and the stream stays', async () => {
    await manage({ phase: 'live', status: 'live' })
    const what = 'This service is live. Stop it first.'
    fake.world.answers['DELETE /api/streams/stream-1'] = { status: 409, body: { error: { code: 'live', what } } }
    await button('Change Funeral service').click()
    await button('Remove this stream').click()
    await button('Yes, remove').click()
    await page.getByRole('alert').filter({ hasText: what }).waitFor()
    await button('Close').first().click()
    await card().waitFor()
    opened.clean(/409/)
  })

  test('makes a new stream key and hides the old one', async () => {
    await manage({ streamingMethod: 'obs', rtmpUrl: 'rtmp://127.0.0.1:1935/live', streamKey: 'a-secret-key' })
    await button('Show the stream key').click()
    await card().getByLabel('Stream key', { exact: true }).waitFor()
    await button('Change Funeral service').click()
    await button('Make a new stream key').click()
    const question = page.getByRole('group', { name: /^Make a new one\?/ })
    await question.waitFor()
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Cancel')
    await question.getByRole('button', { name: 'Cancel' }).click()
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Make a new stream key')
    assert.equal(requestsTo('POST', '/api/streams/stream-1/rotate-keys').length, 0)
    await button('Make a new stream key').click()
    await button('Yes, make a new one').click()
    await button('Show the stream key').click()
    assert.equal(await card().getByLabel('Stream key', { exact: true }).inputValue(), 'another-secret-key')
    assert.equal(requestsTo('POST', '/api/streams/stream-1/rotate-keys').length, 1)
    opened.clean()
  })

  test('stops every other device only when asked twice', async () => {
    await manage({ phase: 'live', status: 'live', whipUrl: '/media/whip' })
    await button('Change Funeral service').click()
    await button('Remove this stream').click()
    await button('Stop every other device').click()
    await page.getByRole('group', { name: /^Stop them\?/ }).waitFor()
    assert.equal(await button('Remove this stream').isVisible(), true, 'one question at a time')
    assert.equal(requestsTo('POST', '/api/streams/stream-1/rotate-keys').length, 0)
    await button('Yes, stop').click()
    await page.getByRole('dialog', { name: 'Change this stream' }).waitFor({ state: 'hidden' })
    assert.equal(requestsTo('POST', '/api/streams/stream-1/rotate-keys').length, 1)
    assert.equal(requestsTo('DELETE', '/api/streams/stream-1').length, 0)
    opened.clean()
  })
})

describe('what could not be set up, or was not told', () => {
  test('why there is no recording', async () => {
    await manage({ phase: 'none', status: 'completed', reason: 'The video service made none.', reasonCode: 'x' })
    await card().getByText('The video service made none.').waitFor()
    Object.assign(fake.world.streams[0], { phase: 'preparing', reason: undefined })
    fake.changed()
    await card().getByText('The video service made none.').waitFor({ state: 'hidden' })
    opened.clean()
  })

  test('a backup that is missing is still offered after the page was loaded again, and when another page made it', async () => {
    await manage({
      backup: 'pending',
      recordingSources: { cloudflare: { available: false }, mux: { available: false } },
    })
    await card().getByText('Mux Backup: not set up yet').waitFor()
    fake.world.streams.push(aStream({ id: 'stream-2', title: 'Graveside', backup: 'failed' }))
    fake.changed()
    await card('Graveside').getByText('Mux Backup: not set up yet').waitFor()
    await card('Graveside').getByRole('button', { name: 'Set up the backup again' }).click()
    await card('Graveside').getByText('Mux Backup', { exact: true }).waitFor()
    await button('Set up the backup again').click()
    await card().getByText('Mux Backup', { exact: true }).waitFor()
    opened.clean()
  })

  test('a stream that is not recorded says so', async () => {
    await manage({ path: 'direct', capabilities: { records: false, hls: false, outputs: false, whep: true } })
    await card().getByText('This stream is not recorded').waitFor()
    assert.equal(await card().getByText('Cloudflare Recording').count(), 0)
    fake.changed()
    await card().getByText('This stream is not recorded').waitFor()
    opened.clean()
  })

  test('a backup that is missing is shown when the stream is made, and set up with one tap', async () => {
    const what = 'The backup could not be set up. The stream works without it.'
    const stream = aStream({ backup: 'failed' })
    fake.world.answers['POST /api/streams/create-whip'] = {
      status: 201,
      body: { success: true, stream, warnings: [{ where: '/enableMuxBackup', what }] },
    }
    await goto('/memorials/memorial-1/manage')
    await button('Create Stream').click()
    await page.getByRole('dialog').getByRole('textbox', { name: 'Title' }).fill('Funeral service')
    await button('Create Stream').last().click()
    await card().getByRole('alert').filter({ hasText: what }).waitFor()
    await card().getByText('Mux Backup: not set up yet').waitFor()
    fake.world.streams.push(stream)
    await button('Set up the backup again').click()
    await card().getByText('Mux Backup', { exact: true }).waitFor()
    assert.equal(await button('Set up the backup again').isVisible(), false)
    assert.equal(await card().getByRole('alert').isVisible(), false)
    opened.clean()
  })

  test('a person may ask again after a recording, and reads why when that does not work', async () => {
    await manage({ phase: 'preparing', status: 'completed' })
    await button('Check again for Funeral service').click()
    await page.getByText('We looked again just now.').waitFor()
    const what = 'The video service does not answer just now. Please try again in a minute.'
    fake.world.answers['POST /api/streams/stream-1/check'] = { status: 502, body: { error: { code: 'x', what } } }
    await button('Check again for Funeral service').click()
    await card().getByRole('alert').filter({ hasText: what }).waitFor()
    assert.equal(await button('Check again for Funeral service').isEnabled(), true)
    opened.clean(/502/)
  })
})
