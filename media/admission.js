/** How many may watch by WHEP at once: anyone may ask, and each session is paid for by the process that also receives. */

/**
 * @typedef {object} Limits
 * @property {number} sessions in all
 * @property {number} ofInput
 * @property {number} ofAddress guests may share one: a house, a parish hall
 * @property {number} connecting sessions that have not connected yet, in all
 * @property {number} connectingOfAddress
 *
 * @typedef {object} Session
 * @property {boolean} connected
 */

/** @type {Limits} */
const defaults = { sessions: 500, ofInput: 400, ofAddress: 100, connecting: 100, connectingOfAddress: 20 }

export class Admission {
  /** @type {Map<Session, { input: string, address: string, connected: boolean }>} */
  #sessions = new Map()
  #limits

  /** @param {Partial<Limits>} [limits] */
  constructor(limits) {
    this.#limits = { ...defaults, ...limits }
  }

  /**
   * @param {string} input uid
   * @param {string} address '' = it is not known whose
   * @returns {number} seconds after which it may ask again; 0 = come in
   */
  refused(input, address) {
    const { sessions, ofInput, ofAddress, connecting, connectingOfAddress } = this.#limits
    const count = { ofInput: 0, ofAddress: 0, connecting: 0, connectingOfAddress: 0 }
    for (const [session, known] of this.#sessions) {
      known.connected ||= session.connected
      const same = address !== '' && known.address === address
      if (known.input === input) count.ofInput++
      if (same) count.ofAddress++
      if (!known.connected) count.connecting++
      if (!known.connected && same) count.connectingOfAddress++
    }
    if (this.#sessions.size >= sessions || count.ofInput >= ofInput || count.ofAddress >= ofAddress) return 30
    if (count.connecting >= connecting || count.connectingOfAddress >= connectingOfAddress) return 2
    return 0
  }

  /**
   * @param {Session} session
   * @param {string} input uid
   * @param {string} address
   */
  add(session, input, address) {
    this.#sessions.set(session, { input, address, connected: false })
  }

  /** @param {Session} session */
  remove(session) {
    this.#sessions.delete(session)
  }
}

/**
 * Whose request it is, as far as limits go: an IPv4 address, or the /64 of an IPv6 one. What our own proxy says counts
 * when it comes from this machine; what only this machine could be, is '' (a proxy that does not say).
 * @param {{ socket: { remoteAddress?: string }, headers: import('node:http').IncomingHttpHeaders }} request
 */
export function addressOf({ socket, headers }) {
  const remote = plain(socket.remoteAddress ?? '')
  if (!isLoopback(remote)) return network(remote)
  const forwarded = plain(`${headers['x-forwarded-for'] ?? ''}`.split(',').at(-1)?.trim() ?? '')
  return isLoopback(forwarded) ? '' : network(forwarded)
}

/** An IPv4 address may be written as an IPv6 one. @param {string} address */
const plain = (address) => address.toLowerCase().replace(/^::ffff:(?=[\d.]+$)/, '')

/** @param {string} address */
const isLoopback = (address) => address === '::1' || address.startsWith('127.')

/** An IPv4 address, or the /64 of an IPv6 one. @param {string} address */
export function network(address) {
  if (!address.includes(':')) return address
  const [head, tail] = address.split('%')[0].split('::')
  const before = head ? head.split(':') : []
  const after = tail ? tail.split(':') : []
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  return [...before, ...Array(zeros).fill('0'), ...after].slice(0, 4).join(':')
}
