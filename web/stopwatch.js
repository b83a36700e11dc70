import { setText } from './dom.js'
import { clock } from './time.js'

/** Shows the time since an instant, while it runs. */
export class Stopwatch {
  #element
  #timer = 0

  /** @param {Element} element */
  constructor(element) {
    this.#element = element
  }

  /** @param {number} since  as of Date.now(); 0: stop, and show nothing */
  run(since) {
    clearInterval(this.#timer)
    if (!since) return setText(this.#element, '')
    const show = () => setText(this.#element, clock((Date.now() - since) / 1000))
    show()
    this.#timer = window.setInterval(show, 500)
  }
}
