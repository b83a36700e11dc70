/** What becomes of a backlog when the publisher has ended. */
import assert from 'node:assert/strict'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { Feed, ffmpeg } from '../../media/ffmpeg.js'

/** @type {import('../../media/packager.js').Start} */
const start = { container: 'flv', videoCodec: '', audioCodec: 'AAC', bytes: Buffer.from('FLV') }

/**
 * A program in place of ffmpeg, with a backlog of 1.5 MB.
 * @param {import('node:test').TestContext} test
 * @param {string} text of a Node script
 */
async function given(test, text) {
  const folder = await mkdtemp(path.join(tmpdir(), 'vigil-feed-'))
  const program = path.join(folder, 'program')
  await writeFile(program, `#!${process.execPath}\n${text}\n`)
  await chmod(program, 0o755)
  const child = ffmpeg(program, [], { cwd: folder, input: true })
  test.after(async () => {
    child.process.kill('SIGKILL')
    await child.done
    await rm(folder, { recursive: true, force: true })
  })
  const feed = new Feed(child, start, false)
  for (let i = 0; i < 24; i++) feed.data({ key: true, bytes: Buffer.alloc(64 << 10) })
  return { child, feed }
}

test('an encoder that is behind is given the time it needs, as long as it goes on', async (t) => {
  const slowly = `process.stdin.on('data', () => { process.stdin.pause(); setTimeout(() => process.stdin.resume(), 150) })`
  const { child, feed } = await given(t, slowly)
  const asked = Date.now()
  feed.end(1000)
  const { code } = await child.done
  assert.equal(code, 0)
  assert.ok(Date.now() - asked > 2000, 'it took longer than it may stand still')
})

test('one that makes something of what it has read goes on, too', async (t) => {
  const quickly = `process.stdin.resume().on('end', () => setTimeout(() => {}, 2000))`
  const { child, feed } = await given(t, quickly)
  feed.end(1000, () => performance.now() - 100)
  assert.equal((await child.done).code, 0)
})

test('one that stands still is ended', async (t) => {
  const { child, feed } = await given(t, 'setTimeout(() => {}, 60_000)')
  const asked = Date.now()
  feed.end(500)
  assert.equal((await child.done).code, -1)
  assert.ok(Date.now() - asked < 3000)
})
