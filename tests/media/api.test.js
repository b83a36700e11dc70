import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { apiOf, given } from './media.js'

test('a live input is created with everything the documented answer has that we can fill', async (t) => {
  const media = await given(t, { publicUrl: 'https://vigil.test/media' })
  const asked = {
    meta: { name: 'Service for A. Example', streamId: 'st_1' },
    recording: { mode: 'automatic', timeoutSeconds: 30, allowedOrigins: ['memorial.example.org'] },
    defaultCreator: 'uid_owner',
    deleteRecordingAfterDays: null,
  }
  const { status, body } = await media.api('POST', '/live_inputs', asked)
  assert.equal(status, 200)
  const { result } = body
  assert.deepEqual(body, { result, success: true, errors: [], messages: [] })
  const key = result.rtmps.streamKey
  assert.match(key, new RegExp(`^[0-9a-f]{32}k${result.uid}$`))
  assert.equal(result.rtmps.url, `rtmp://vigil.test:${media.rtmpPort}/live/`)
  assert.equal(result.webRTC.url, `https://vigil.test/media/${key}/webRTC/publish`)
  assert.equal(result.webRTCPlayback.url, `https://vigil.test/media/${result.uid}/webRTC/play`)
  assert.equal(result.playback.hls, `https://vigil.test/media/${result.uid}/manifest/video.m3u8`)
  assert.equal(result.status, null)
  assert.deepEqual(result.meta, asked.meta)
  assert.deepEqual(result.recording, { ...asked.recording, requireSignedURLs: false, hideLiveViewerCount: false })
  assert.deepEqual((await media.api('GET', `/live_inputs/${result.uid}`)).body.result, result)
})

test('whether it is well can be asked, by the container above all', async (t) => {
  const { url } = await given(t)
  assert.equal((await fetch(`${url}/healthz`)).status, 200)
  const { port } = new URL(url)
  const health = async (/** @type {Record<string, string>} */ env) => {
    const options = { env: { ...process.env, PORT: '1', MEDIA_PORT: '1', ...env } }
    const [code] = await once(spawn(process.execPath, ['scripts/health.js'], options), 'exit')
    return code
  }
  assert.equal(await health({ PORT: port }), 0)
  assert.equal(await health({ SHIM_URL: 'http://shim.test', MEDIA_PORT: port }), 0, 'a relay')
  assert.equal(await health({ WEBHOOK_URL: 'http://shim.test', MEDIA_PORT: port }), 0)
  assert.equal(await health({ SHIM_URL: 'http://shim.test', PORT: port }), 1, 'not the one beside it')
})

test('a list of live inputs holds no credential', async (t) => {
  const media = await given(t)
  const [one, two] = [await media.createInput(), await media.createInput()]
  const { body } = await media.api('GET', '/live_inputs?include_counts=true')
  assert.deepEqual([body.result.total, body.result.range], [2, 2])
  const text = JSON.stringify(body)
  assert.ok(text.includes(one.uid) && text.includes(two.uid))
  assert.ok(!text.includes(one.rtmps.streamKey.slice(0, 32)) && !text.includes(two.rtmps.streamKey.slice(0, 32)))
})

test('the same Idempotency-Key makes one input, even at the same time', async (t) => {
  const media = await given(t)
  const create = (/** @type {string} */ key) => media.api('POST', '/live_inputs', {}, { 'idempotency-key': key })
  const replies = await Promise.all([create('st_1'), create('st_1'), create('st_1'), create('st_2')])
  const [a, b, c, other] = replies.map(({ body }) => body.result.uid)
  assert.deepEqual([b, c], [a, a])
  assert.notEqual(other, a)
  assert.equal((await create('st_1')).body.result.uid, a)

  assert.equal((await media.api('DELETE', `/live_inputs/${a}`)).status, 200)
  assert.equal((await media.api('GET', `/live_inputs/${a}`)).status, 404)
  assert.equal((await create('st_1')).status, 409)
  assert.equal((await media.api('GET', '/live_inputs')).body.result.total, 1)
})

test('bad requests to the provider API get their status and the envelope', async (t) => {
  const media = await given(t)
  const { uid } = await media.createInput()
  const none = '0'.repeat(32)
  /** @type {[string, string, unknown, number][]} */
  const rows = [
    ['POST', '/live_inputs', '{', 400],
    ['POST', '/live_inputs', '[]', 400],
    ['POST', '/live_inputs', { meta: 'x' }, 400],
    ['POST', '/live_inputs', { recording: { mode: 'always' } }, 400],
    ['POST', '/live_inputs', { recording: { timeoutSeconds: -1 } }, 400],
    ['POST', '/live_inputs', { deleteRecordingAfterDays: 3 }, 400],
    ['POST', '/live_inputs', { meta: { x: 'y'.repeat(1 << 20) } }, 413],
    ['PATCH', '/live_inputs', {}, 405],
    ['GET', `/live_inputs/${none}`, undefined, 404],
    ['DELETE', `/live_inputs/${none}`, undefined, 404],
    ['GET', `/live_inputs/${uid}/nothing`, undefined, 404],
    ['GET', `/${none}`, undefined, 404],
    ['DELETE', `/${none}`, undefined, 404],
    ['GET', '/live_inputs/../../../../etc/passwd', undefined, 404],
  ]
  for (const [method, name, body, status] of rows) {
    const reply = await media.api(method, name, body)
    assert.equal(reply.status, status, `${method} ${name}`)
    assert.equal(reply.body.success, false)
    assert.ok(reply.body.errors[0].message)
  }
  for (const authorization of ['', 'Bearer ', 'Bearer wrong', 'Basic dG9rZW4tb2YtdGhlLXRlc3Rz']) {
    const reply = await media.api('GET', '/live_inputs', undefined, { authorization })
    assert.equal(reply.status, 401)
  }
})

test('without a token configured the provider API is closed', async (t) => {
  const media = await given(t, { apiToken: '' })
  assert.equal((await media.api('GET', '/live_inputs')).status, 401)
  assert.equal((await media.api('GET', '/live_inputs', undefined, { authorization: 'Bearer ' })).status, 401)
})

test('live inputs survive a restart; their files are for the owner only', async (t) => {
  const first = await given(t)
  const input = await first.createInput()
  const { status } = await first.api('PUT', `/live_inputs/${input.uid}`, { enabled: false })
  assert.equal(status, 200)
  await first.close()
  const second = await given(t, { dataFolder: first.dataFolder })
  const { body } = await apiOf(second.url)('GET', `/live_inputs/${input.uid}`)
  assert.equal(body.result.enabled, false)
  assert.equal(body.result.rtmps.streamKey, input.rtmps.streamKey)
  assert.ok((await readFile(`${first.dataFolder}/inputs/${input.uid}.json`, 'utf8')).includes(input.uid))
})

test('nothing outside of a broadcast can be read through a playback URL', async (t) => {
  const media = await given(t)
  const { uid } = await media.createInput()
  for (const name of [
    `/${uid}/manifest/r0/init.mp4`,
    `/${uid}/manifest/..%2f..%2f..%2finputs/${uid}.json`,
    `/${uid}/manifest/r0/..%2fvideo.json`,
    `/${uid}/manifest/r0/video.json`,
    `/${uid}/downloads/video.json`,
    `/%2e%2e/manifest/video.m3u8`,
    '/',
    `/${'0'.repeat(32)}/manifest/video.m3u8`,
    `/${'0'.repeat(32)}/downloads/default.mp4`,
    `/${'0'.repeat(32)}/lifecycle`,
  ]) {
    const reply = await fetch(media.url + name)
    assert.equal(reply.status, 404, name)
    assert.equal(reply.headers.get('content-type'), 'application/problem+json')
    await reply.text()
  }
})
