import { vigil } from './vigil.server.js'

/** @type {import('@sveltejs/kit').Handle} */
export async function handle({ event, resolve }) {
  const session = event.cookies.get('__session') ?? event.cookies.get('session')
  event.locals.user = session ? await vigil.verifySession(session) : null
  return resolve(event)
}
