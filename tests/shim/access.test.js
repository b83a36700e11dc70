/** Every route, asked by everybody. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createKit, origin, people } from './kit.js'

/** @type {import('./kit.js').Kit} */
let kit
/** @type {string} */
let streamId
before(async () => {
  kit = await createKit()
  const order = { memorialId: 'm1', title: 'Service for A. Example', enableMuxBackup: true }
  streamId = (await (await kit.post('/api/streams/create-whip', order, 'owner')).json()).stream.id
})
after(() => kit.close())

/** @typedef {import('./kit.js').Who} Who */
const everybody = /** @type {Who[]} */ (['admin', 'owner', 'director', 'stranger', 'otherDirector', 'nobody'])

test('each route answers everybody as it should', async () => {
  const order = { memorialId: 'm1', title: 'A service' }
  /** @type {string[]} one for each who asks */
  const theirs = []
  while (theirs.length < everybody.length) {
    const made = await kit.post('/api/streams/create-whip', { ...order, memorialId: 'm2' }, 'otherDirector')
    theirs.push((await made.json()).stream.id)
  }
  /** @type {[string, () => [string, unknown?, string?], number[]][]} in the order of `everybody` */
  const rows = [
    ['public view', () => ['/api/memorials/m1'], [200, 200, 200, 200, 200, 200]],
    ['public view of none', () => ['/api/memorials/m9'], [404, 404, 404, 404, 404, 404]],
    ['events of none', () => ['/api/memorials/m9/events'], [404, 404, 404, 404, 404, 404]],
    ['who am I', () => ['/api/session'], [200, 200, 200, 200, 200, 200]],
    ['memorials', () => ['/api/memorials'], [200, 200, 200, 200, 200, 401]],
    ['streams', () => ['/api/memorials/m1/streams'], [200, 200, 200, 403, 403, 401]],
    ['streams, other spelling', () => ['/api/memorials/m2/streams'], [200, 403, 403, 403, 200, 401]],
    ['streams of none', () => ['/api/memorials/m9/streams'], [404, 404, 404, 404, 404, 401]],
    ['stream', () => [`/api/streams/${streamId}`], [200, 200, 200, 403, 403, 401]],
    ['stream of none', () => ['/api/streams/s9'], [404, 404, 404, 404, 404, 401]],
    ['create by WHIP', () => ['/api/streams/create-whip', order], [201, 201, 201, 403, 403, 401]],
    ['create by OBS', () => ['/api/streams/create-obs', order], [201, 201, 201, 403, 403, 401]],
    [
      'create in none',
      () => ['/api/streams/create-whip', { ...order, memorialId: 'm9' }],
      [404, 404, 404, 404, 404, 401],
    ],
    ['open a memorial', () => ['/api/memorials', { name: 'C. Example' }], [201, 403, 201, 403, 201, 401]],
    ['rename', () => [`/api/streams/${streamId}`, { title: 'B' }, 'PATCH'], [200, 200, 200, 403, 403, 401]],
    ['rename none', () => ['/api/streams/s9', { title: 'B' }, 'PATCH'], [404, 404, 404, 404, 404, 401]],
    ['rotate keys', () => [`/api/streams/${streamId}/rotate-keys`, {}], [200, 200, 200, 403, 403, 401]],
    ['rotate keys of none', () => ['/api/streams/s9/rotate-keys', {}], [404, 404, 404, 404, 404, 401]],
    ['retry a backup', () => [`/api/streams/${streamId}/retry-backup`, {}], [200, 200, 200, 403, 403, 401]],
    ['retry that of none', () => ['/api/streams/s9/retry-backup', {}], [404, 404, 404, 404, 404, 401]],
    ['check', () => [`/api/streams/${streamId}/check`, {}], [200, 200, 200, 403, 403, 401]],
    [
      'measure',
      () => [`/api/streams/${streamId}/uplink`, { noise: 'x'.repeat(300_000) }],
      [200, 200, 200, 403, 403, 401],
    ],
    [
      'measure with too much',
      () => [`/api/streams/${streamId}/uplink`, { noise: 'x'.repeat(600_000) }],
      Array(6).fill(413),
    ],
    ['check none', () => ['/api/streams/s9/check', {}], [404, 404, 404, 404, 404, 401]],
    ['remove theirs', () => [`/api/streams/${theirs.shift()}`, undefined, 'DELETE'], [200, 403, 403, 403, 200, 401]],
    ['remove none', () => ['/api/streams/s9', undefined, 'DELETE'], [404, 404, 404, 404, 404, 401]],
    ['as the relay', () => ['/api/relay/x'], [401, 401, 401, 401, 401, 401]],
    ['as Cloudflare', () => ['/api/webhooks/stream-status', {}], [401, 401, 401, 401, 401, 401]],
    ['as Mux', () => ['/api/webhooks/mux', {}], [401, 401, 401, 401, 401, 401]],
    ['nothing there', () => ['/api/nothing'], [404, 404, 404, 404, 404, 404]],
  ]
  for (const [name, request, expected] of rows) {
    for (const [i, who] of everybody.entries()) {
      const [path, body, method = body ? 'POST' : 'GET'] = request()
      const answer = await kit.send(method, path, body, who)
      assert.equal(answer.status, expected[i], `${name}, asked by ${who}`)
      if (answer.status < 400) continue
      const { success, error } = await answer.json()
      assert.equal(success, false)
      assert.match(error.what, /^[A-Z].*\.$/s, 'an error is a sentence')
      assert.match(error.code, /^[a-z-]+$/)
    }
  }
})

test('memorials are listed for those who may manage them', async () => {
  const rows = /** @type {[Who, string[]][]} */ ([
    ['owner', ['A. Example']],
    ['stranger', []],
  ])
  for (const [who, names] of rows) {
    const { memorials } = await (await kit.get('/api/memorials', who)).json()
    assert.deepEqual(
      memorials.map((/** @type {any} */ memorial) => memorial.name),
      names,
    )
    for (const memorial of memorials) assert.equal(memorial.canManage, true)
  }
})

test('a funeral director opens a memorial and manages it from then on', async () => {
  const { memorial } = await (await kit.post('/api/memorials', { name: ' D. Example ' }, 'otherDirector')).json()
  assert.equal(memorial.name, 'D. Example')
  assert.equal((await kit.get(`/api/memorials/${memorial.id}/streams`, 'otherDirector')).status, 200)
  assert.equal((await kit.get(`/api/memorials/${memorial.id}/streams`, 'director')).status, 403)
})

test('the second cookie name is read too, a wrong or stale one is nobody', async () => {
  const session = kit.cookies.owner.replace('__session', 'session')
  const asked = (/** @type {string} */ cookie) => kit.app.request(`${origin}/api/memorials`, { headers: { cookie } })
  assert.equal((await asked(session)).status, 200)
  assert.equal((await asked('__session=wrong')).status, 401)
  assert.equal((await asked('session=')).status, 401)
})

test('the host around us may vouch for its user', async () => {
  const asked = await kit.app.request(`${origin}/api/memorials/m1/streams`, {}, { user: people.director })
  assert.equal(asked.status, 200)
})

test('a change must come from our own pages', async () => {
  const order = { memorialId: 'm1', title: 'A service' }
  const base = { cookie: kit.cookies.owner, 'content-type': 'application/json' }
  /** @type {[string, Record<string, string>, number][]} */
  const rows = [
    ['our Origin', { ...base, origin }, 201],
    ['our Origin, charset', { ...base, origin, 'content-type': 'application/json; charset=utf-8' }, 201],
    ['our Origin behind TLS', { ...base, origin: origin.replace('http:', 'https:') }, 201],
    ['Sec-Fetch-Site: same-origin', { ...base, 'sec-fetch-site': 'same-origin' }, 201],
    ['neither', { ...base }, 403],
    ['another Origin', { ...base, origin: 'https://evil.test' }, 403],
    ['a longer one', { ...base, origin: `${origin}.evil.test` }, 403],
    ['Origin: null', { ...base, origin: 'null' }, 403],
    ['another site', { ...base, origin, 'sec-fetch-site': 'cross-site' }, 403],
    ['a sister site', { ...base, origin, 'sec-fetch-site': 'same-site' }, 403],
    ['a form', { ...base, origin, 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text', { ...base, origin, 'content-type': 'text/plain' }, 415],
    ['almost JSON', { ...base, origin, 'content-type': 'text/plain; application/json' }, 415],
    ['no type', { cookie: kit.cookies.owner, origin, 'content-type': '' }, 415],
  ]
  for (const [name, headers, status] of rows) {
    for (const path of ['/api/streams/create-whip', '/api/streams/create-obs']) {
      const answer = await kit.app.request(origin + path, { method: 'POST', headers, body: JSON.stringify(order) })
      assert.equal(answer.status, status, `${path}, ${name}`)
    }
  }
  for (const path of ['/api/memorials', '/api/session']) {
    const headers = { ...base, origin: 'https://evil.test' }
    assert.equal((await kit.app.request(origin + path, { method: 'POST', headers, body: '{}' })).status, 403, path)
  }
  const foreign = { method: 'DELETE', headers: { ...base, origin: 'https://evil.test' } }
  assert.equal((await kit.app.request(`${origin}/api/session`, foreign)).status, 403)
})

test('a body of more than 64 KiB is refused, with and without its length', async () => {
  const body = JSON.stringify({ memorialId: 'm1', title: 'x', more: 'x'.repeat(64 * 1024) })
  const headers = { origin, 'content-type': 'application/json', cookie: kit.cookies.owner }
  for (const path of ['/api/streams/create-whip', '/api/memorials', '/api/session']) {
    const sized = { method: 'POST', headers: { ...headers, 'content-length': String(body.length) }, body }
    assert.equal((await kit.app.request(origin + path, sized)).status, 413)
    const stream = new Blob([body]).stream()
    const unsized = /** @type {any} */ ({ method: 'POST', headers, body: stream, duplex: 'half' })
    const answer = await kit.app.request(origin + path, unsized)
    assert.equal(answer.status, 413)
    assert.match((await answer.json()).error.what, /too large: at most 64 KiB/)
  }
})

test('creating is limited for each user, and says when to try again', async () => {
  const busy = await createKit()
  const create = (/** @type {Who} */ who) =>
    busy.post('/api/streams/create-whip', { memorialId: 'm1', title: 'A service' }, who)
  const answers = await Promise.all(Array.from({ length: 31 }, () => create('owner')))
  assert.equal(answers.filter(({ status }) => status === 201).length, 30)
  const [refused] = answers.filter(({ status }) => status === 429)
  assert.ok(Number(refused.headers.get('retry-after')) > 0)
  assert.match((await refused.json()).error.what, /try again in \d+ seconds\.$/)
  assert.equal((await create('director')).status, 201)
  await busy.close()
})

test('no answer but the full view of a stream holds a key or an address to publish to', async () => {
  const stored = await kit.effects.FindStream({ by: 'id', is: streamId })
  const secret = stored?.document.whipUrl.split('/')[2]
  assert.match(secret, /^[0-9a-f]{32}k[0-9a-f]{32}$/)
  for (const who of everybody) {
    for (const path of ['/api/memorials/m1', '/api/memorials/m1/streams', '/api/memorials', '/api/session']) {
      const text = await (await kit.get(path, who)).text()
      assert.ok(!text.includes(secret.slice(0, 32)), `${path}, asked by ${who}`)
      const keys = [...text.matchAll(/"(\w+)":/g)].map(([, key]) => key)
      for (const key of ['whipUrl', 'rtmpUrl', 'streamKey', 'muxStreamKey']) assert.ok(!keys.includes(key), path)
    }
  }
  assert.equal(
    (await (await kit.get(`/api/streams/${streamId}`, 'owner')).json()).stream.whipUrl.includes(secret),
    true,
  )
})
