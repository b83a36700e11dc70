import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import readline from 'node:readline'
import { afterEach, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openDatabase, takeFolder } from '../../shim/ports/database.js'
import { openStore } from '../../shim/ports/store-sqlite.js'

/** @type {import('node:sqlite').DatabaseSync} */
let database
/** @type {import('../../shim/ports/store-sqlite.js').Store} */
let store
/** @type {string} */
let folder
beforeEach(() => {
  database = openDatabase(':memory:')
  store = openStore(database)
  folder = mkdtempSync(path.join(tmpdir(), 'vigil-store-'))
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true })
})

const document = { id: 's1', memorialId: 'm1', cloudflareInputId: 'i1', title: 'A', sources: { a: { ready: false } } }

test('what was saved is found: by id, by input, by memorial', async () => {
  await store.SaveStream({ id: 's1', document })
  const expected = { document, version: '1' }
  assert.deepEqual(await store.FindStream({ by: 'id', is: 's1' }), expected)
  assert.deepEqual(await store.FindStream({ by: 'cloudflareInputId', is: 'i1' }), expected)
  assert.deepEqual(await store.FindStreams({ memorialId: 'm1' }), [document])
  assert.equal(await store.FindStream({ by: 'id', is: 'i1' }), null)
  assert.equal(await store.FindStream({ by: 'cloudflareInputId', is: 's1' }), null)
  assert.deepEqual(await store.FindStreams({ memorialId: 's1' }), [])
  assert.equal(await store.FindMemorial({ memorialId: 'm1' }), null)
})

test('a document is created once', async () => {
  await store.SaveStream({ id: 's1', document })
  await assert.rejects(store.SaveStream({ id: 's1', document: { ...document, cloudflareInputId: 'i2' } }), {
    code: 'conflict',
  })
  await assert.rejects(store.SaveStream({ id: 's2', document: { ...document, id: 's2' } }), { code: 'conflict' })
  await store.SaveMemorial({ id: 'm1', document: { id: 'm1' } })
  await assert.rejects(store.SaveMemorial({ id: 'm1', document: { id: 'm1' } }), { code: 'conflict' })
})

test('an update writes the fields it names and leaves the others', async () => {
  await store.SaveStream({ id: 's1', document })
  const set = { 'sources.a.ready': true, 'sources.b.ready': false, title: null, list: [1, { a: null }] }
  await store.UpdateStream({ id: 's1', version: '1', set })
  assert.deepEqual(await store.FindStream({ by: 'id', is: 's1' }), {
    version: '2',
    document: {
      id: 's1',
      memorialId: 'm1',
      cloudflareInputId: 'i1',
      sources: { a: { ready: true }, b: { ready: false } },
      list: [1, { a: null }],
    },
  })
})

test('an update of a version that is gone, or of nothing, fails and writes nothing', async () => {
  await store.SaveStream({ id: 's1', document })
  await store.UpdateStream({ id: 's1', version: '1', set: { title: 'B' } })
  await assert.rejects(store.UpdateStream({ id: 's1', version: '1', set: { title: 'C' } }), { code: 'conflict' })
  await assert.rejects(store.UpdateStream({ id: 's9', version: '1', set: {} }), { code: 'conflict' })
  assert.equal((await store.FindStream({ by: 'id', is: 's1' }))?.document.title, 'B')
})

test('of many updates of one version, one is made', async () => {
  await store.SaveStream({ id: 's1', document })
  const tries = Array.from({ length: 20 }, (_, i) => store.UpdateStream({ id: 's1', version: '1', set: { n: i } }))
  const done = await Promise.allSettled(tries)
  assert.equal(done.filter(({ status }) => status === 'fulfilled').length, 1)
})

test('a key keeps the first stream it was claimed for, for a day', async () => {
  const claim = { uid: 'u', key: 'k', streamId: 's1', order: 'o', now: '2026-09-23T10:00:00Z' }
  assert.deepEqual(await store.ClaimKey(claim), { streamId: 's1', sameOrder: true })
  assert.deepEqual(await store.ClaimKey({ ...claim, streamId: 's2' }), { streamId: 's1', sameOrder: true })
  assert.deepEqual(await store.ClaimKey({ ...claim, order: 'p' }), { streamId: 's1', sameOrder: false })
  assert.deepEqual(await store.ClaimKey({ ...claim, uid: 'v', streamId: 's3' }), { streamId: 's3', sameOrder: true })
  const later = { ...claim, streamId: 's4', now: '2026-09-24T10:00:01Z' }
  assert.deepEqual(await store.ClaimKey(later), { streamId: 's4', sameOrder: true })
})

test('changes are told after they are made, to those who still listen', async () => {
  /** @type {string[]} */
  const told = []
  const end = store.subscribe(({ memorialId }) => told.push(memorialId))
  await store.SaveMemorial({ id: 'm0', document: {} })
  await store.SaveStream({ id: 's1', document })
  await store.UpdateStream({ id: 's1', version: '1', set: { title: 'B' } })
  await store.UpdateStream({ id: 's1', version: '1', set: { title: 'C' } }).catch(() => {})
  end()
  await store.UpdateStream({ id: 's1', version: '2', set: { title: 'D' } })
  assert.deepEqual(told, ['m0', 'm1', 'm1'])
})

test('a data folder belongs to one process, and to its owner alone', () => {
  const mine = path.join(folder, 'data')
  const taken = takeFolder(mine)
  assert.equal(statSync(mine).mode & 0o777, 0o700)
  assert.throws(() => takeFolder(mine), /in use by another Vigil\. End that one, or set DATA to another folder\.$/)
  taken.release()
  takeFolder(mine).release()
})

test('what was answered is there after kill -9, five times in a row', async () => {
  const file = path.join(folder, 'vigil.sqlite')
  let number = 0
  for (let round = 0; round < 5; round++) {
    const writer = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        fileURLToPath(new URL('store-writer.js', import.meta.url)),
        file,
        `${number}`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const exited = new Promise((resolve) => writer.once('exit', resolve))
    for await (const line of readline.createInterface({ input: writer.stdout })) {
      number = Number(line)
      if (number >= (round + 1) * 40) writer.kill('SIGKILL')
    }
    await exited
    const reopened = openDatabase(file)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    const again = openStore(reopened)
    for (let i = 1; i <= number; i++) {
      const found = await again.FindStream({ by: 'id', is: `s${i}` })
      assert.equal(found?.document.title, 'renamed', `stream ${i} of ${number}`)
    }
    assert.equal(reopened.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok')
    reopened.close()
  }
  assert.ok(number >= 200)
})
