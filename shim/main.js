/** Starts Vigil from the environment, and ends it on SIGINT or SIGTERM. */
import { setTimeout } from 'node:timers/promises'
import { readConfig } from './config.js'
import { log, reasonOf } from './log.js'
import { startVigil } from './vigil.js'

const { config, problems } = readConfig(process.env)
if (problems.length) {
  for (const problem of problems) console.error(problem)
  process.exit(2)
}

const vigil = await startVigil(config, process.env, log).catch((error) => {
  console.error(reasonOf(error))
  process.exit(1)
})

let ending = false
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, async () => {
    if (ending) {
      vigil.media?.kill()
      process.exit(1)
    }
    ending = true
    console.log(
      'Ending. A service that is live goes on in its recording after the next start; once more to end at once.',
    )
    await vigil.stop().catch((error) => log('stop.failed', { reason: reasonOf(error) }))
    process.exit(0)
  })
}

const up = await Promise.race([vigil.ready.then(() => true), setTimeout(20_000, false)])
if (!up) console.error('The media server does not start; see above. Pages work, streaming does not yet.')
const link = await vigil.signInLink()
// The only place where the link is ever written.
console.log(`Vigil is at ${vigil.origin}${link ? `\nSign in, once, with ${link}` : ''}`)
