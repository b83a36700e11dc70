import { building } from '$app/environment'
import { mountVigil } from 'vigil/mount'

/** One for the whole app; none while the app is being built. */
export const vigil = building ? null : await mountVigil()

// adapter-node says so when it has stopped listening, and every request has its answer.
process.on('sveltekit:shutdown', () => vigil?.stop())
