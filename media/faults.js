/**
 * Failures on demand, for tests of whoever uses the provider APIs and takes the webhooks. Only with FAULTS=1:
 *
 *   POST /faults [{ match: { method?, path? (pattern) } | { webhook (pattern of the event's name) }, times, do }]
 *
 * `do`: what happens instead of an answer or a delivery, see `forRequest` and `forWebhook`. GET lists what is left, DELETE
 * clears.
 */
import { HttpError, readBody, replyJson } from './http.js'
import { sameSecret } from './inputs.js'

/**
 * @typedef {object} Fault
 * @property {{ method?: string, path?: string, webhook?: string }} match
 * @property {number} times so often, then never again
 * @property {string} do
 */

const forRequests = /^(status:[45]\d\d|late:\d{1,6}|reset|hang|lost-after)$/
const forWebhooks = /^(status:\d{3}|late:\d{1,6}|reset|lost-after|duplicate|reorder|drop)$/

export class Faults {
  /** @type {Fault[]} */
  #faults = []

  /**
   * @param {string} method
   * @param {string} path
   * @returns {string} 'status:503' | 'reset' | 'hang' | 'late:1000' (carried out and answered after so many ms, even if
   *   nobody waits any more) | 'lost-after' (carried out, never answered); '' = none
   */
  forRequest = (method, path) =>
    this.#take(
      ({ match }) =>
        match.webhook === undefined &&
        (match.method ?? method).toUpperCase() === method &&
        new RegExp(match.path ?? '').test(path),
    )

  /**
   * @param {string} what the event's name
   * @returns {{ status?: number, hold?: number | 'next', twice?: boolean, lost?: boolean } | undefined} `status` = this is
   *   taken for the receiver's answer, and nothing is sent; `hold` = it is sent later, after others; `lost` = its answer is
   */
  forWebhook(what) {
    const doing = this.#take(({ match }) => match.webhook !== undefined && new RegExp(match.webhook).test(what))
    if (!doing) return undefined
    const [name, number] = doing.split(':')
    if (name === 'status') return { status: Number(number) }
    if (name === 'late') return { hold: Number(number) }
    if (name === 'reorder') return { hold: 'next' }
    if (name === 'drop') return { status: 200 }
    if (name === 'reset') return { status: 0 }
    return name === 'lost-after' ? { lost: true } : { twice: true }
  }

  /** @param {(fault: Fault) => boolean} fits */
  #take(fits) {
    const fault = this.#faults.find(fits)
    if (!fault) return ''
    if (--fault.times <= 0) this.#faults = this.#faults.filter((other) => other !== fault)
    return fault.do
  }

  /**
   * /faults itself
   * @param {string} apiToken
   * @param {import('./http.js').Request} request
   * @param {import('./http.js').Response} response
   */
  async answer(apiToken, request, response) {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
    if (!apiToken || !sameSecret(token, apiToken)) throw new HttpError(401, 'This is for tests only.')
    if (request.method === 'DELETE') this.#faults = []
    if (request.method === 'POST') this.#faults.push(...readFaults(await readBody(request, 64 * 1024)))
    replyJson(response, 200, this.#faults)
  }
}

/** @param {string} text @returns {Fault[]} @throws {HttpError} 400 */
function readFaults(text) {
  try {
    return [JSON.parse(text)].flat().map(({ match = {}, times = 1, do: doing }) => {
      for (const pattern of [match.path, match.webhook]) new RegExp(pattern ?? '')
      const known = match.webhook === undefined ? forRequests : forWebhooks
      if (!known.test(doing) || !(times >= 1)) throw new Error(`"${doing}", ${times} times`)
      return { match, times, do: doing }
    })
  } catch (error) {
    throw new HttpError(400, `This fault is not known: ${error instanceof Error ? error.message : error}`)
  }
}
