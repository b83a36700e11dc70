/** Where publishers of a bench stream to: our media server behind the page's own origin, as the shim puts it. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const apiToken = 'token-of-the-bench'
const script = new URL('ingest-process.js', import.meta.url)

/** @param {string} host  the address it takes media on; as the shim has it, HTTP is on loopback */
export async function startIngest(host) {
  const dataFolder = await mkdtemp(join(tmpdir(), 'vigil-bench-'))
  /** When media last came, ms since 1970, by input. @type {Map<string, number>} */
  const lastMedia = new Map()
  /** @type {import('node:child_process').ChildProcess} */
  let child
  let address = { url: '', udpPort: 0 }

  const start = async () => {
    const port = address.url ? Number(new URL(address.url).port) : 0
    const options = { host, httpHost: '127.0.0.1', apiToken, dataFolder, port, udpPort: address.udpPort }
    child = fork(script, [JSON.stringify(options)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const [{ url, udpPort }] = await once(child, 'message')
    address = { url: `http://127.0.0.1:${new URL(url).port}`, udpPort }
    for (const uid of lastMedia.keys()) child.send(uid)
    child.on('message', (/** @type {{ uid: string, at: number }} */ { uid, at }) => lastMedia.set(uid, at))
  }
  const kill = async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await start()

  return {
    start,
    kill,
    /** A new live input: its name, and the path of its WHIP endpoint. */
    async createInput() {
      const reply = await fetch(`${address.url}/client/v4/accounts/local/stream/live_inputs`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiToken}` },
        body: JSON.stringify({ meta: { name: 'bench' }, recording: { mode: 'automatic' } }),
      })
      const { result } = /** @type {any} */ (await reply.json())
      lastMedia.set(result.uid, 0)
      child.send(result.uid)
      return { uid: String(result.uid), path: new URL(result.webRTC.url).pathname }
    },
    /** @param {string} uid */
    lastMedia: (uid) => lastMedia.get(uid) ?? 0,
    /** Replies as the media server does. @type {import('../tests/browser/endpoint.js').Handler} */
    async handOn({ method, path, headers, body, from }) {
      const passed = picked(['content-type', 'if-match', 'authorization'], (name) => headers[name])
      const reply = await fetch(address.url + path, {
        method,
        headers: { ...passed, 'x-forwarded-for': from },
        body: body || undefined,
      }).catch(() => undefined)
      if (!reply) return { status: 503, headers: { 'retry-after': '1' } } // as the shim says it
      return {
        status: reply.status,
        headers: picked(['content-type', 'location', 'etag', 'retry-after'], (name) => reply.headers.get(name)),
        body: await reply.text(),
      }
    },
    async close() {
      await kill()
      await rm(dataFolder, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}

/**
 * @param {string[]} names
 * @param {(name: string) => string | string[] | null | undefined} of
 * @returns {Record<string, string>}
 */
const picked = (names, of) => Object.fromEntries(names.flatMap((name) => (of(name) ? [[name, String(of(name))]] : [])))
