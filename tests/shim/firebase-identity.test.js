/**
 * Sessions by Firebase, against a stand-in for the SDK's Auth: the Auth emulator is part of firebase-tools, which is too
 * large to be a dependency. What the SDK throws, and when, was taken from its source.
 */
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { openFirebaseIdentity } from '../../shim/ports/firebase-identity.js'
import { createKit, origin, people } from './kit.js'

const at = Date.parse('2026-09-23T10:00:00Z')
const fail = (/** @type {string} */ code, message = `words (${code})`) => Object.assign(new Error(message), { code })

/** Accounts, their ID tokens ("id:<uid>") and session cookies ("cookie:<uid>"). */
function fakeAuth() {
  /** @type {Map<string, any>} */
  const accounts = new Map()
  /** @type {Error | null | 'silence'} */
  let outage = null
  /** @type {any[]} */
  const minted = []

  /** @param {string} kind @param {string} text @param {boolean} checkRevoked */
  async function claimsOf(kind, text, checkRevoked) {
    assert.equal(checkRevoked, true, 'revocation is always checked')
    if (outage === 'silence') return new Promise(() => {})
    if (outage) throw outage
    const [prefix, uid] = text.split(':')
    const account = accounts.get(uid)
    if (prefix !== kind || !uid) throw fail('auth/argument-error')
    if (!account) throw fail('auth/user-not-found')
    if (account.disabled) throw fail('auth/user-disabled')
    if (account.revoked) throw fail(kind === 'id' ? 'auth/id-token-revoked' : 'auth/session-cookie-revoked')
    if (account.expired) throw fail(kind === 'id' ? 'auth/id-token-expired' : 'auth/session-cookie-expired')
    return { uid, sub: uid, auth_time: at / 1000, ...account.claims }
  }
  const auth = {
    verifyIdToken: (/** @type {string} */ text, /** @type {boolean} */ checked) => claimsOf('id', text, checked),
    verifySessionCookie: (/** @type {string} */ text, /** @type {boolean} */ checked) =>
      claimsOf('cookie', text, checked),
    async createSessionCookie(/** @type {string} */ idToken, /** @type {any} */ options) {
      minted.push(options)
      return idToken.replace('id:', 'cookie:')
    },
    async revokeRefreshTokens(/** @type {string} */ uid) {
      accounts.get(uid).revoked = true
    },
  }
  return {
    auth: /** @type {any} */ (auth),
    accounts,
    minted,
    /** @param {typeof outage} kind */
    break(kind) {
      outage = kind
    },
  }
}

/** @type {import('./kit.js').Kit | undefined} */
let kit
afterEach(() => kit?.close())

/** @param {{ now?: number, timeout?: number }} [options] */
async function setUp({ now = at + 60_000, timeout = 200 } = {}) {
  const fake = fakeAuth()
  fake.accounts.set('owner', { claims: { name: 'Owner', role: 'owner' } })
  fake.accounts.set('admin', { claims: { email: 'root@example.org', role: 'admin' } })
  fake.accounts.set('stranger', { claims: { role: 'superuser' } })
  const its = await createKit({ identity: openFirebaseIdentity(fake.auth, () => now, timeout) })
  kit = its
  /** @param {string} path @param {string} cookie */
  const get = (path, cookie) => its.app.request(origin + path, { headers: { cookie } })
  return { ...fake, post: its.post, get, kit: its }
}

const firebaseCookie = (/** @type {string} */ uid, name = '__session') => `${name}=cookie:${uid}`

test('a fresh sign-in gets a session of two weeks, in a cookie scripts do not get', async () => {
  const { post, minted } = await setUp()
  const answer = await post('/api/session', { idToken: 'id:owner' })
  assert.equal(answer.status, 200)
  assert.deepEqual(await answer.json(), { success: true, user: people.owner })
  assert.match(
    String(answer.headers.get('set-cookie')),
    /^__session=cookie%3Aowner; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/,
  )
  assert.deepEqual(minted, [{ expiresIn: 14 * 24 * 3600 * 1000 }])
})

test('a sign-in of five minutes ago gets none', async () => {
  for (const [age, status] of [
    [300, 200],
    [301, 401],
  ]) {
    const { post, minted } = await setUp({ now: at + age * 1000 })
    const answer = await post('/api/session', { idToken: 'id:owner' })
    assert.equal(answer.status, status)
    assert.equal(minted.length, status === 200 ? 1 : 0)
    await kit?.close()
    kit = undefined
  }
})

test('what is no ID token of a live account gets none, in a sentence', async () => {
  const { post, accounts } = await setUp()
  accounts.set('disabled', { disabled: true })
  accounts.set('revoked', { revoked: true })
  accounts.set('expired', { expired: true })
  for (const idToken of ['nonsense', 'cookie:owner', 'id:none', 'id:disabled', 'id:revoked', 'id:expired']) {
    const answer = await post('/api/session', { idToken })
    assert.equal(answer.status, 401, idToken)
    assert.equal(answer.headers.get('set-cookie'), null)
    assert.match((await answer.json()).error.what, /^[A-Z].*\.$/)
  }
  for (const body of [{ token: 'id:owner' }, { idToken: 7 }, {}])
    assert.equal((await post('/api/session', body)).status, 422)
})

test('a session is who it says, under either name, until it is revoked or the account disabled', async () => {
  const { get, accounts } = await setUp()
  const asked = async (/** @type {string} */ cookie) => (await (await get('/api/session', cookie)).json()).user
  assert.deepEqual(await asked(firebaseCookie('owner')), people.owner)
  assert.deepEqual(await asked(firebaseCookie('owner', 'session')), people.owner)
  assert.deepEqual(await asked(`session=nonsense; ${firebaseCookie('owner')}`), people.owner, '__session counts first')
  assert.deepEqual(await asked(firebaseCookie('admin')), { uid: 'admin', name: 'root@example.org', role: 'admin' })
  assert.equal((await asked(firebaseCookie('stranger'))).role, 'owner', 'an unknown role has no rights of its own')
  assert.equal((await get('/api/memorials/m1/streams', firebaseCookie('owner'))).status, 200)
  assert.equal((await get('/api/memorials/m1/streams', firebaseCookie('stranger'))).status, 403)
  for (const change of [{ disabled: true }, { revoked: true }, { expired: true }]) {
    accounts.set('owner', change)
    assert.equal((await get('/api/memorials/m1/streams', firebaseCookie('owner'))).status, 401, JSON.stringify(change))
  }
  assert.equal((await get('/api/memorials', '__session=nonsense')).status, 401)
})

test('signing out ends the sessions of the account', async () => {
  const { get, kit: its } = await setUp()
  const headers = { cookie: firebaseCookie('owner'), origin }
  assert.equal((await its.app.request(`${origin}/api/session`, { method: 'DELETE', headers })).status, 200)
  assert.equal((await get('/api/memorials', firebaseCookie('owner'))).status, 401)
})

test('when Firebase cannot be asked, nobody is taken for signed out', async () => {
  const env = await setUp()
  for (const outage of /** @type {(Error | 'silence')[]} */ ([
    fail('app/network-error'),
    fail('auth/internal-error'),
    fail('auth/argument-error', 'Error fetching public keys for Google certs: …'),
    new Error('no code'),
    'silence',
  ])) {
    env.break(outage)
    const answer = await env.get('/api/memorials', firebaseCookie('owner'))
    assert.equal(answer.status, 503, String(outage))
    assert.equal(answer.headers.get('retry-after'), '2')
    const { error } = await answer.json()
    assert.equal(error.code, 'identity-unavailable')
    assert.match(error.what, /try again in a moment\.$/)
    assert.equal((await env.get('/api/memorials/m1', firebaseCookie('owner'))).status, 200, 'the public page works')
    assert.equal((await env.post('/api/session', { idToken: 'id:owner' })).status, 503)
  }
})
