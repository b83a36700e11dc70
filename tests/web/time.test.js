import assert from 'node:assert/strict'
import { test } from 'node:test'

// The words, which know the language, look for their page.
Object.assign(globalThis, { document: { querySelectorAll: () => [] } })
const { clock, moment } = await import('../../web/time.js')

test('lengths read like clocks, and what is no date is left out', () => {
  assert.deepEqual([0, 5.9, 65, 600, 3723].map(clock), ['0:00', '0:05', '1:05', '10:00', '1:02:03'])
  assert.equal(moment(undefined), '')
  assert.equal(moment('soon'), '')
  assert.match(moment('2026-11-12T14:30:00Z'), /2026/)
})
