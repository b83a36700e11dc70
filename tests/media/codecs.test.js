/** What ffmpeg is told makes of sound what it should. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { audioOf } from '../../media/codecs.js'

const run = promisify(execFile)

test('sound whose encoder changes its ways half-way is not longer than it was', async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'vigil-codecs-'))
  context.after(() => rm(folder, { recursive: true }))
  const ffmpeg = (/** @type {string[]} */ words) => run('ffmpeg', ['-v', 'error', ...words], { cwd: folder })
  const tone = ['-f', 'lavfi', '-i', 'sine=440:duration=3', '-ac', '2', '-c:a', 'libopus']
  await ffmpeg([...tone, '-b:a', '24k', '-application', 'voip', 'thin.mka'])
  await ffmpeg([...tone, '-b:a', '128k', '-application', 'audio', 'whole.mka'])
  await writeFile(path.join(folder, 'list'), 'file thin.mka\nfile whole.mka\n')
  await ffmpeg(['-f', 'concat', '-i', 'list', '-c', 'copy', 'both.mka'])
  await ffmpeg([
    '-i',
    'both.mka',
    ...audioOf({ container: 'matroska', audioCodec: 'OPUS', videoCodec: '', bytes: new Uint8Array() }),
    'out.mp4',
  ])
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-count_packets',
    '-show_entries',
    'stream=nb_read_packets',
    '-of',
    'csv=p=0',
    path.join(folder, 'out.mp4'),
  ])
  const seconds = (parseInt(stdout) * 1024) / 48_000
  assert.ok(Math.abs(seconds - 6) < 0.1, `${seconds} s`)
})
