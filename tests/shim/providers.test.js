/** The ports of the providers, through the official SDKs: what they ask for, and what each failure is called. */
import assert from 'node:assert/strict'
import http from 'node:http'
import { after, afterEach, before, test } from 'node:test'
import { openCloudflare } from '../../shim/ports/cloudflare.js'
import { openMux } from '../../shim/ports/mux.js'
import { startMediaApi } from './media-api.js'

const token = 'a-token-that-nobody-may-see-in-an-error'
/** @type {import('./media-api.js').MediaApi} */
let api
/** @type {import('../../shim/ports/cloudflare.js').CloudflarePort} */
let cloudflare
/** @type {import('../../shim/ports/mux.js').MuxPort} */
let mux
before(async () => {
  api = await startMediaApi({ token, publicUrl: 'https://media.test' })
  const timeout = 1000
  cloudflare = openCloudflare({ url: () => `${api.url}/client/v4`, account: 'acc', token, timeout, timeoutSeconds: 90 })
  mux = openMux({
    url: () => `${api.url}/mux`,
    tokenId: 'local',
    tokenSecret: token,
    ingestUrl: 'rtmps://m.test/app',
    timeout,
  })
})
after(() => api.close())
afterEach(() => {
  api.fault = null
  api.requests.length = 0
})

const order = { streamId: 's1', idempotencyKey: 'k1', title: 'A. Example', memorialId: 'm1', createdBy: 'owner' }
const create = (more = {}) => cloudflare.CreateInput({ ...order, ...more })

test('a live input is made once for each key, marked with its stream, recorded', async () => {
  const made = await create()
  assert.match(made.uid, /^[0-9a-f]{32}$/)
  assert.equal((await create()).uid, made.uid)
  const [{ path, headers, body }] = api.requests
  assert.equal(path, '/client/v4/accounts/acc/stream/live_inputs')
  assert.equal(headers['idempotency-key'], 'k1')
  assert.deepEqual(body, {
    meta: { name: 'A. Example', streamId: 's1', memorialId: 'm1' },
    defaultCreator: 'owner',
    recording: { mode: 'automatic', timeoutSeconds: 90 },
  })
  assert.equal(/** @type {any} */ (await cloudflare.GetInput({ cloudflareInputId: made.uid })).uid, made.uid)
  assert.deepEqual(await cloudflare.FindInputs({ streamId: 's1' }), [made.uid])
  assert.deepEqual(await cloudflare.FindInputs({ streamId: 's' }), [])
})

test('keys are rotated, recordings listed, and what is gone counts as deleted', async () => {
  const { uid } = await create({ idempotencyKey: 'k2', streamId: 's2' })
  const its = { cloudflareInputId: uid }
  const before = api.inputs.get(uid).rtmps.streamKey
  const rotated = await cloudflare.RotateInputKeys(its)
  assert.notEqual(rotated.rtmps.streamKey, before)
  api.inputs.get(uid).videos.push({ uid: 'v1' })
  assert.deepEqual(await cloudflare.ListVideos(its), [{ uid: 'v1' }])
  await cloudflare.DeleteInput(its)
  await cloudflare.DeleteInput(its)
  assert.equal(await cloudflare.GetInput(its), null)
  await assert.rejects(cloudflare.RotateInputKeys(its), { code: 'not-found' })
  await assert.rejects(create({ idempotencyKey: 'k2' }), { code: 'conflict' })
})

test('an output that is there is not made again', async () => {
  const { uid } = await create({ idempotencyKey: 'k3' })
  const output = { cloudflareInputId: uid, url: 'rtmps://m.test/app', streamKey: 'x' }
  const made = await cloudflare.CreateOutput(output)
  assert.deepEqual(await cloudflare.CreateOutput(output), made)
  await cloudflare.CreateOutput({ ...output, streamKey: 'y' })
  assert.equal(api.inputs.get(uid).outputs.length, 2)
  assert.equal(api.inputs.get(uid).outputs[0].enabled, true)
})

test('where there is no live input, none is found', async () => {
  api.inputs.clear()
  assert.deepEqual(await cloudflare.FindInputs({ streamId: 's1' }), [])
})

test('marks are looked for in every row, however many pages there are', async () => {
  const rows = Array.from({ length: 25 }, (_, i) => ({
    uid: `u${i}`,
    meta: { streamId: i === 24 ? 'last' : 'other' },
    created: `2026-09-23T10:00:${String(59 - i).padStart(2, '0')}Z`,
  }))
  api.fault = (request, response) => {
    const before = new URL(String(request.url), 'http://x').searchParams.get('before') ?? '9'
    const page = rows.filter(({ created }) => created < before).slice(0, 10)
    response.setHeader('content-type', 'application/json')
    return Boolean(response.end(JSON.stringify({ result: { liveInputs: page, total: 25 }, success: true })))
  }
  assert.deepEqual(await cloudflare.FindInputs({ streamId: 'last' }), ['u24'])
  assert.equal(api.requests.length, 3)

  api.fault = (_request, response) => {
    response.setHeader('content-type', 'application/json')
    const result = { liveInputs: rows.slice(0, 10), total: 25 } // as if nobody had asked for older ones
    return Boolean(response.end(JSON.stringify({ result, success: true })))
  }
  await assert.rejects(cloudflare.FindInputs({ streamId: 'last' }), { code: 'unavailable', message: /10 of 25/ })

  api.requests.length = 0
  api.fault = (request, response) => {
    const page = Number(new URL(String(request.url), 'http://x').searchParams.get('page'))
    const data = Array.from({ length: page < 3 ? 100 : 7 }, (_, i) => ({
      id: `${page}.${i}`,
      passthrough: `p${page}.${i}`,
    }))
    response.setHeader('content-type', 'application/json')
    return Boolean(response.end(JSON.stringify({ data })))
  }
  assert.deepEqual(await mux.FindMuxStreams({ streamId: 'p3.6' }), ['3.6'])
  assert.equal(api.requests.length, 3)
})

test('a Mux live stream is marked, and its recording can be played', async () => {
  const made = await mux.CreateMuxStream({ streamId: 's1', title: 'A. Example' })
  assert.equal(made.ingestUrl, 'rtmps://m.test/app')
  const [{ method, path, body }] = api.requests
  assert.deepEqual([method, path], ['POST', '/mux/video/v1/live-streams'])
  assert.deepEqual(body, {
    playback_policies: ['public'],
    new_asset_settings: {
      playback_policies: ['public'],
      passthrough: 's1',
      meta: { title: 'A. Example', external_id: 's1' },
    },
    latency_mode: 'standard',
    reconnect_window: 300,
    passthrough: 's1',
  })
  const its = { muxLiveStreamId: made.id }
  assert.deepEqual(await mux.FindMuxStreams({ streamId: 's1' }), [made.id])
  api.streams.get(made.id).assets.push({ id: 'a1' })
  assert.deepEqual(await mux.ListMuxAssets(its), [{ id: 'a1' }])
  assert.equal(/** @type {any} */ (await mux.GetMuxStream(its)).id, made.id)
  await mux.DeleteMuxStream(its)
  await mux.DeleteMuxStream(its)
  assert.equal(await mux.GetMuxStream(its), null)
})

test('each failure has its name; nothing is asked twice, and no secret is told', async () => {
  /** @type {(status: number, headers?: object, body?: string) => import('./media-api.js').MediaApi['fault']} */
  const answer =
    (
      status,
      headers = {},
      body = `{"errors":[{"code":10005,"message":"${token}"}],"error":{"messages":["${token}"]}}`,
    ) =>
    (_, response) =>
      Boolean(response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body))
  /** @type {[string, import('./media-api.js').MediaApi['fault'], string][]} */
  const rows = [
    ['400', answer(400), 'refused'],
    ['401', answer(401), 'refused'],
    ['403', answer(403), 'refused'],
    ['409', answer(409), 'conflict'],
    ['422', answer(422), 'refused'],
    ['429', answer(429, { 'retry-after': '1' }), 'rate-limited'],
    ['500', answer(500), 'unavailable'],
    ['503', answer(503, { 'x-should-retry': 'true' }), 'unavailable'],
    ['a reset', ({ socket }) => Boolean(socket.destroy()), 'unavailable'],
    ['silence', () => true, 'timeout'],
    [
      'half an answer',
      (_, response) =>
        Boolean(response.writeHead(200, { 'content-length': '9' }).flushHeaders()) || Boolean(response.destroy()),
      'unavailable',
    ],
    ['a page', answer(200, { 'content-type': 'text/html' }, '<html>'), 'unavailable'],
    ['no JSON', answer(200, {}, '{'), 'unavailable'],
    ['null', answer(200, {}, 'null'), 'unavailable'],
    ['nothing in it', answer(200, {}, '{"result":null,"data":null}'), 'unavailable'],
  ]
  for (const [name, fault, code] of rows) {
    for (const [provider, work] of /** @type {[string, () => Promise<any>][]} */ ([
      ['Cloudflare', () => create({ idempotencyKey: name })],
      ['Mux', () => mux.CreateMuxStream({ streamId: 's9', title: 'A' })],
    ])) {
      api.fault = fault
      api.requests.length = 0
      const error = await work().then(
        () => null,
        (caught) => caught,
      )
      assert.equal(error?.code, code, `${provider}, ${name}: ${error}`)
      assert.equal(error.retryAfter, code === 'rate-limited' ? 1 : undefined, `${provider}, ${name}`)
      assert.match(error.message, new RegExp(`^${provider} `))
      assert.ok(!`${error.stack} ${JSON.stringify(error)}`.includes(token), `${provider}, ${name}`)
      assert.equal(api.requests.length, 1, `${provider}, ${name}`)
    }
  }
})

test('a list that is none is not taken for an empty one', async () => {
  for (const body of ['<html>', '{}', 'null', '{"result":{}}', '{"result":{"liveInputs":null},"data":null}']) {
    for (const type of ['application/json', 'text/html']) {
      api.fault = (_, response) => Boolean(response.writeHead(200, { 'content-type': type }).end(body))
      const asked = [
        () => cloudflare.FindInputs({ streamId: 's1' }),
        () => cloudflare.ListVideos({ cloudflareInputId: 'x' }),
        () => cloudflare.CreateOutput({ cloudflareInputId: 'x', url: 'rtmps://m.test/app', streamKey: 'y' }),
        () => mux.FindMuxStreams({ streamId: 's1' }),
        () => mux.ListMuxAssets({ muxLiveStreamId: 'x' }),
      ]
      for (const [i, ask] of asked.entries()) await assert.rejects(ask, { code: 'unavailable' }, `${i}: ${body}`)
    }
  }
})

test('a provider that is not there, or not up yet, is unavailable', async () => {
  const closed = http.createServer()
  await new Promise((resolve) => closed.listen(0, '127.0.0.1', () => resolve(null)))
  const { port } = /** @type {import('node:net').AddressInfo} */ (closed.address())
  await new Promise((resolve) => closed.close(resolve))
  for (const url of [null, `http://127.0.0.1:${port}`]) {
    const away = openCloudflare({ url: () => url, account: 'acc', token })
    await assert.rejects(away.GetInput({ cloudflareInputId: 'x' }), { code: 'unavailable' })
    const gone = openMux({ url: () => url, tokenId: 'x', tokenSecret: token, ingestUrl: '' })
    await assert.rejects(gone.GetMuxStream({ muxLiveStreamId: 'x' }), { code: 'unavailable' })
  }
})
