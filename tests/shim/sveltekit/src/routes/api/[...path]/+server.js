import { vigil } from '../../../vigil.server.js'

/** @type {import('@sveltejs/kit').RequestHandler} */
const handle = ({ request, locals, getClientAddress }) =>
  vigil.fetch(request, { user: locals.user, address: getClientAddress() })

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST }
