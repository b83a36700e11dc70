import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { configFromEnv } from '../../media/config.js'
import { apiToken, given, muxSettings, publishRtmp, until } from './media.js'

/** @param {import('node:test').TestContext} test @param {Parameters<typeof given>[1]} [options] */
async function givenFaults(test, options) {
  const media = await given(test, { faults: 1, ...options })
  const faults = async (/** @type {string} */ method, /** @type {unknown} */ body) => {
    const headers = { authorization: `Bearer ${apiToken}` }
    const reply = await fetch(`${media.url}/faults`, { method, headers, body: body ? JSON.stringify(body) : undefined })
    return { status: reply.status, body: await reply.json() }
  }
  const create = (/** @type {RequestInit} */ options = {}) =>
    fetch(`${media.url}/client/v4/accounts/local/stream/live_inputs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiToken}` },
      body: '{}',
      ...options,
    })
  const count = async () => (await media.api('GET', '/live_inputs')).body.result.total
  return { media, faults, create, count }
}

const path = '/live_inputs$'

describe('faults on demand', { concurrency: 2 }, () => {
  test('answers: a status, no connection, no answer, an answer that is lost, or late', async (t) => {
    const { media, faults, create, count } = await givenFaults(t)
    const meet = async (/** @type {string} */ doing) => {
      const { status } = await faults('POST', [{ match: { method: 'POST', path }, times: 1, do: doing }])
      assert.equal(status, 200)
      return create({ signal: AbortSignal.timeout(300) }).then(
        ({ status }) => status,
        (error) => error.name,
      )
    }
    assert.equal(await meet('status:503'), 503)
    assert.equal(await meet('status:429'), 429)
    assert.equal(await meet('reset'), 'TypeError')
    assert.equal(await meet('hang'), 'TimeoutError')
    assert.equal(await count(), 0, 'nothing was done')
    assert.equal(await meet('lost-after'), 'TypeError')
    assert.equal(await count(), 1, 'it was done all the same')
    assert.equal(await meet('late:600'), 'TimeoutError')
    assert.equal(await count(), 1, 'not yet')
    await until('it is done when nobody waits any more', async () => (await count()) === 2)
    assert.equal((await create()).status, 200)
    assert.deepEqual((await faults('GET', undefined)).body, [], 'each was met once')

    await faults('POST', [{ match: { path: '^/mux/' }, times: 2, do: 'status:500' }])
    assert.equal((await media.mux('POST', '/live-streams', muxSettings)).error.type, 'internal_error')
    assert.equal((await faults('GET', undefined)).body[0].times, 1)
    assert.deepEqual((await faults('DELETE', undefined)).body, [])
    assert.equal((await media.mux('POST', '/live-streams', muxSettings)).status, 201)
    for (const wrong of [
      { do: 'explode' },
      { do: 'drop' },
      { match: { path: '(' }, do: 'reset' },
      { times: 0, do: 'reset' },
    ]) {
      assert.equal((await faults('POST', [wrong])).status, 400, JSON.stringify(wrong))
    }
  })

  test('webhooks: dropped, twice, later than the next, late, refused, taken but not acknowledged', async (t) => {
    const { media, faults } = await givenFaults(t)
    const streams = async (/** @type {object[]} */ list, /** @type {string[]} */ marks) => {
      await faults('POST', list)
      const { data } = await media.mux('POST', '/live-streams', { ...muxSettings, passthrough: marks[0] })
      await media.mux('PUT', `/live-streams/${data.id}/disable`)
      await media.mux('PUT', `/live-streams/${data.id}/enable`)
      return () =>
        media.hooks.all
          .filter(({ body }) => body.object?.id === data.id)
          .map(({ body }) => body.type.replace('video.live_stream.', ''))
          .join(' ')
    }
    /** @type {[string, string][]} what is done to "disabled", and what comes */
    const rows = [
      ['drop', 'created enabled'],
      ['duplicate', 'created disabled disabled enabled'],
      ['reorder', 'created enabled disabled'],
      ['late:500', 'created enabled disabled'],
      ['status:500', 'created disabled enabled'],
      ['reset', 'created disabled enabled'],
      ['lost-after', 'created disabled disabled enabled'],
    ]
    for (const [doing, expected] of rows) {
      const events = await streams([{ match: { webhook: 'disabled$' }, times: 1, do: doing }], [doing])
      await until(`${doing}: ${expected}`, () => events() === expected)
    }
  })

  test('in production there are none, whoever started it', () => {
    assert.throws(() => configFromEnv({ FAULTS: '1', NODE_ENV: 'production' }), /^Error: FAULTS must not be set/)
    assert.equal(configFromEnv({ FAULTS: '0', NODE_ENV: 'production' }).faults, 0)
  })

  test('without FAULTS there is no such address', async (t) => {
    const media = await given(t)
    const headers = { authorization: `Bearer ${apiToken}` }
    assert.equal((await fetch(`${media.url}/faults`, { headers })).status, 404)
    const { media: other } = await givenFaults(t)
    assert.equal((await fetch(`${other.url}/faults`)).status, 401)
  })

  test('recordings are ready as late as they are told to be', async (t) => {
    const media = await given(t, { recordingDelaySeconds: 4, muxAssetDelaySeconds: 6, stopGraceSeconds: 0 })
    const input = await media.createInput()
    const { data: stream } = await media.mux('POST', '/live-streams', { ...muxSettings, reconnect_window: 0 })
    await Promise.all(
      [input.rtmps.url + input.rtmps.streamKey, `${stream.ingest_url}/${stream.stream_key}`].map(
        (url) => publishRtmp(url, { seconds: 2 }).ended,
      ),
    )
    const at = (/** @type {string} */ event) => until(event, () => media.hooks.find(event)?.at, 20)
    const [ended, ready] = [await at('live_input.disconnected'), await at('video.ready')]
    assert.ok(ready - ended >= 4000 && ready - ended < 7000, String(ready - ended))
    const [idle, complete] = [await at('video.live_stream.idle'), await at('video.asset.live_stream_completed')]
    assert.ok(complete - idle >= 5900 && complete - idle < 9000, String(complete - idle))
  })
})
