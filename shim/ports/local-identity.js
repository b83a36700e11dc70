/**
 * Who is who on one machine: people with a role, one-time sign-in tokens, sessions. Tokens and session ids are random
 * and long; the database holds only their hashes, so that its reader can sign in as nobody.
 */
import { createHash, randomBytes } from 'node:crypto'
import { transaction } from './database.js'

/** @typedef {{ uid: string, name: string, role: 'admin' | 'funeral_director' | 'owner' }} User */

const schema = `
  CREATE TABLE IF NOT EXISTS users (uid TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS signInTokens (
    hash TEXT PRIMARY KEY, uid TEXT NOT NULL REFERENCES users (uid) ON DELETE CASCADE, expiresAt INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS sessions (
    hash TEXT PRIMARY KEY, uid TEXT NOT NULL REFERENCES users (uid) ON DELETE CASCADE, expiresAt INTEGER NOT NULL
  ) STRICT;
`

const hour = 3600 * 1000
const tokenLifetime = 12 * hour
/** The longest a Firebase session cookie may live too. */
export const sessionLifetime = 14 * 24 * hour

/** @param {string} secret */
const hash = (secret) => createHash('sha256').update(secret).digest('base64url')
const secret = () => randomBytes(32).toString('base64url')

/**
 * @param {import('node:sqlite').DatabaseSync} database
 * @param {() => number} [now]  milliseconds
 */
export function openIdentity(database, now = Date.now) {
  database.exec('PRAGMA foreign_keys = ON')
  database.exec(schema)
  const sql = {
    putUser: database.prepare(`INSERT INTO users (uid, name, role) VALUES (?, ?, ?)
      ON CONFLICT (uid) DO UPDATE SET name = excluded.name, role = excluded.role`),
    addToken: database.prepare('INSERT INTO signInTokens (hash, uid, expiresAt) VALUES (?, ?, ?)'),
    takeToken: database.prepare('DELETE FROM signInTokens WHERE hash = ? RETURNING uid, expiresAt'),
    dropTokens: database.prepare('DELETE FROM signInTokens WHERE uid = ?'),
    addSession: database.prepare('INSERT INTO sessions (hash, uid, expiresAt) VALUES (?, ?, ?)'),
    session: database.prepare(`SELECT users.uid, name, role, expiresAt FROM sessions JOIN users USING (uid)
      WHERE hash = ?`),
    dropSession: database.prepare('DELETE FROM sessions WHERE hash = ?'),
    dropOldSessions: database.prepare('DELETE FROM sessions WHERE expiresAt <= ?'),
    user: database.prepare('SELECT uid, name, role FROM users WHERE uid = ?'),
  }

  return {
    /** What a sign-in request calls its token. @type {'token' | 'idToken'} */
    proof: 'token',

    /** Adds a person, or gives one another name or role. @param {User} user */
    async putUser({ uid, name, role }) {
      sql.putUser.run(uid, name, role)
    },

    /** @param {string} uid @returns {Promise<User | null>} */
    async findUser(uid) {
      const found = sql.user.get(uid)
      return found ? toUser(found) : null
    },

    /**
     * A token that signs this person in once. The ones before it are void.
     * @param {string} uid
     * @returns {Promise<string>}
     */
    async createToken(uid) {
      const token = secret()
      transaction(database, () => {
        sql.dropTokens.run(uid)
        sql.addToken.run(hash(token), uid, now() + tokenLifetime)
      })
      return token
    },

    /**
     * Turns a token into a session, once.
     * @param {string} token
     * @returns {Promise<{ session: string, user: User } | null>} null when it is unknown, used or too old
     */
    async redeemToken(token) {
      const session = secret()
      return transaction(database, () => {
        const found = sql.takeToken.get(hash(token))
        if (!found || Number(found.expiresAt) <= now()) return null
        sql.dropOldSessions.run(now())
        sql.addSession.run(hash(session), String(found.uid), now() + sessionLifetime)
        return { session, user: toUser(sql.user.get(String(found.uid))) }
      })
    },

    /**
     * Whose session it is.
     * @param {string} session
     * @returns {Promise<User | null>}
     */
    async verifySession(session) {
      const found = sql.session.get(hash(session))
      return found && Number(found.expiresAt) > now() ? toUser(found) : null
    },

    /** @param {string} session */
    async endSession(session) {
      sql.dropSession.run(hash(session))
    },
  }
}

/** @typedef {ReturnType<typeof openIdentity>} Identity */

/** @param {any} row @returns {User} */
const toUser = ({ uid, name, role }) => ({ uid, name, role })
