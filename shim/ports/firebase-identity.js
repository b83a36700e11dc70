/**
 * Who is who by Firebase: session cookies, checked against what has happened to the account since. The same functions as
 * local-identity.js; accounts and their roles (the custom claim `role`) are managed in Firebase.
 */
import { within } from './firebase.js'
import { sessionLifetime } from './local-identity.js'
import { PortError } from './port-error.js'

/** A sign-in older than this does not get a session: an ID token that leaked is of no use for long. */
const freshFor = 5 * 60 // seconds
const patience = 8000 // a person is waiting

/** What is wrong is the cookie or the account, not Firebase or the way there. */
const refusals = [
  'argument-error',
  'id-token-expired',
  'id-token-revoked',
  'invalid-id-token',
  'invalid-session-cookie',
  'session-cookie-expired',
  'session-cookie-revoked',
  'user-disabled',
  'user-not-found',
].map((code) => `auth/${code}`)

/** @typedef {Pick<import('firebase-admin/auth').Auth, 'verifyIdToken' | 'createSessionCookie' | 'verifySessionCookie' | 'revokeRefreshTokens'>} Auth */

/** @param {import('./firebase.js').FirebaseApp} app */
export async function openFirebaseAuth(app) {
  const { getAuth } = await import('firebase-admin/auth')
  return getAuth(app)
}

/**
 * @param {Auth} auth
 * @param {() => number} [now]  milliseconds
 * @param {number} [timeout]  milliseconds
 */
export function openFirebaseIdentity(auth, now = Date.now, timeout = patience) {
  /**
   * What `work` gives, or null when the credential is refused.
   * @template T @param {() => Promise<T>} work @returns {Promise<T | null>}
   */
  async function unlessRefused(work) {
    try {
      return await within(work, timeout, 'Firebase')
    } catch (caught) {
      const error = /** @type {any} */ (caught)
      // The SDK calls it an argument error, too, when it could not fetch the keys to check a signature with.
      if (refusals.includes(error.code) && !/fetching public keys/i.test(error.message)) return null
      if (error instanceof PortError) throw error
      throw new PortError('unavailable', `Firebase failed with ${error.code ?? 'no code'}`, { cause: error })
    }
  }

  return {
    /** What a sign-in request calls its token. @type {'token' | 'idToken'} */
    proof: 'idToken',

    /**
     * Turns the ID token of a sign-in just made into a session.
     * @param {string} idToken
     * @returns {Promise<{ session: string, user: import('./local-identity.js').User } | null>}
     */
    redeemToken: (idToken) =>
      unlessRefused(async () => {
        const claims = await auth.verifyIdToken(idToken, true)
        if (now() / 1000 - claims.auth_time > freshFor) return null
        const session = await auth.createSessionCookie(idToken, { expiresIn: sessionLifetime })
        return { session, user: toUser(claims) }
      }),

    /**
     * Whose session it is; nobody's when it was revoked or the account disabled.
     * @param {string} session
     * @returns {Promise<import('./local-identity.js').User | null>}
     */
    verifySession: (session) => unlessRefused(async () => toUser(await auth.verifySessionCookie(session, true))),

    /**
     * Ends all sessions of whose this is: Firebase cannot end a single one.
     * @param {string} session
     */
    async endSession(session) {
      await unlessRefused(async () => {
        const { sub } = await auth.verifySessionCookie(session, true)
        await auth.revokeRefreshTokens(sub)
      })
    },
  }
}

/** @param {import('firebase-admin/auth').DecodedIdToken} claims @returns {import('./local-identity.js').User} */
function toUser({ uid, sub, name, email, role }) {
  const known = role === 'admin' || role === 'funeral_director' ? role : 'owner'
  return { uid: uid ?? sub, name: name ?? email ?? 'Signed in', role: known }
}
