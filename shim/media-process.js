/** Runs the media server as a child: restarts it when it dies, ends it with us. */
import { spawn } from 'node:child_process'
import readline from 'node:readline'

const healthyAfter = 30_000
const longestPause = 10_000

/**
 * @param {object} options
 * @param {string} options.script
 * @param {Record<string, string | undefined>} options.env
 * @param {import('../media/log.js').Log} options.log
 */
export function startMediaProcess({ script, env, log }) {
  /** @type {string | null} */
  let url = null
  /** @type {import('node:child_process').ChildProcess | null} */
  let child = null
  let stopping = false
  let failures = 0
  /** @type {NodeJS.Timeout | undefined} */
  let restart
  /** @type {(url: string) => void} */
  let announce = () => {}
  /** @type {Promise<string>} */
  const ready = new Promise((resolve) => (announce = resolve))
  /** @type {() => void} */
  let gone = () => {}

  function start() {
    const startedAt = Date.now()
    // Its own process group: Ctrl-C in the terminal reaches us alone, and we end it in order. Its standard input is
    // our life line: when we are gone, even by kill -9, it closes, and the child ends by itself.
    child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
      env: { ...env, EXIT_WITH_PARENT: '1' },
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    })
    child.stdin?.on('error', () => {})
    readline
      .createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stdout) })
      .on('line', (line) => {
        const listening = line.match(/^media listening on (https?:\/\/\S+)$/)
        if (!listening) return void process.stdout.write(line + '\n')
        url = listening[1].replace(/\/+$/, '')
        log('media.ready')
        announce(url)
      })
    child.once('error', (error) => log('media.failed', { reason: error.message }))
    child.once('close', (code, signal) => {
      killGroup(child, 'SIGKILL') // what it may have left: an MP4 in the making
      url = null
      child = null
      gone()
      if (stopping) return
      failures = Date.now() - startedAt > healthyAfter ? 0 : failures + 1
      const pause = Math.min(250 * 2 ** failures, longestPause)
      log('media.died', { code, signal, pause })
      restart = setTimeout(start, pause)
    })
  }
  start()

  return {
    /** Where it is now; null while it is not. */
    url: () => url,
    /** Settles when it is up for the first time. */
    ready,
    /** Its process, for tests. */
    pid: () => child?.pid,

    /** Ends it: first asks, then insists. @param {number} [milliseconds] */
    async stop(milliseconds = 20_000) {
      stopping = true
      clearTimeout(restart)
      if (!child) return
      const ended = new Promise((resolve) => (gone = () => resolve(undefined)))
      child.kill('SIGTERM')
      const insist = setTimeout(() => killGroup(child, 'SIGKILL'), milliseconds)
      await ended
      clearTimeout(insist)
    },

    /** Ends it at once. */
    kill() {
      stopping = true
      killGroup(child, 'SIGKILL')
    },
  }
}

/** @typedef {ReturnType<typeof startMediaProcess>} MediaProcess */

/** @param {import('node:child_process').ChildProcess | null} child @param {NodeJS.Signals} signal */
function killGroup(child, signal) {
  if (!child?.pid) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // Nobody is left in it.
  }
}
