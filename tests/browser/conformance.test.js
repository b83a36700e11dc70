/** RFC 9725 as a client has to keep it: the client module in real Chromium, each check against a server that tries it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch } from '../harness/browser.js'
import { checks } from './scoreboard.js'
import { ours, run } from './subject.js'

/** @type {import('playwright-core').Browser} */
let browser
/** @type {string[]} */
const board = []

before(async () => {
  browser = await launch()
})
after(async () => {
  await browser.close()
  console.log(board.join('\n'))
  console.log(`scoreboard_ours ${board.filter((row) => row.startsWith('✓')).length}/${checks.length}`)
})

for (const [name, check] of checks) {
  test(name, async () => {
    const context = await browser.newContext()
    try {
      await run(context, ours, check)
      board.push(`✓ ${name}`)
    } catch (error) {
      board.push(`✗ ${name}`)
      throw error
    } finally {
      await context.close()
    }
  })
}

test('twenty of twenty', () => {
  assert.equal(checks.length, 20)
  assert.deepEqual(
    board.filter((row) => !row.startsWith('✓')),
    [],
  )
})
