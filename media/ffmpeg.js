/** Starts ffmpeg as a child, keeps the end of what it says, and feeds it a publisher's media. */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * @typedef {object} Child
 * @property {import('node:child_process').ChildProcess} process
 * @property {Promise<{ code: number, said: string }>} done code -1 = it could not be started, or was killed
 */

/** The file, for ffmpeg's option `-fpre`, that options come from which nobody else may see. */
export const presetFile = '/dev/fd/3'

/**
 * One with input is in a process group of its own: Ctrl-C in a terminal is for us, and our end of stdin closing is what
 * ends it, so that it completes its files. One without would not notice our end: it stays in our group, so that whoever
 * ends that ends it, too.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, input?: boolean, nice?: number, preset?: string }} options  `preset`: what `presetFile` in
 *   `args` holds, lines of name=value; a command line can be read by everybody on this machine
 * @returns {Child}
 */
export function ffmpeg(program, args, { cwd, input = false, nice = 0, preset = '' }) {
  const secret = preset ? inMemory(preset) : undefined
  const child = spawn(program, ['-hide_banner', '-nostdin', '-loglevel', 'warning', ...args], {
    cwd,
    detached: input,
    stdio: [input ? 'pipe' : 'ignore', 'ignore', 'pipe', secret ?? 'ignore'],
  })
  if (secret !== undefined) closeSync(secret)
  let said = ''
  child.stderr?.on('data', (text) => (said = (said + text).slice(-2000)))
  child.stdin?.on('error', () => {}) // it has gone; 'close' tells
  if (nice && child.pid) {
    try {
      setPriority(child.pid, nice)
    } catch {
      // it has gone already, or may not be made nicer
    }
  }
  const done = new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: -1, said: error.message }))
    child.once('close', (code) => resolve({ code: code ?? -1, said }))
  })
  return { process: child, done }
}

/** A file without a name that holds `text`: only who is given it can read it. @param {string} text */
function inMemory(text) {
  const name = join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), `vigil-${randomUUID()}`)
  const file = openSync(name, 'wx+', 0o600)
  unlinkSync(name)
  writeSync(file, text)
  return file
}

/** More than this unread by ffmpeg, and pictures are dropped up to the next key frame. */
const mostUnread = 16 << 20

/** A publisher's media on its way into one ffmpeg. */
export class Feed {
  ended = false
  #child
  #waitKey
  /** @type {NodeJS.Timeout | undefined} */
  #killer
  #takenAt = performance.now()

  /**
   * @param {Child} child started with `input`
   * @param {import('./packager.js').Start} start
   * @param {boolean} late it comes into the middle: begin with the next key frame
   */
  constructor(child, start, late) {
    this.#child = child
    this.#waitKey = late && start.videoCodec !== ''
    const input = child.process.stdin
    // Chunk by chunk, never the whole backlog in one go: that would be told as taken only when all of it is.
    if (input) input._writev = undefined
    input?.write(start.bytes)
    void child.done.then(() => clearTimeout(this.#killer))
  }

  /**
   * @param {import('./packager.js').Chunk} chunk
   * @returns {boolean} whether it was passed on
   */
  data({ key, bytes }) {
    const input = this.#child.process.stdin
    if (this.ended || !input?.writable) return false
    if (input.writableLength > mostUnread) this.#waitKey = true
    if (this.#waitKey && (!key || input.writableLength > mostUnread / 2)) return false
    this.#waitKey = false
    if (!input.writableLength) this.#takenAt = performance.now()
    input.write(bytes, () => (this.#takenAt = performance.now()))
    return true
  }

  /** Milliseconds in which ffmpeg has taken nothing although there was something. */
  stalled() {
    return this.#child.process.stdin?.writableLength ? performance.now() - this.#takenAt : 0
  }

  /**
   * The end of its input lets ffmpeg complete what it writes, however much it is behind: it is ended only when it has
   * stood still for so long.
   * @param {number} milliseconds
   * @param {() => number} [madeAt] when it last made something of what it had read
   */
  end(milliseconds, madeAt = () => 0) {
    if (this.ended) return
    this.ended = true
    this.#child.process.stdin?.end()
    const endedAt = performance.now()
    const look = () => {
      const patience = Math.max(endedAt, this.#takenAt, madeAt()) + milliseconds - performance.now()
      if (patience > 0) this.#killer = setTimeout(look, patience)
      else this.#child.process.kill('SIGKILL')
    }
    look()
  }
}
