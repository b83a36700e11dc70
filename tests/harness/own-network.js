/**
 * A network namespace with one address besides loopback, which reaches nobody: Firefox makes no ICE candidate for
 * loopback, and a server for the tests must not listen where others can reach it.
 */
import { spawn, execFileSync } from 'node:child_process'
import { text } from 'node:stream/consumers'

const unshare = ['--net', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'])]
const setUp = `
  ip link set lo up
  ip link add vigil0 type veth peer name vigil1
  ip addr add 10.77.0.1/24 dev vigil0
  ip link set vigil0 up
  ip link set vigil1 up
  ip route add default dev vigil0`

/** Why there can be none; '' = there can. */
export function noOwnNetwork() {
  try {
    execFileSync('unshare', [...unshare, 'bash', '-ec', setUp], { stdio: 'ignore' })
    return ''
  } catch {
    return 'this machine lets us make no network namespace (unshare --net, ip)'
  }
}

/** Whether this process is in one. */
export const inOwnNetwork = process.env.VIGIL_OWN_NETWORK === '1'

/**
 * Runs a file of tests in one; throws what it printed when one of them fails.
 * @param {string} file
 */
export async function testInOwnNetwork(file) {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, VIGIL_OWN_NETWORK: '1' }
  delete env.NODE_TEST_CONTEXT // otherwise the inner run would take itself for a part of this one
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', '--test', '--test-reporter=spec', file]
  const child = spawn('unshare', [...unshare, 'bash', '-ec', `${setUp}\nexec "$@"`, 'bash', ...node], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [output, code] = await Promise.all([text(child.stdout), new Promise((resolve) => child.once('exit', resolve))])
  if (code !== 0) throw new Error(`\n${output}`)
}
