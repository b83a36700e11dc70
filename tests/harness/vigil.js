/** Starts Vigil as a user would, on ports of its own and with a data folder of its own. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSocket } from 'node:dgram'
import { fileURLToPath } from 'node:url'
import { assertNothingSecret } from './secrets.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * @typedef {object} Vigil
 * @property {string} origin                     where the pages are
 * @property {string} signInLink                 the one-time link of this start
 * @property {string} data                       its data folder
 * @property {() => string} log                  everything it has printed
 * @property {number} pid
 * @property {number} rtmpPort
 * @property {(signal?: NodeJS.Signals) => Promise<number | null>} stop  ends it; its exit code
 */

/**
 * @param {{ data?: string, env?: Record<string, string> }} [options]  `data`: a folder to keep; else a new one that goes with it
 * @returns {Promise<Vigil>}
 */
export async function startVigil({ data, env = {} } = {}) {
  const folder = data ?? (await mkdtemp(join(tmpdir(), 'vigil-')))
  const [port, mediaPort, rtmpPort] = await Promise.all([freeTcpPort(), freeTcpPort(), freeTcpPort()])
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'shim/main.js'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA: folder,
      MEDIA_PORT: String(mediaPort),
      RTMP_PORT: String(rtmpPort),
      MEDIA_UDP_PORT: String(await freeUdpPort()),
      ...env,
    },
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  let log = ''
  const signInLink = await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        log += text
        const link = log.match(/https?:\/\/\S+\/sign-in#\S+/)
        if (link) resolve(link[0])
      })
    }
    exited.then((code) => reject(new Error(`Vigil ended with ${code} before it was ready:\n${log}`)))
    setTimeout(() => reject(new Error(`Vigil was not ready within 30 s:\n${log}`)), 30_000).unref()
  })
  return {
    origin: new URL(signInLink).origin,
    signInLink,
    data: folder,
    log: () => log,
    pid: /** @type {number} */ (child.pid),
    rtmpPort,
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      const code = await exited
      assertNothingSecret(log)
      if (!data) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
      return /** @type {number | null} */ (code)
    },
  }
}

/** @returns {Promise<number>} */
export function freeTcpPort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
      server.close(() => resolve(port))
    })
  })
}

/** @returns {Promise<number>} */
export function freeUdpPort() {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4').once('error', reject)
    socket.bind(0, '127.0.0.1', () => {
      const { port } = socket.address()
      socket.close(() => resolve(port))
    })
  })
}

/**
 * Waits until `probe` gives something true; no fixed pauses, and a deadline that says what was awaited.
 * @template T
 * @param {string} what
 * @param {() => Promise<T> | T} probe
 * @param {number} [ms]
 * @returns {Promise<Exclude<NonNullable<T>, false | 0 | ''>>}
 */
export async function until(what, probe, ms = 15_000) {
  const deadline = Date.now() + ms
  let last
  for (;;) {
    last = await probe()
    if (last) return /** @type {Exclude<NonNullable<T>, false | 0 | ''>} */ (last)
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms in vain for ${what}; last: ${JSON.stringify(last)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
