/**
 * Why a port could not do what was asked. `code` is what the flows decide by: `conflict` (somebody was faster),
 * `timeout`, `unavailable`, `refused`. The message is for the log and holds no secret.
 */
export class PortError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {ErrorOptions & { retryAfter?: number }} [options]  `retryAfter`: seconds for which whoever was asked wants to
   *   be left alone
   */
  constructor(code, message, options) {
    super(message, options)
    this.name = 'PortError'
    this.code = code
    this.retryAfter = options?.retryAfter
  }
}
