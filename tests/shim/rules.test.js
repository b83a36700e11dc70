/** firestore.rules, asked as browsers would: over REST, as different people. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openFirebase } from '../../shim/ports/firebase.js'
import { openFirestore } from '../../shim/ports/store-firestore.js'
import { skipWithoutEmulator, startEmulator, timeout } from './firestore.js'
import { memorials } from './kit.js'

const projectId = 'demo-vigil'
const skip = skipWithoutEmulator()

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
before(async () => {
  if (skip) return
  emulator = await startEmulator({ rules: fileURLToPath(new URL('../../firestore.rules', import.meta.url)) })
  const firebase = await openFirebase({ projectId })
  const store = await openFirestore({ app: firebase.app, log: () => {}, timeout })
  for (const memorial of memorials) {
    const { id } = memorial
    const stream = {
      id: `s-${id}`,
      memorialId: id,
      cloudflareInputId: id,
      whipUrl: 'https://secret.test',
      streamKey: 'secret',
    }
    await store.SaveMemorial({ id, document: memorial })
    const due = '2026-09-23T10:00:00.000Z'
    await store.SaveIntent({ id: stream.id, document: { id: stream.id, phase: 'making', due } })
    const view = { id: stream.id, memorialId: id, title: 'A' }
    await store.SaveStream({ id: stream.id, document: stream, view, intent: { id: stream.id, phase: 'settling', due } })
  }
  await store.ClaimKey({ uid: 'owner', key: 'k', streamId: 's', order: 'o', now: new Date().toISOString() })
  await store.close()
  await firebase.close()
})
after(() => emulator?.stop())

// The emulator takes tokens that nobody signed.
const base64 = (/** @type {object} */ value) => Buffer.from(JSON.stringify(value)).toString('base64url')
const now = Math.floor(Date.now() / 1000)
const tokenOf = (/** @type {string} */ uid, /** @type {string} */ role) =>
  `${base64({ alg: 'none', typ: 'JWT' })}.${base64({
    iss: `https://securetoken.google.com/${projectId}`,
    aud: projectId,
    sub: uid,
    user_id: uid,
    auth_time: now,
    iat: now,
    exp: now + 3600,
    role,
    firebase: { sign_in_provider: 'password', identities: {} },
  })}.`

const people = {
  admin: tokenOf('root', 'admin'),
  owner: tokenOf('owner', 'owner'),
  director: tokenOf('director', 'funeral_director'),
  otherOwner: tokenOf('other', 'owner'),
  otherDirector: tokenOf('otherDirector', 'funeral_director'),
  nobody: '',
}

/** @param {string} path @param {string} token @param {RequestInit} [init] */
async function ask(path, token, init) {
  const answer = await fetch(`${emulator.url}/v1/projects/${projectId}/databases/(default)/documents/${path}`, {
    ...init,
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
  })
  return { status: answer.status, text: await answer.text() }
}

const change = JSON.stringify({ fields: { title: { stringValue: 'h' } } })

test('everybody reads what is theirs, and nothing else', { skip }, async () => {
  const claims = 'claims?pageSize=1'
  /** @type {[string, string, RequestInit | undefined, number[]][]} in the order of `people` */
  const rows = [
    ['a stream, which holds keys', 'streams/s-m1', undefined, [200, 403, 403, 403, 403, 403]],
    ['a stream that is not there', 'streams/none', undefined, [404, 403, 403, 403, 403, 403]],
    ['all streams', 'streams', undefined, [200, 403, 403, 403, 403, 403]],
    ['a memorial', 'memorials/m1', undefined, [200, 200, 200, 403, 403, 403]],
    ['one in the older spelling', 'memorials/m2', undefined, [200, 403, 403, 200, 200, 403]],
    ['all memorials', 'memorials', undefined, [403, 403, 403, 403, 403, 403]],
    ['a public view', 'streamsPublic/s-m1', undefined, [200, 200, 200, 200, 200, 200]],
    ['all public views', 'streamsPublic', undefined, [403, 403, 403, 403, 403, 403]],
    ['an intent', 'intents/s-m1', undefined, [403, 403, 403, 403, 403, 403]],
    ['claims', claims, undefined, [403, 403, 403, 403, 403, 403]],
    ['event keys', 'eventKeys', undefined, [403, 403, 403, 403, 403, 403]],
    ['writing a stream', 'streams/s-m1', { method: 'PATCH', body: change }, [403, 403, 403, 403, 403, 403]],
    ['deleting one', 'streams/s-m1', { method: 'DELETE' }, [403, 403, 403, 403, 403, 403]],
    ['writing a view', 'streamsPublic/s-m1', { method: 'PATCH', body: change }, [403, 403, 403, 403, 403, 403]],
    ['taking a memorial', 'memorials/m1', { method: 'PATCH', body: change }, [403, 403, 403, 403, 403, 403]],
    ['anything else', 'others?documentId=x', { method: 'POST', body: change }, [403, 403, 403, 403, 403, 403]],
  ]
  for (const [name, path, init, expected] of rows) {
    for (const [i, [who, token]] of Object.entries(people).entries()) {
      const { status, text } = await ask(path, token, init)
      assert.equal(status, expected[i], `${name}, asked by ${who}`)
      if (path.startsWith('streamsPublic')) assert.doesNotMatch(text, /secret/)
    }
  }
})
