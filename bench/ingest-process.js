/** A media server in a process of its own, which can be killed; tells its parent when media last came, by input. */
import { startMedia } from '../media/server.js'

/** @type {Set<string>} */
const inputs = new Set()
const options = JSON.parse(process.argv[2])
const media = await startMedia({ rtmpPort: -1, log: () => {}, ...options })
process.on('message', (/** @type {string} */ uid) => void inputs.add(uid))
process.on('disconnect', () => process.exit(0))
process.send?.({ url: media.url, udpPort: media.udpPort })
setInterval(() => {
  for (const uid of inputs) {
    const silence = media.lives.publisherOf(uid)?.silence() ?? Infinity
    if (silence < 1000) process.send?.({ uid, at: Date.now() - silence })
  }
}, 20)
