import { h, setAttribute, setText, uniqueId } from '../dom.js'
import { icon } from '../icons.js'
import { t, translated } from '../words.js'

/**
 * @typedef {import('../types.js').PublisherState['devices']} Devices
 * @typedef {import('../icons.js').IconName} IconName
 * @typedef {'mute' | 'cameraOff' | 'flip' | 'shareScreen' | 'useCamera' | 'useMicrophone'} Wish  a method of the Publisher
 */

/**
 * Under the picture: what is wrong with a device, large buttons for the thumb, and a panel to choose devices in.
 * Children that are put into it (a level meter, for instance) stand in the panel.
 *
 * @attr {boolean} open  (read-only) the panel is shown
 * @fires devicewish  detail {wish, value}: what the person wants; call it within the event, for the screen is only
 *   shared from a tap
 */
export class DeviceMenu extends HTMLElement {
  #panelId = uniqueId('devices')
  #warnings = h('div', { class: 'warnings', role: 'status' })
  #mute = tool('microphone', () => this.#wish('mute', !this.#devices?.muted))
  #camera = tool('camera', () => this.#wish('cameraOff', !this.#devices?.cameraOff))
  #flip = tool('flip', () => this.#wish('flip'))
  #more = tool('more', () => this.toggle())
  #cameras = choice(t('device.camera'), (id) => this.#wish('useCamera', id))
  #microphones = choice(t('device.microphone'), (id) => this.#wish('useMicrophone', id))
  #share = h('button', {
    type: 'button',
    class: 'share-screen',
    onclick: () => this.#wish('shareScreen', !this.#sharing),
  })
  #panel = h(
    'div',
    { class: 'panel', id: this.#panelId, hidden: true },
    this.#cameras.field,
    this.#microphones.field,
    this.#share,
  )
  /** @type {Devices | null} */
  #devices = null

  connectedCallback() {
    if (this.contains(this.#panel)) return
    this.#panel.append(...this.childNodes)
    setAttribute(this.#more.button, 'aria-controls', this.#panelId)
    this.#flip.say('flip', t('device.flip'))
    this.#more.say('more', t('device.more'))
    const buttons = [this.#mute, this.#camera, this.#flip, this.#more].map(({ button }) => button)
    this.append(this.#warnings, this.#panel, h('div', { class: 'tools' }, ...buttons))
    this.toggle(false)
  }

  /** @param {boolean} [open] */
  toggle(open = this.#panel.hidden === true) {
    this.#panel.hidden = !open
    setAttribute(this, 'open', open)
    setAttribute(this.#more.button, 'aria-expanded', String(open))
  }

  /** @param {Devices} devices */
  show(devices) {
    this.#devices = devices
    const { muted, cameraOff, cameras, microphones } = devices
    this.#mute.say(muted ? 'microphoneOff' : 'microphone', t(muted ? 'device.unmute' : 'device.mute'), muted)
    this.#camera.say(
      cameraOff ? 'cameraOff' : 'camera',
      t(cameraOff ? 'device.cameraOn' : 'device.cameraOff'),
      cameraOff,
    )
    this.#flip.button.hidden = cameras.length < 2
    this.#cameras.show(cameras, devices.camera)
    this.#microphones.show(microphones, devices.microphone)
    this.#share.hidden = !devices.canShareScreen
    setText(this.#share, t(this.#sharing ? 'device.unshare' : 'device.share'))
    this.#warn([
      muted && t('device.isMuted'),
      cameraOff && t('device.isOff'),
      this.#sharing && t('device.isSharing'),
      ...devices.warnings.map(({ code, sentence }) => translated(code, sentence)),
    ])
  }

  get #sharing() {
    return this.#devices?.picture === 'screen'
  }

  /** A sentence that stays is not said again. @param {(string | false)[]} sentences */
  #warn(sentences) {
    const wanted = sentences.filter(Boolean)
    for (const old of [...this.#warnings.children]) if (!wanted.includes(old.textContent ?? '')) old.remove()
    const said = [...this.#warnings.children].map((each) => each.textContent)
    for (const text of wanted) if (text && !said.includes(text)) this.#warnings.append(h('p', {}, text))
  }

  /** @param {Wish} wish @param {boolean | string} [value] */
  #wish(wish, value) {
    this.dispatchEvent(new CustomEvent('devicewish', { detail: { wish, value } }))
  }
}

/**
 * A round button with its name below.
 *
 * @param {IconName} name
 * @param {() => void} onclick
 */
function tool(name, onclick) {
  let shown = name
  let drawn = icon(name)
  const label = h('span')
  const button = h('button', { type: 'button', onclick }, h('span', { class: 'disc' }, drawn), label)
  return {
    button,
    /** @param {IconName} next @param {string} text @param {boolean} [off] */
    say(next, text, off = false) {
      setText(label, text)
      button.classList.toggle('off', off)
      if (next === shown) return
      shown = next
      const other = icon(next)
      drawn.replaceWith(other)
      drawn = other
    },
  }
}

/**
 * A device to choose, under its label; not there when there is nothing to choose from.
 *
 * @param {string} label
 * @param {(id: string) => void} onchoice
 */
function choice(label, onchoice) {
  const id = uniqueId('device')
  const select = h('select', { id, onchange: () => onchoice(select.value) })
  const field = h('p', { class: 'field' }, h('label', { for: id }, label), select)
  let listed = ''
  return {
    field,
    /** @param {{id: string, label: string}[]} devices @param {string} used */
    show(devices, used) {
      field.hidden = devices.length === 0
      const options = devices.map((device, n) => ({ value: device.id, text: device.label || `${label} ${n + 1}` }))
      if (!devices.some((device) => device.id === used)) options.unshift({ value: '', text: '–' })
      const wanted = JSON.stringify(options)
      if (wanted !== listed) select.replaceChildren(...options.map(({ value, text }) => h('option', { value }, text)))
      listed = wanted
      select.value = devices.some((device) => device.id === used) ? used : ''
    },
  }
}

customElements.define('device-menu', DeviceMenu)
