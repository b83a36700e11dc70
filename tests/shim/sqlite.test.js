/** What only the embedded store promises: one file, its owner's alone, safe over kill -9, and taken along by updates. */
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

/** @type {string} */
let folder
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vigil-store-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a file of the first version is brought up to date, once', async () => {
  const file = path.join(folder, 'vigil.sqlite')
  const old = openDatabase(file)
  old.exec(`CREATE TABLE streams (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL DEFAULT 1,
    document TEXT NOT NULL,
    memorialId TEXT AS (json_extract(document, '$.memorialId')) STORED,
    cloudflareInputId TEXT AS (json_extract(document, '$.cloudflareInputId')) STORED
  ) STRICT`)
  const document = { id: 's1', memorialId: 'm1', cloudflareInputId: 'i1', muxLiveStreamId: 'x1' }
  old.prepare('INSERT INTO streams (id, document) VALUES (?, ?)').run('s1', JSON.stringify(document))
  old.close()
  for (let start = 0; start < 2; start++) {
    const store = openStore(openDatabase(file))
    assert.deepEqual(await store.FindStream({ by: 'muxLiveStreamId', is: 'x1' }), { document, version: '1' })
    await store.close()
  }
})

test('an input belongs to one stream', async () => {
  const store = openStore(openDatabase(':memory:'))
  for (const [id, code] of [
    ['s1', ''],
    ['s2', 'conflict'],
  ]) {
    await store.SaveIntent({ id, document: { phase: 'making', due: '9' } })
    const document = { id, memorialId: 'm1', cloudflareInputId: 'i1' }
    const saved = store.SaveStream({ id, document, intent: null })
    await (code ? assert.rejects(saved, { code }) : saved)
  }
  await store.close()
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
        fileURLToPath(new URL('sqlite-writer.js', import.meta.url)),
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
