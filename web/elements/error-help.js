import { h } from '../dom.js'
import { t } from '../words.js'
import './copy-field.js'

/** @typedef {import('../words.js').Key} Key */

/**
 * How this browser is told to allow the camera again. There is no way to ask it that, so each engine is known by
 * something only it has; where none is known, the step all have in common remains.
 *
 * @returns {Key[]}
 */
function allowSteps() {
  if ('GestureEvent' in window && 'ontouchend' in document) return ['help.allowIos1', 'help.allowIos2', 'help.reload']
  if ('GestureEvent' in window) return ['help.allowSafari1', 'help.allowSafari2', 'help.reload']
  if ('mozInnerScreenX' in window) return ['help.allowFirefox1', 'help.allowFirefox2', 'help.reload']
  if ('chrome' in window) return ['help.allowChrome1', 'help.allowChrome2', 'help.reload']
  return ['help.allow', 'help.reload']
}

/**
 * Another app that shows this page often refuses the camera without asking, and has no signs beside an address.
 *
 * @type {Key[]}
 */
const kElsewhere = ['help.inApp', 'help.other']

/** What to do, by the reason of the core. `link`: the address is needed in another browser. */
const kHelp = /** @type {Record<string, {steps: () => Key[], link?: boolean}>} */ ({
  'camera-denied': { steps: () => [...allowSteps(), ...kElsewhere], link: true },
  'camera-busy': { steps: () => ['help.busy1', 'help.busy2'] },
  'no-camera': { steps: () => ['help.none1', 'help.none2'] },
  'insecure-page': { steps: () => ['help.secure'] },
  'unsupported-browser': { steps: () => kElsewhere, link: true },
})

/**
 * What a person can do about an error, step by step.
 *
 * @attr {string} reason  of the core (wasm/whip/reason.cpp), or nothing
 */
export class ErrorHelp extends HTMLElement {
  static observedAttributes = ['reason']

  attributeChangedCallback() {
    const help = kHelp[this.getAttribute('reason') ?? '']
    this.hidden = !help
    this.replaceChildren()
    if (!help) return
    this.append(h('ol', {}, ...help.steps().map((key) => h('li', {}, t(key)))))
    if (help.link) this.append(h('copy-field', { label: t('help.link'), value: location.href }))
  }
}

customElements.define('error-help', ErrorHelp)
