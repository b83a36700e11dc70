/** The loop between a flow in C++ and the ports that do things. */
import { reasonOf } from '../media/log.js'

/** @typedef {{ next(result: string): string, delete(): void }} Flow */
/** @typedef {{ status: number, body: any, settle?: string }} Answer  `settle`: an attempt that is to be settled now */
/** @typedef {Record<string, (effect: any) => Promise<any>>} Ports */

/**
 * Carries out a flow's effects, one at a time, until it answers. An effect's `type` is the name of the port that
 * carries it out; a port that throws becomes a `failed` result, so the flow in C++ decides what to undo.
 *
 * @param {Flow} flow  freed here
 * @param {Ports} ports
 * @param {(effect: string, error: any) => void} [onFailure]  told of each port that threw
 * @returns {Promise<Answer>}
 */
export async function run(flow, ports, onFailure = () => {}) {
  try {
    let result = {}
    for (;;) {
      const step = JSON.parse(flow.next(JSON.stringify(result)))
      if (step.response) return step.response
      result = await carryOut(ports, step.effect).then(
        (value) => ({ value: value ?? null }),
        (error) => {
          onFailure(step.effect.type, error)
          const { code = '', retryAfter } = error ?? {}
          return { failed: String(error?.message ?? error), code: String(code), retryAfter }
        },
      )
    }
  } finally {
    flow.delete()
  }
}

/** @param {Ports} ports @param {{ type: string }} effect */
async function carryOut(ports, effect) {
  return ports[effect.type](effect)
}

/** The functions of these ports that carry out effects: those named like one. @param {object[]} ports @returns {Ports} */
export const effectsOf = (...ports) =>
  Object.fromEntries(ports.flatMap((port) => Object.entries(port)).filter(([name]) => /^[A-Z]/.test(name)))

/** Failures of ports are the log's business; that somebody was faster is none. @param {Ports} ports @param {import('../media/log.js').Log} log */
export const carrier = (ports, log) => (/** @type {Flow} */ flow) =>
  run(flow, ports, (effect, error) => {
    if (!quiet.includes(error?.code)) log('port.failed', { effect, code: error?.code, reason: reasonOf(error) })
  })

const quiet = ['conflict', 'gone']
