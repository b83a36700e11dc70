/**
 * Firestore's emulator, by hand: the jar of Debian's package, on a port of its own. Where it cannot be had, tests that
 * need it are skipped, and say so; FIRESTORE_EMULATOR=required makes that a failure.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { freeTcpPort } from '../harness/vigil.js'

/** Of the store, milliseconds: the emulator's first answers can be slow on a busy machine. */
export const timeout = 60_000
const packageName = 'google-cloud-cli-firestore-emulator'
const main = 'com.google.cloud.datastore.emulator.firestore.CloudFirestore'

/** @returns {{ jar: string, missing: string }}  `missing`: why there is none; '' = there is */
export function findEmulator() {
  let jar = process.env.FIRESTORE_EMULATOR_JAR ?? ''
  let missing = ''
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' })
    jar ||=
      execFileSync('dpkg', ['-L', packageName], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
        .split('\n')
        .find((line) => line.endsWith('/cloud-firestore-emulator.jar')) ?? ''
    if (!existsSync(jar)) missing = `the jar of the Debian package ${packageName} is not there`
  } catch (error) {
    const program = /** @type {any} */ (error).path ?? 'dpkg'
    missing =
      program === 'java'
        ? 'there is no java on this machine'
        : `the Debian package ${packageName} is not installed (or FIRESTORE_EMULATOR_JAR not set)`
  }
  if (missing && process.env.FIRESTORE_EMULATOR === 'required') {
    throw new Error(`FIRESTORE_EMULATOR is "required", but ${missing}.`)
  }
  return { jar, missing }
}

/** What a test's `skip` is to be: false, or the reason. */
export const skipWithoutEmulator = () => {
  const { missing } = findEmulator()
  return missing ? `no Firestore emulator: ${missing}` : false
}

/**
 * Starts it, and tells this process of it, as the SDK wants to be told.
 * @param {{ rules?: string }} [options]
 */
export async function startEmulator({ rules } = {}) {
  const { jar } = findEmulator()
  const port = await freeTcpPort()
  // prettier-ignore
  const child = spawn('java', [
    '-Xmx256m', '-Duser.language=en', '-cp', jar, main, '--host', '127.0.0.1', '--port', String(port),
    '--project_id', 'demo-vigil', ...(rules ? ['--rules', rules] : []),
  ], { stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit')
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output = (output + text).slice(-4000)))
  }
  const deadline = Date.now() + 60_000
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => null)
    if (answer?.ok) break
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`the Firestore emulator failed:\n${output}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  process.env.FIRESTORE_EMULATOR_HOST = `127.0.0.1:${port}`
  process.env.METADATA_SERVER_DETECTION = 'none' // else the SDK looks for a Google machine around it
  let projects = 0
  return {
    url: `http://127.0.0.1:${port}`,
    /** A database nobody else uses. */
    project: () => `demo-vigil-${++projects}`,
    async stop() {
      child.kill('SIGTERM') // it does not listen to SIGINT
      await exited
    },
  }
}
