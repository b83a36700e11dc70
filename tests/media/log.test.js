/** The log of both servers: what can be read in it, and what cannot. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hide, lineOf } from '../../media/log.js'

/** What became of the details. @param {Record<string, unknown>} details */
const logged = (details) => {
  const { at, event, ...rest } = JSON.parse(lineOf('event', details))
  assert.ok(Date.parse(at) && event === 'event')
  return rest
}

const uuid = '3f2a0c1e-58c1-4a3e-9d0b-6f6f2f8f2b11'
const uid = '66be4bf738797e01e1fca35a7bdecdcd'
const key = `${'2fb3cb9f'.repeat(4)}k${'f256e6ea'.repeat(4)}`

test('ids can be read, so that an alarm can be followed', () => {
  for (const details of [
    { id: uuid },
    { id: `${uuid}:backup` },
    { input: uid, video: uid },
    { output: uid, id: 's1' },
  ]) {
    assert.deepEqual(logged(details), details)
  }
})

test('what looks like a secret is blacked out, in every field', () => {
  assert.deepEqual(logged({ reason: `POST /media/${key}/webRTC/publish` }), {
    reason: 'POST /media/2fb3…/webRTC/publish',
  })
  assert.deepEqual(logged({ id: key, input: key }), { id: '2fb3…', input: '2fb3…' })
  assert.deepEqual(logged({ reason: `key ${uuid}`, said: { key: uuid } }), {
    reason: 'key 3f2a…',
    said: { key: '3f2a…' },
  })
  const plain = { reason: 'the stream has changed since it was read', code: 7 }
  assert.deepEqual(logged(plain), plain)
})

test('what was given to us as a secret is blacked out whatever it looks like', () => {
  hide(['sixteen "letters"', uid.replace('66', '77'), undefined, ''])
  assert.deepEqual(logged({ reason: 'it is sixteen "letters" here', id: uid.replace('66', '77') }), {
    reason: 'it is … here',
    id: '…',
  })
})
