import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { openDatabase } from '../../shim/ports/database.js'
import { openLimits } from '../../media/limits.js'
import { openIdentity, sessionLifetime } from '../../shim/ports/local-identity.js'
import { createKit, origin, people } from './kit.js'

/** @type {import('./kit.js').Kit} */
let kit
beforeEach(async () => {
  kit = await createKit()
})
afterEach(() => kit.close())

/** @param {string} token */
const signIn = (token) => kit.post('/api/session', { token })

test('a token signs in once', async () => {
  const token = await kit.identity.createToken('owner')
  const answer = await signIn(token)
  assert.equal(answer.status, 200)
  assert.deepEqual(await answer.json(), { success: true, user: people.owner })
  const again = await signIn(token)
  assert.equal(again.status, 401)
  assert.match((await again.json()).error.what, /used already or is too old/)
})

test('the session is in a cookie that scripts and other sites do not get', async () => {
  const answer = await signIn(await kit.identity.createToken('owner'))
  const cookie = answer.headers.get('set-cookie') ?? ''
  assert.match(cookie, /^__session=[\w-]{43}; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/)
  const session = await kit.app.request(`${origin}/api/session`, { headers: { cookie: cookie.split(';')[0] } })
  assert.deepEqual(await session.json(), { user: people.owner })
  assert.equal(session.headers.get('cache-control'), 'no-store')
})

test('under https the cookie is sent under https only', async () => {
  const secure = await createKit({ publicUrl: 'https://memorial.example.org' })
  const answer = await secure.app.request('https://memorial.example.org/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ token: await secure.identity.createToken('owner') }),
  })
  assert.match(answer.headers.get('set-cookie') ?? '', /; Secure/)
  await secure.close()
})

test('of two taps on one link, one signs in', async () => {
  const token = await kit.identity.createToken('owner')
  const taps = await Promise.all([signIn(token), signIn(token), signIn(token)])
  assert.deepEqual(taps.map(({ status }) => status).sort(), [200, 401, 401])
})

test('what is no token is refused', async () => {
  for (const [body, status] of /** @type {[unknown, number][]} */ ([
    [{ token: 'wrong' }, 401],
    [{ token: '' }, 422],
    [{ token: 7 }, 422],
    [{}, 422],
    ['{', 422],
    ['null', 422],
  ])) {
    const answer = await kit.post('/api/session', body)
    assert.equal(answer.status, status, JSON.stringify(body))
    assert.equal(answer.headers.get('set-cookie'), null)
  }
})

test('signing out ends the session itself, not only the cookie', async () => {
  const cookie = kit.cookies.owner
  const answer = await kit.app.request(`${origin}/api/session`, { method: 'DELETE', headers: { cookie, origin } })
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('set-cookie') ?? '', /__session=; Max-Age=0; Path=\//)
  assert.deepEqual(await (await kit.get('/api/session', 'owner')).json(), { user: null })
})

test('sign-in is limited', async () => {
  const answers = await Promise.all(Array.from({ length: 21 }, () => signIn('wrong')))
  assert.equal(answers.filter(({ status }) => status === 401).length, 20)
  assert.equal(answers.filter(({ status }) => status === 429).length, 1)
})

test('a newer token makes the older void; tokens and sessions end by themselves', async () => {
  let now = 0
  const database = openDatabase(':memory:')
  const identity = openIdentity(database, () => now)
  await identity.putUser(people.owner)
  const first = await identity.createToken('owner')
  const second = await identity.createToken('owner')
  assert.equal(await identity.redeemToken(first), null)

  now += 12 * 3600 * 1000
  assert.equal(await identity.redeemToken(second), null, 'twelve hours later')

  const third = await identity.redeemToken(await identity.createToken('owner'))
  now += sessionLifetime - 1
  assert.deepEqual(await identity.verifySession(String(third?.session)), people.owner)
  now += 1
  assert.equal(await identity.verifySession(String(third?.session)), null)
})

test('a changed role counts at once', async () => {
  await kit.identity.putUser({ ...people.stranger, role: 'admin' })
  assert.equal((await kit.get('/api/memorials/m1/streams', 'stranger')).status, 200)
})

test('neither tokens nor sessions can be read from the database', async () => {
  const token = await kit.identity.createToken('owner')
  const secrets = [token, ...Object.values(kit.cookies).map((cookie) => cookie.split('=')[1])]
  for (const table of ['users', 'signInTokens', 'sessions']) {
    const text = JSON.stringify(kit.database.prepare(`SELECT * FROM ${table}`).all())
    for (const secret of secrets) assert.ok(!text.includes(secret))
  }
})

test('a limit counts within its window, and each key for itself', async () => {
  let now = 0
  const limits = openLimits(() => now)
  const rule = { limit: 2, seconds: 10 }
  assert.equal(await limits.take('a', rule), 0)
  now = 4000
  assert.equal(await limits.take('a', rule), 0)
  assert.equal(await limits.take('a', rule), 6)
  assert.equal(await limits.take('b', rule), 0)
  now = 10_000
  assert.equal(await limits.take('a', rule), 0)
  assert.equal(await limits.take('a', rule), 4)
})
