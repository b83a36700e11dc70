/** The embedded database: one file, safe against kill -9 and power loss. */
import { chmodSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * @param {string} file
 * @returns {DatabaseSync}
 */
export function openDatabase(file) {
  const database = new DatabaseSync(file)
  // FULL: a commit is on the disk when it returns. With WAL that is one fsync.
  database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  if (file !== ':memory:') chmodSync(file, 0o600) // it holds stream keys
  return database
}

/**
 * Runs `work` in one transaction; what it throws undoes all of it.
 *
 * @template T
 * @param {DatabaseSync} database
 * @param {() => T} work  not async
 * @returns {T}
 */
export function transaction(database, work) {
  database.exec('BEGIN IMMEDIATE')
  try {
    const value = work()
    database.exec('COMMIT')
    return value
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/**
 * Brings the tables up to date: each step is taken once in the life of a file.
 *
 * @param {DatabaseSync} database
 * @param {readonly string[]} steps  only ever added to
 */
export function migrate(database, steps) {
  transaction(database, () => {
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version)
    for (const step of steps.slice(version)) database.exec(step)
    database.exec(`PRAGMA user_version = ${Math.max(version, steps.length)}`)
  })
}

/**
 * Makes the data folder, for its owner alone, and takes it for this process. The lock goes with the process, however
 * that ends.
 *
 * @param {string} folder
 * @returns {{ release(): void }}
 * @throws {Error} with a sentence, when another process has it
 */
export function takeFolder(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = new DatabaseSync(path.join(folder, 'lock'))
  try {
    lock.exec('PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    throw new Error(
      `The data folder ${folder} is in use by another Vigil. End that one, or set DATA to another folder.`,
      {
        cause: error,
      },
    )
  }
  return { release: () => lock.close() }
}
