/** The media server as a process: settings from the environment (config.js), SIGTERM or SIGINT ends it in order. */
import nd from 'node-datachannel'
import { configFromEnv } from './config.js'
import { log, reasonOf } from './log.js'
import { startMedia } from './server.js'

// A live service goes on whatever one request or callback did wrong.
process.on('unhandledRejection', (error) => log('bug', { reason: reasonOf(error) }))
process.on('uncaughtException', (error) =>
  log('bug', { reason: reasonOf(error), where: error.stack?.split('\n')[1]?.trim() }),
)
nd.initLogger('Error', (level, message) => log('webrtc', { level, message }))

try {
  const media = await startMedia(configFromEnv(process.env))
  console.log(`media listening on ${media.url}`)
  let ending = false
  const end = async () => {
    if (ending) return
    ending = true
    await media.close()
    nd.cleanup()
    process.exit(0)
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  // Its parent holds the other end of stdin: it closes even when the parent is killed, and a server nobody knows of would
  // keep the ports.
  if (process.env.EXIT_WITH_PARENT) process.stdin.resume().on('end', end).on('error', end)
} catch (error) {
  log('start.failed', { reason: reasonOf(error) })
  process.exit(1)
}
