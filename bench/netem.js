/**
 * Networks as people have them: a namespace of its own for a browser, and between it and this machine a link with a
 * delay, losses and a rate, which can break, come back and change its address. Needs root and /dev/net/tun.
 */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * What a link does to packets, in each direction by itself.
 * @typedef {object} Shape
 * @property {number} [delay]  ms, one way
 * @property {number} [loss]   0 to 1
 * @property {number} [rate]   bit/s; 0 = as fast as it goes
 * @property {number} [queue]  ms a packet may wait for its turn; then it is dropped. 300 by default
 * @property {boolean} [udp]   false: only TCP gets through
 */

/** Whether this machine lets us make networks; '' or a sentence why not. */
export async function noNetworks() {
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  return run('test', ['-c', '/dev/net/tun']).then(
    () => '',
    () => 'there is no /dev/net/tun',
  )
}

/**
 * A namespace behind a link. It goes with this process, whatever becomes of that.
 * @param {Shape} [shape]
 */
export async function openNetwork(shape = {}) {
  const { namespace, net, child, lines, complaint } = await firstFree()
  let host = 2
  const inside = (/** @type {string} */ words) => run('ip', ['-n', namespace, ...words.split(' ')])
  const acknowledged = async () => {
    const { value, done } = await lines.next()
    if (done || value !== 'ok') throw new Error(`the link of ${namespace} has ended: ${complaint()}`)
  }
  const network = {
    namespace,
    /** This machine, as the namespace sees it. */
    near: `${net}.1`,
    /** More addresses of this machine in that network, each with a shape of its own. @param {number} n  10 to 250 */
    async another(n) {
      await run('ip', ['addr', 'add', `${net}.${n}/24`, 'dev', `vigil${net.split('.')[2]}`])
      return `${net}.${n}`
    },
    /** An address in that network where nobody is. */
    nobody: `${net}.254`,
    /** @param {Shape} shape @param {string} [to]  for this address of this machine only */
    async set(shape, to = '') {
      child.stdin.write(`${JSON.stringify({ ...shape, host: to })}\n`)
      await acknowledged()
    },
    /** No network: the interface is down, and the browser is told. */
    down: () => inside('link set wlan0 down'),
    /** It is back. */
    async up() {
      await inside('link set wlan0 up')
      await inside(`route replace default via ${net}.1`)
    },
    /** Another network: for a moment none, then it is up with another address. */
    async move() {
      await network.down()
      await inside(`addr del ${net}.${host}/24 dev wlan0`)
      host = host === 2 ? 3 : 2
      await inside(`addr add ${net}.${host}/24 dev wlan0`)
      await network.up()
    },
    async close() {
      child.stdin.end()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
  await network.set(shape)
  return network
}

/** Starts a link with the first number that nobody on this machine uses. */
async function firstFree() {
  for (let number = 1; number < 250; number++) {
    const namespace = `vigil${number}`
    if (namesTaken().includes(namespace)) continue
    const script = new URL('netem.py', import.meta.url).pathname
    const child = spawn('python3', [script, namespace, String(number)], { stdio: ['pipe', 'pipe', 'pipe'] })
    let complaint = ''
    child.stderr.setEncoding('utf8').on('data', (text) => (complaint += text))
    child.stdin.on('error', () => {}) // told by its end
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const { value } = await lines.next()
    if (value === 'ok') return { namespace, net: `10.77.${number}`, child, lines, complaint: () => complaint }
    if (!complaint.includes('File exists')) throw new Error(complaint)
  }
  throw new Error('all networks are taken')
}

function namesTaken() {
  try {
    return readdirSync('/run/netns')
  } catch {
    return [] // none has ever been made
  }
}
