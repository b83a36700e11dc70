/**
 * Starts Vigil from the environment, and ends it on SIGINT or SIGTERM. With `link <uid>` it only makes a sign-in link, for
 * a Vigil that may be running (link.js).
 */
import { setTimeout } from 'node:timers/promises'
import { readConfig } from './config.js'
import { createLink } from './link.js'
import { log, reasonOf } from '../media/log.js'
import { startVigil } from './vigil.js'

const { config, problems } = readConfig(process.env)
if (config.firebase && !config.signInUrl) {
  problems.push('SIGN_IN_URL is missing: with Firebase, people sign in on a page of yours, and ours must lead there.')
}
if (problems.length) {
  for (const problem of problems) console.error(problem)
  process.exit(2)
}

const [command, ...args] = process.argv.slice(2)
if (command === 'link') {
  const link = await createLink(config, args).catch((error) => {
    console.error(reasonOf(error))
    process.exit(1)
  })
  console.log(link)
  process.exit(0)
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
console.log(`Vigil is at ${vigil.origin}`)
// In production what is printed is kept, and read by others.
if (!config.firebase && config.production) console.log('For a sign-in link: node shim/main.js link admin')
else if (!config.firebase) console.log(`Sign in, once, with ${await vigil.signInLink()}`)
