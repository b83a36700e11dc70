/** Starts ffmpeg as a child and keeps the end of what it says. */
import { spawn } from 'node:child_process'
import { setPriority } from 'node:os'

/**
 * @typedef {object} Child
 * @property {import('node:child_process').ChildProcess} process
 * @property {Promise<{ code: number, said: string }>} done code -1 = it could not be started, or was killed
 */

/**
 * In a process group of its own: Ctrl-C in a terminal is for us, and our end of stdin closing is what ends ffmpeg, so
 * that it completes its files.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, input?: boolean, nice?: number }} options
 * @returns {Child}
 */
export function ffmpeg(program, args, { cwd, input = false, nice = 0 }) {
  const child = spawn(program, ['-hide_banner', '-nostdin', '-loglevel', 'warning', ...args], {
    cwd,
    detached: true,
    stdio: [input ? 'pipe' : 'ignore', 'ignore', 'pipe'],
  })
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
