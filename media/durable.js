/** Small JSON files that survive a crash at any moment: the old text or the new, never half of one. */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'

/**
 * Written beside its place, flushed, and moved there; then the folder is flushed, so that the move itself is kept.
 * @param {string} file
 * @param {string} text
 */
export async function writeText(file, text) {
  const folder = path.dirname(file)
  const draft = path.join(folder, `.${path.basename(file)}.${randomBytes(4).toString('hex')}`)
  try {
    const handle = await open(draft, 'wx', 0o600)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
    await syncFolder(folder)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

/**
 * @param {string} file
 * @param {unknown} value
 */
export const writeJson = (file, value) => writeText(file, JSON.stringify(value))

/**
 * The value, or undefined when there is no such file or it is not JSON.
 * @param {string} file
 * @returns {Promise<any>}
 */
export async function readJson(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** @param {string} file */
export async function removeFile(file) {
  await rm(file, { force: true })
  await syncFolder(path.dirname(file))
}

/**
 * Makes the folder where needed and returns its names in order, without the drafts a crash left behind.
 * @param {string} folder
 */
export async function openFolder(folder) {
  await mkdir(folder, { recursive: true })
  const names = []
  for (const name of await readdir(folder)) {
    if (name.startsWith('.')) await rm(path.join(folder, name), { force: true, recursive: true })
    else names.push(name)
  }
  return names.sort()
}

/** Not every file system lets a folder be flushed; then its own ordering has to do. */
async function syncFolder(/** @type {string} */ folder) {
  try {
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch {
    // see above
  }
}

/**
 * Runs jobs one after the other, each whatever became of the one before: two writes of one record must not overtake.
 * @returns {<T>(job: () => Promise<T>) => Promise<T>}
 */
export function inTurn() {
  /** @type {Promise<unknown>} */
  let last = Promise.resolve()
  return (job) => {
    const result = last.then(job)
    last = result.catch(() => {})
    return result
  }
}
