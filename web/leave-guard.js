/** While it is on: the browser asks before the page is left, if there is something to lose, and leaving is told. */
export class LeaveGuard {
  #isBusy
  #onLeave

  /**
   * @param {() => boolean} isBusy  something would be lost
   * @param {() => void} onLeave  the page goes, and may not come back
   */
  constructor(isBusy, onLeave) {
    this.#isBusy = isBusy
    this.#onLeave = onLeave
  }

  /** @param {boolean} on */
  watch(on) {
    removeEventListener('pagehide', this.#onLeave)
    removeEventListener('beforeunload', this.#beforeUnload)
    if (!on) return
    addEventListener('pagehide', this.#onLeave)
    addEventListener('beforeunload', this.#beforeUnload)
  }

  /** @param {BeforeUnloadEvent} event */
  #beforeUnload = (event) => {
    if (!this.#isBusy()) return
    event.preventDefault()
    event.returnValue = '' // Chrome before 119 asks only then
  }
}
