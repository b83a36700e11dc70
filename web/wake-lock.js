/** Keeps the screen on while it is wanted: a phone that locks itself stops filming. */
export class WakeLock {
  /** @type {WakeLockSentinel | null} */
  #lock = null
  #wanted = false

  /** @param {boolean} on */
  async hold(on) {
    if (on && !this.#wanted) document.addEventListener('visibilitychange', this.#take)
    if (!on) document.removeEventListener('visibilitychange', this.#take)
    this.#wanted = on
    if (on) return this.#take()
    const lock = this.#lock
    this.#lock = null
    await lock?.release().catch(() => {})
  }

  // The browser takes it back whenever the page is hidden.
  #take = async () => {
    if (this.#lock?.released === false || document.visibilityState !== 'visible') return
    // Refused on low battery, missing before Safari 16.4: streaming goes on without it.
    const lock = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null
    if (this.#wanted && (!this.#lock || this.#lock.released)) this.#lock = lock
    else await lock?.release().catch(() => {})
  }
}
