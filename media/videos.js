/** The broadcasts there are and were, each a folder with its record, its runs, and in the end its playlist and MP4. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { readFile, readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { inTurn, openFolder, readJson, writeJson } from './durable.js'
import { parseRun, runName } from './playlist.js'

/**
 * @typedef {object} Video
 * @property {string} uid 32 hex digits
 * @property {string} liveInput
 * @property {'live' | 'ending' | 'ready' | 'error'} state ending = no more will come, the recording is being made
 * @property {string} created ISO 8601
 * @property {string} modified
 * @property {string} [readyAt]
 * @property {Record<string, unknown>} meta
 * @property {string | null} creator
 * @property {string[]} allowedOrigins
 * @property {number} duration seconds, -1 while unknown
 * @property {number} width of the largest picture, -1 while unknown
 * @property {number} height
 * @property {number} size bytes of all segments
 * @property {'' | 'wanted' | 'ready' | 'failed'} download the MP4
 * @property {{ code: string, text: string }} [error]
 * @property {number | null} [keptDays] how long the recording is kept; null = for ever
 * @property {string} [scheduledDeletion] ISO 8601; not kept longer than until then
 * @property {import('./mux.js').MuxAsset} [mux] it is an asset of the Mux API, and unknown to Cloudflare's
 */

export class Videos {
  /** @type {Map<string, Video>} */
  #videos = new Map()
  /** @type {Map<string, ReturnType<typeof inTurn>>} */
  #turns = new Map()

  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder
  }

  /** Reads what is there. */
  async open() {
    for (const name of await openFolder(this.folder)) {
      const video = await readJson(path.join(this.folder, name, 'video.json'))
      if (video?.uid === name) this.#videos.set(name, video)
    }
  }

  /** @param {string} uid */
  get = (uid) => this.#videos.get(uid)

  all = () => [...this.#videos.values()]

  /** @param {string} input newest first */
  of = (input) =>
    this.all()
      .filter((video) => video.liveInput === input)
      .sort((a, b) => (a.created < b.created ? 1 : -1))

  /** @param {string} uid @param {string[]} names */
  path = (uid, ...names) => path.join(this.folder, uid, ...names)

  /**
   * Folder and record are there at once, since media is already flowing: without its record the next start would not
   * know whose segments these are. To have it flushed, too, it must be saved.
   * @param {import('./inputs.js').LiveInput} input
   * @param {Partial<Video>} [more]
   * @returns {Video}
   */
  create(input, more = {}) {
    const created = new Date().toISOString()
    const name = typeof input.meta.name === 'string' ? input.meta.name : 'Live broadcast'
    /** @type {Video} */
    const video = {
      uid: randomBytes(16).toString('hex'),
      liveInput: input.uid,
      state: 'live',
      created,
      modified: created,
      meta: { ...input.meta, name: `${name} ${created.slice(0, 16).replace('T', ' ')} UTC` },
      creator: input.defaultCreator,
      allowedOrigins: input.recording.allowedOrigins,
      duration: -1,
      width: -1,
      height: -1,
      size: 0,
      download: '',
      keptDays: input.deleteRecordingAfterDays,
      ...more,
    }
    mkdirSync(this.path(video.uid))
    try {
      writeFileSync(this.path(video.uid, 'video.json'), JSON.stringify(video), { mode: 0o600 })
    } catch (error) {
      rmSync(this.path(video.uid), { recursive: true, force: true })
      throw error
    }
    this.#videos.set(video.uid, video)
    return video
  }

  /**
   * Applies the change and returns when it is on disk.
   * @param {Video} video
   * @param {Partial<Video>} change
   */
  async save(video, change = {}) {
    Object.assign(video, change, { modified: new Date().toISOString() })
    let turn = this.#turns.get(video.uid)
    if (!turn) this.#turns.set(video.uid, (turn = inTurn()))
    await turn(async () => {
      if (this.#videos.has(video.uid)) await writeJson(this.path(video.uid, 'video.json'), video)
    })
  }

  /** @param {string} uid */
  async remove(uid) {
    this.#videos.delete(uid)
    await this.#turns.get(uid)?.(async () => {})
    this.#turns.delete(uid)
    await rm(this.path(uid), { recursive: true, force: true })
  }

  /**
   * The runs of a broadcast as they lie on disk. After a crash the last lines of a playlist may name what never got
   * there, so segments that are missing or empty are left out, and a run without its init segment altogether.
   * @param {string} uid
   */
  async runs(uid) {
    const names = (await readdir(this.path(uid))).filter((name) => runName.test(name))
    names.sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
    const runs = []
    let size = 0
    for (const name of names) {
      const bytesOf = (/** @type {string} */ file) =>
        stat(this.path(uid, name, file)).then(
          (s) => s.size,
          () => 0,
        )
      const text = await readFile(this.path(uid, name, 'run.m3u8'), 'utf8').catch(() => '')
      const segments = []
      if (await bytesOf('init.mp4')) {
        for (const segment of parseRun(text)) {
          const bytes = await bytesOf(segment.name)
          if (bytes) segments.push(segment)
          size += bytes
        }
      }
      runs.push({ name, segments })
    }
    return { runs, size }
  }
}
