import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressOf, Admission } from '../../media/admission.js'

const limits = { sessions: 8, ofInput: 6, ofAddress: 5, connecting: 4, connectingOfAddress: 2 }

/**
 * @param {number} count
 * @param {{ input?: string, address?: string, connected?: boolean }} [about] without an address each has its own
 */
function given(count, { input = 'one', address, connected = true } = {}, admission = new Admission(limits)) {
  const sessions = Array.from({ length: count }, () => ({ connected }))
  sessions.forEach((session, i) => admission.add(session, input, address ?? `a${i}`))
  admission.refused('', '')
  return { admission, sessions }
}

/** @type {[string, Parameters<typeof given>, [string, string], number][]} */
const rows = [
  ['the first', [0], ['one', 'x'], 0],
  ['the last in all', [7, { input: 'other' }], ['one', 'x'], 0],
  ['too many in all', [8, { input: 'other' }], ['one', 'x'], 30],
  ['the last of an input', [5], ['one', 'x'], 0],
  ['too many of an input', [6], ['one', 'x'], 30],
  ['another input', [6], ['two', 'x'], 0],
  ['the last of an address', [4, { address: 'x' }], ['one', 'x'], 0],
  ['too many of an address', [5, { address: 'x' }], ['one', 'x'], 30],
  ['another address', [5, { address: 'x' }], ['one', 'y'], 0],
  ['nobody knows whose', [5, { address: '' }], ['one', ''], 0],
  ['the last that connects', [3, { connected: false }], ['one', 'x'], 0],
  ['too many connecting', [4, { connected: false }], ['one', 'x'], 2],
  ['the last of an address that connects', [1, { connected: false, address: 'x' }], ['one', 'x'], 0],
  ['too many of an address connecting', [2, { connected: false, address: 'x' }], ['one', 'x'], 2],
  ['others may still connect', [2, { connected: false, address: 'x' }], ['one', 'y'], 0],
  ['connecting, nobody knows whose', [3, { connected: false, address: '' }], ['one', ''], 0],
]
for (const [name, about, [input, address], seconds] of rows) {
  test(`${name}: ${seconds || 'come in'}`, () => {
    assert.equal(given(...about).admission.refused(input, address), seconds)
  })
}

test('who has been connected once is not counted as connecting when it loses its way for a moment', () => {
  const { admission, sessions } = given(4)
  for (const session of sessions) session.connected = false
  assert.equal(admission.refused('one', 'x'), 0)
})

test('who has left makes room', () => {
  const { admission, sessions } = given(6)
  admission.remove(sessions[0])
  assert.equal(admission.refused('one', 'x'), 0)
})

test('whose request it is', () => {
  const of = (/** @type {string} */ remoteAddress, /** @type {string} */ forwarded = '') =>
    addressOf({ socket: { remoteAddress }, headers: forwarded ? { 'x-forwarded-for': forwarded } : {} })
  assert.equal(of('192.0.2.1'), '192.0.2.1')
  assert.equal(of('192.0.2.1', '198.51.100.7'), '192.0.2.1', 'a stranger may say what it likes')
  assert.equal(of('127.0.0.1', '192.0.2.1'), '192.0.2.1')
  assert.equal(of('::1', '203.0.113.5, 192.0.2.1'), '192.0.2.1', 'the last one is what our proxy says')
  assert.equal(of('::ffff:127.0.0.1', '::ffff:192.0.2.1'), '192.0.2.1')
  assert.equal(of('127.0.0.1'), '')
  assert.equal(of('127.0.0.1', '::1'), '')
  assert.equal(of('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2')
  assert.equal(of('2001:DB8:1:2::6'), of('2001:db8:1:2:9::'))
  assert.equal(of('2001:db8::1'), '2001:db8:0:0')
  assert.equal(of('fe80::1%eth0'), 'fe80:0:0:0')
})
