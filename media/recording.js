/** Makes a recording of a broadcast that has ended: the VOD playlist over its segments, and one MP4 to keep. */
import { randomBytes } from 'node:crypto'
import { readdir, rename, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { aac } from './codecs.js'
import { writeText } from './durable.js'
import { ffmpeg } from './ffmpeg.js'
import { compose, composeRun, durationOf } from './playlist.js'

/** @typedef {import('./broadcast.js').Run} Run */

/**
 * @typedef {object} Recording
 * @property {number} duration seconds; 0 = nothing was recorded
 * @property {number} size bytes
 * @property {number} width of the largest picture, -1 = none
 * @property {number} height
 * @property {boolean} alike one picture size and one set of codec parameters throughout: the MP4 is a copy
 * @property {Run[]} runs those with segments
 */

/**
 * @param {import('./videos.js').Videos} videos
 * @param {string} uid
 * @param {number} segmentSeconds
 * @returns {Promise<Recording>}
 */
export async function writePlaylist(videos, uid, segmentSeconds) {
  const { runs: all, size } = await videos.runs(uid)
  const runs = all.filter((run) => run.segments.length)
  const headers = await Promise.all(runs.map((run) => readFile(videos.path(uid, run.name, 'init.mp4'))))
  const { width, height } = largest(headers.map(tracksOf))
  const [first, ...others] = headers.map(parametersOf)
  const alike = others.every((other) => other.equals(first))
  if (runs.length)
    await writeText(videos.path(uid, 'video.m3u8'), compose(runs, { phase: 'recording', segmentSeconds }))
  return { duration: durationOf(runs), size, width, height, alike, runs }
}

/**
 * Writes recording.mp4 whole or not at all. A copy takes a moment; otherwise everything is encoded anew, in the
 * background's background.
 * @param {import('./videos.js').Videos} videos
 * @param {string} uid
 * @param {Recording} recording
 * @param {string} program
 * @param {(stop: () => void) => void} onStart is handed what ends it early
 * @throws {Error} with ffmpeg's last words
 */
export async function writeMp4(videos, uid, { runs, alike }, program, onStart = () => {}) {
  // A name of its own, and those before are gone: a killed server may have left one that is still being written, and what
  // goes on into it must not end up in this one.
  for (const name of await readdir(videos.path(uid))) {
    if (/^\.recording\./.test(name)) await rm(videos.path(uid, name), { force: true })
  }
  const draft = `.recording.${randomBytes(4).toString('hex')}.mp4`
  const spare = ['.runs.txt', draft]
  for (const { name, segments } of runs) {
    await writeFile(videos.path(uid, name, '.vod.m3u8'), composeRun(segments))
    spare.push(`${name}/.vod.m3u8`)
  }
  await writeFile(videos.path(uid, '.runs.txt'), runs.map(({ name }) => `file '${name}/.vod.m3u8'\n`).join(''))
  try {
    const many = runs.length > 1
    const input = !alike
      ? runs.flatMap(({ name }) => ['-i', `${name}/.vod.m3u8`])
      : many
        ? ['-f', 'concat', '-safe', '0', '-protocol_whitelist', 'file,crypto,data', '-i', '.runs.txt']
        : ['-i', `${runs[0].name}/.vod.m3u8`]
    const codecs = alike ? ['-c', 'copy'] : await encoding(videos, uid, runs)
    const { done, process } = ffmpeg(program, ['-y', ...input, ...codecs, '-movflags', '+faststart', draft], {
      cwd: videos.path(uid),
      nice: alike ? 5 : 19,
    })
    onStart(() => process.kill('SIGKILL'))
    const { code, said } = await done
    if (code !== 0) throw new Error(said.slice(-300) || `ffmpeg ended with ${code}`)
    if (!(await stat(videos.path(uid, draft))).size) throw new Error('the MP4 is empty')
    await rename(videos.path(uid, draft), videos.path(uid, 'recording.mp4'))
  } finally {
    await Promise.all(spare.map((name) => rm(videos.path(uid, name), { force: true })))
  }
}

/**
 * Runs that differ become one picture: each is fitted, with bars where its shape differs, into the largest; one without
 * sound gets silence, one without picture black.
 * @param {import('./videos.js').Videos} videos
 * @param {string} uid
 * @param {Run[]} runs
 */
async function encoding(videos, uid, runs) {
  /** @type {ReturnType<typeof tracksOf>[]} */
  const sizes = []
  for (const { name } of runs) sizes.push(tracksOf(await readFile(videos.path(uid, name, 'init.mp4'))))
  const { width, height } = largest(sizes)
  const filters = runs.map(({ segments }, i) => {
    const seconds = durationOf([{ name: '', segments }]).toFixed(3)
    const video = sizes[i].width
      ? `[${i}:v]scale=${width}:${height}:force_original_aspect_ratio=decrease,pad=${width}:${height}:-1:-1,setsar=1,fps=30[v${i}]`
      : `color=black:size=${width}x${height}:rate=30:duration=${seconds},setsar=1[v${i}]`
    const audio = sizes[i].sound
      ? `[${i}:a]aresample=48000,aformat=channel_layouts=stereo[a${i}]`
      : `anullsrc=channel_layout=stereo:sample_rate=48000,atrim=duration=${seconds}[a${i}]`
    return width > 0 ? `${video};${audio}` : audio
  })
  const joined = runs.map((_, i) => (width > 0 ? `[v${i}][a${i}]` : `[a${i}]`)).join('')
  const graph = `${filters.join(';')};${joined}concat=n=${runs.length}:v=${width > 0 ? 1 : 0}:a=1${width > 0 ? '[v]' : ''}[a]`
  const picture = ['-map', '[v]', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21', '-pix_fmt', 'yuv420p']
  return ['-filter_complex', graph, ...(width > 0 ? picture : []), '-map', '[a]', ...aac]
}

/**
 * Picture size and whether there is sound, from the sample entries of an init segment (ISO/IEC 14496-12 §12.1.3: width
 * and height follow 24 bytes after the type).
 * @param {Buffer} init
 */
function tracksOf(init) {
  const video = init.indexOf('avc1', init.indexOf('stsd'))
  const fits = video > 0 && video + 32 <= init.length
  return {
    width: fits ? init.readUInt16BE(video + 28) : 0,
    height: fits ? init.readUInt16BE(video + 30) : 0,
    sound: init.includes('mp4a'),
  }
}

/**
 * @param {{ width: number, height: number }[]} pictures
 * @returns {{ width: number, height: number }} -1 when there is none
 */
function largest(pictures) {
  let found = { width: -1, height: -1 }
  for (const { width, height } of pictures) {
    if (width > 0 && width * height > found.width * found.height) found = { width, height }
  }
  return found
}

/**
 * What must be equal for two runs to share one MP4 track: the avcC box (profile, level, parameter sets) with the size,
 * and the audio sample entry (channels, rate).
 * @param {Buffer} init
 */
function parametersOf(init) {
  const parts = []
  for (const [name, length] of /** @type {const} */ ([
    ['avc1', 78],
    ['avcC', 0],
    ['mp4a', 28],
  ])) {
    const at = init.indexOf(name, init.indexOf('stsd'))
    if (at < 4) continue
    const size = length || Math.min(init.readUInt32BE(at - 4), 4096)
    parts.push(init.subarray(at, at + size))
  }
  return Buffer.concat(parts)
}
