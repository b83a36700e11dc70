import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

test('no page is heavier than its budget', () => {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/size.js'], { encoding: 'utf8' })
  assert.equal(status, 0, stdout)
})
