/** What the routes show of a stream: to anybody, and to those who manage it. The pages' fake server shows the same. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { kShown } from '../web/fake-server.js'
import { createKit, createStream, notification, publicStream, video } from './kit.js'

/** @type {import('./kit.js').Kit} */
let kit
beforeEach(async () => void (kit = await createKit()))
afterEach(() => kit.close())

const scheduledAt = '2026-09-23T10:00:00.000Z'
const withBackup = { memorialId: 'm1', title: 'Service', scheduledAt, enableMuxBackup: true }
const listed = async () => (await (await kit.get('/api/memorials/m1/streams', 'owner')).json()).streams[0]

test('who manages a stream reads in the list that its backup is missing, and what the provider can do', async () => {
  for (const [backup, step] of /** @type {const} */ ([
    ['pending', '/outputs'],
    ['failed', '/mux/'],
  ])) {
    kit.media.fault = (request, response) =>
      Boolean(request.url?.includes(step) && request.method === 'POST' && response.writeHead(500).end('{}'))
    const answer = await kit.post('/api/streams/create-whip', withBackup, 'owner')
    const { stream, warnings } = await answer.json()
    assert.deepEqual([stream.backup, warnings[0].code], [backup, `backup-${backup}`])
    const { capabilities, ...view } = await listed()
    assert.equal(view.backup, backup)
    assert.deepEqual(capabilities, { records: true, hls: true, outputs: true, whep: true })
    for (const key of ['whipUrl', 'streamKey', 'rtmpUrl']) assert.equal(key in view, false, key)
    assert.equal((await publicStream(kit)).backup, undefined, 'nobody else needs to know')
    await kit.send('DELETE', `/api/streams/${stream.id}`, undefined, 'owner')
  }
})

test('the fake server of the page tests shows what the routes show, all of it and nothing else', async () => {
  const anybody = new Set()
  const managers = new Set()
  const look = async () => {
    for (const key of Object.keys(await publicStream(kit))) anybody.add(key)
    for (const key of Object.keys(await listed())) managers.add(key)
  }
  const { stream } = await (await kit.post('/api/streams/create-whip', withBackup, 'owner')).json()
  const input = stream.cloudflareInputId
  await kit.notify(notification('connected', input, '2026-09-23T10:00:00Z'))
  const wrong = { live_input_errored: { error: { code: 'ERR_GOP_OUT_OF_RANGE', message: 'keyframes' } } }
  await kit.notify(notification('errored', input, '2026-09-23T10:00:01Z', wrong))
  await look()
  await kit.notify(notification('disconnected', input, '2026-09-23T12:00:00Z', { reason: 'stopped' }))
  await kit.notifyVideo(video(input))
  await look()
  await kit.send('DELETE', `/api/streams/${stream.id}`, undefined, 'owner')
  const { cloudflareInputId } = await createStream(kit)
  await kit.notify(notification('connected', cloudflareInputId, '2026-09-23T10:00:00Z'))
  await kit.notify(notification('disconnected', cloudflareInputId, '2026-09-23T12:00:00Z', { reason: 'stopped' }))
  const status = { state: 'error', errorReasonCode: 'ERR_DURATION_TOO_SHORT', errorReasonText: '' }
  await kit.notifyVideo(video(cloudflareInputId, { readyToStream: false, status }))
  await look()
  assert.deepEqual([...anybody].sort(), [...kShown.toAnybody].sort())
  assert.deepEqual([...managers].sort(), [...kShown.toAnybody, ...kShown.toManagers].sort())
})
