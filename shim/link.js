/**
 * `node shim/main.js link`: a sign-in link, and the people there are where no Firebase knows any. It works beside a
 * Vigil that runs, on the same data folder.
 */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { localUrl } from './config.js'
import { openDatabase } from './ports/database.js'
import { openIdentity } from './ports/local-identity.js'

const roles = /** @type {const} */ (['admin', 'funeral_director', 'owner'])
const usage = `node shim/main.js link <uid> [--name <name>] [--role ${roles.join('|')}] [--memorial <id>]`

/**
 * @param {import('./config.js').Config} config
 * @param {string[]} args  as in `usage`
 * @returns {Promise<string>} a link that signs this person in, once
 * @throws {Error} with a sentence
 */
export async function createLink(config, args) {
  const { uid, name, role, memorial } = read(args)
  if (config.firebase) throw new Error('With FIREBASE_PROJECT_ID, people sign in by Firebase: there are no links.')
  const file = path.join(config.dataFolder, 'vigil.sqlite')
  if (!existsSync(file))
    throw new Error(`There is nothing in ${config.dataFolder} yet. Start Vigil first, or set DATA.`)

  const database = openDatabase(file)
  try {
    const identity = openIdentity(database)
    const known = await identity.findUser(uid)
    const user = { uid, name: name ?? known?.name, role: role ?? known?.role }
    if (!user.name || !user.role) throw new Error(`Nobody is called ${uid}. Add this person with --name and --role.`)
    await identity.putUser(/** @type {import('./ports/local-identity.js').User} */ (user))
    if (memorial) {
      const field = user.role === 'funeral_director' ? '$.funeralDirectorUid' : '$.ownerUid'
      const give = database.prepare('UPDATE memorials SET document = json_set(document, ?, ?) WHERE id = ?')
      if (!give.run(field, uid, memorial).changes) {
        throw new Error(`There is no memorial ${memorial}. Its id is in the address of its page.`)
      }
    }
    const origin = config.publicUrl || localUrl(config.host, config.port)
    return `${origin}/sign-in#${await identity.createToken(uid)}`
  } finally {
    database.close()
  }
}

/** @param {string[]} args */
function read(args) {
  const text = /** @type {const} */ ({ type: 'string' })
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { name: text, role: text, memorial: text },
    })
    const role = roles.find((one) => one === values.role)
    if (positionals.length !== 1 || (values.role && !role)) throw new Error(usage)
    return { ...values, role, uid: positionals[0] }
  } catch {
    throw new Error(`Usage: ${usage}`)
  }
}
