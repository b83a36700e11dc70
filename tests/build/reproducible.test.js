import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

const outputs = ['publisher', 'player', 'server']
  .flatMap((name) => [`${name}.mjs`, `${name}.wasm`])
  .map((name) => join('build', 'dist', name))
const hashes = (/** @type {string} */ folder) =>
  outputs.map((file) => [file, createHash('sha256').update(readFileSync(join(folder, file))).digest('hex')])

test('the modules are the same to the byte when built in another folder', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'vigil-elsewhere-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  for (const file of files.trim().split('\n')) cpSync(file, join(folder, file))
  const build = 'source "$(scripts/setup-emscripten.sh)"; cmake --preset wasm && cmake --build --preset wasm --target publisher player server'
  await promisify(execFile)('bash', ['-euc', build], { cwd: folder, maxBuffer: 1 << 24 })
  assert.deepEqual(hashes(folder), hashes('.'))
})
