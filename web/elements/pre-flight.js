import { measureUplink } from '../api.js'
import { setAttribute, setText } from '../dom.js'
import { translated } from '../words.js'

/**
 * @typedef {import('../types.js').PublisherModule} PublisherModule
 * @typedef {Parameters<PublisherModule['readiness']>[0]} Equipment
 */

/**
 * Whether all is well for a stream, in one sentence, before it begins. What this device and its connection are like is
 * found out here, as far as the browser tells; what to say of it, the core decides (readiness).
 *
 * @attr {string} verdict  (read-only) its code, such as ready-slow
 */
export class PreFlight extends HTMLElement {
  /** @type {PublisherModule | null} */
  #module = null
  /** @type {Equipment} */
  #equipment = nothingKnown()
  #turn = 0

  connectedCallback() {
    setAttribute(this, 'role', 'status')
  }

  /** Looks around, once for each preview. @param {PublisherModule} module @param {string} streamId */
  begin(module, streamId) {
    if (this.#module) return
    this.#module = module
    const turn = this.#turn
    const learn = (/** @type {Partial<Equipment>} */ more) => turn === this.#turn && this.learn(more)
    void measureUplink(streamId).then((uplinkKbps) => learn({ measuring: false, uplinkKbps }))
    const device = /** @type {Navigator & {getBattery?: () => Promise<any>}} */ (navigator)
    device
      .getBattery?.()
      .then((battery) => {
        const tell = () => learn({ batteryPercent: battery.charging ? undefined : battery.level * 100 })
        tell()
        battery.onchargingchange = battery.onlevelchange = tell
      })
      .catch(() => {}) // a frame may not know
    device.storage
      ?.estimate?.()
      .then(({ quota, usage = 0 }) => quota && learn({ freeMegabytes: (quota - usage) / 1e6 }))
      .catch(() => {})
    this.learn({})
  }

  /** @param {Partial<Equipment>} more */
  learn(more) {
    Object.assign(this.#equipment, more)
    if (!this.#module) return
    const { code, sentence } = this.#module.readiness(this.#equipment)
    setAttribute(this, 'verdict', code)
    setText(this, translated(code, sentence))
  }

  /** Forgets everything. */
  end() {
    this.#turn++
    this.#module = null
    this.#equipment = nothingKnown()
    setText(this, '')
  }
}

const nothingKnown = () => ({ picture: false, microphone: false, muted: false, silent: false, measuring: true })

customElements.define('pre-flight', PreFlight)
