/** Runs in the page: the peers' clients as subjects of tests/browser/subject.js, used as their own READMEs say. */
import { WHIPClient as Eyevinn } from '@eyevinn/whip-web-client'
import { WHIPClient as WhipWhep } from 'whip-whep/whip.js'

/** @typedef {import('../tests/browser/subject.js').Target} Target */

const camera = () => navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 1280, height: 720 } })
/** @param {unknown} error */
const words = (error) => (error instanceof Error ? error.message : String(error))

/** @returns {import('../tests/browser/subject.js').Subject} */
function whipWhep() {
  /** @type {MediaStream} */
  let stream
  /** @type {RTCPeerConnection} */
  let connection
  const client = new WhipWhep()
  let problem = ''
  const failed = (/** @type {unknown} */ error) => void (problem = words(error))
  return {
    async prepare() {
      stream = await camera()
    },
    async start({ endpoint, token, iceServers = [] }) {
      if (!stream) await this.prepare({ endpoint })
      connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers })
      // It can restart ICE, but leaves it to the page to ask for it.
      connection.addEventListener('connectionstatechange', () => {
        if (connection.connectionState === 'failed') Promise.resolve(client.restart()).catch(failed)
      })
      for (const track of stream.getTracks()) {
        connection.addTransceiver(track, { direction: 'sendonly', streams: [stream] })
      }
      await client.publish(connection, endpoint, token).catch(failed)
    },
    stop: () => void client.stop().catch(failed),
    state: () => (problem ? 'failed' : connection?.connectionState === 'connected' ? 'live' : 'under way'),
    problem: () => problem,
  }
}

/** @returns {import('../tests/browser/subject.js').Subject} */
function eyevinn() {
  /** @type {MediaStream} */
  let stream
  /** @type {Eyevinn} */
  let client
  let problem = ''
  const failed = (/** @type {unknown} */ error) => void (problem = words(error))
  return {
    async prepare() {
      stream = await camera()
    },
    async start({ endpoint, token, iceServers = [] }) {
      if (!stream) await this.prepare({ endpoint })
      client = new Eyevinn({ endpoint, opts: { iceServers: /** @type {any[]} */ (iceServers), authkey: token } })
      await client.ingest(stream).catch(failed)
    },
    stop: () => void client.destroy().catch(failed),
    state() {
      const connection = /** @type {any} */ (client)?.peer
      return problem ? 'failed' : connection?.connectionState === 'connected' ? 'live' : 'under way'
    },
    problem: () => problem,
  }
}

export const peers = { 'whip-whep': whipWhep, eyevinn }
