import { h, setAttribute, setText } from '../dom.js'
import { t, translated } from '../words.js'

/**
 * @typedef {import('../types.js').QualityReport} QualityReport
 * @typedef {import('../words.js').Key} Key
 */

/** How many seconds the chart shows. */
const kShown = 60

/** @type {Record<QualityReport['bound'], Key>} */
const kBounds = {
  none: 'quality.boundNone',
  cpu: 'quality.boundDevice',
  bandwidth: 'quality.boundConnection',
  other: 'quality.boundOther',
}

/**
 * How the stream is doing, in a word; on demand the figures, a chart, the size of the picture and a log for support. The
 * verdict and the figures are the Publisher's (C++).
 *
 * @attr {'good' | 'fair' | 'poor'} grade  (read-only) absent while nothing is sent
 * @attr {'1080p' | '720p' | '480p'} size  (read-only) what the person has chosen
 * @fires sizechange
 * @fires logwanted  the person wants the log: give it to save()
 */
export class ConnectionQuality extends HTMLElement {
  #word = h('span', {}, t('quality.before'))
  #cause = h('p', { class: 'cause', role: 'status' })
  /** @type {HTMLSelectElement} */
  #size = h(
    'select',
    { onchange: () => this.dispatchEvent(new CustomEvent('sizechange', { bubbles: true })) },
    h('option', { value: '1080p' }, t('quality.large')),
    h('option', { value: '720p', selected: true }, t('quality.medium')),
    h('option', { value: '480p' }, t('quality.small')),
  )
  #curve = svg('path', { class: 'curve' })
  #chart = svg('svg', { viewBox: `0 0 ${kShown - 1} 20`, preserveAspectRatio: 'none', role: 'img' }, this.#curve)
  #scale = h('figcaption')
  /** @type {Record<'sound' | 'picture' | 'loss' | 'delay' | 'bound', HTMLElement>} */
  #values = { sound: h('dd'), picture: h('dd'), loss: h('dd'), delay: h('dd'), bound: h('dd') }
  #figures = h(
    'div',
    { class: 'figures', hidden: true },
    h('figure', {}, this.#chart, this.#scale),
    h(
      'dl',
      {},
      ...Object.entries(this.#values).flatMap(([name, value]) => [
        h('dt', {}, t(/** @type {Key} */ (`quality.${name}`))),
        value,
      ]),
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'pill',
        onclick: () => this.dispatchEvent(new CustomEvent('logwanted', { bubbles: true })),
      },
      t('quality.log'),
    ),
  )
  #details = h(
    'details',
    {},
    h('summary', { class: 'pill' }, h('span', { class: 'dot', 'aria-hidden': 'true' }), this.#word),
    h('div', { class: 'panel' }, h('label', {}, t('quality.size'), this.#size), this.#figures),
  )
  /** Kilobits of each of the last seconds. @type {number[]} */
  #sent = []

  connectedCallback() {
    if (!this.firstChild) this.append(this.#cause, this.#details)
  }

  get size() {
    return /** @type {'1080p' | '720p' | '480p'} */ (this.#size.value)
  }

  /** Nothing is sent, or nothing yet. */
  reset() {
    this.#sent = []
    this.#details.open = false
    this.#figures.hidden = true
    this.removeAttribute('grade')
    setText(this.#word, t('quality.before'))
    setText(this.#cause, '')
  }

  /** @param {QualityReport} report */
  show(report) {
    setAttribute(this, 'grade', report.grade)
    setText(this.#word, t(`quality.${report.grade}`))
    setText(this.#cause, translated(report.cause, report.sentence))
    this.#figures.hidden = false
    setText(this.#values.sound, t('quality.kbps', { n: String(report.audioKbps) }))
    const { width, height, framesPerSecond, videoKbps } = report
    const picture = { n: String(videoKbps), size: `${width} × ${height}`, rate: String(framesPerSecond) }
    setText(this.#values.picture, t('quality.pictureValue', picture))
    setText(this.#values.loss, t('quality.percent', { n: report.lossPercent.toFixed(1) }))
    setText(this.#values.delay, t('quality.ms', { n: String(report.roundTripMs) }))
    setText(this.#values.bound, t(kBounds[report.bound]))
    this.#sent = [...this.#sent, report.audioKbps + videoKbps].slice(-kShown)
    this.#draw()
  }

  #draw() {
    const most = Math.max(200, ...this.#sent)
    const from = kShown - this.#sent.length
    const points = this.#sent.map((kbps, i) => `${from + i} ${(20 - (kbps / most) * 19).toFixed(1)}`)
    this.#curve.setAttribute('d', `M${from} 20L${points.join('L')}L${kShown - 1} 20Z`)
    const label = t('quality.chart', { n: String(most) })
    this.#chart.setAttribute('aria-label', label)
    setText(this.#scale, label)
  }

  /** Hands the log to the person as a file. @param {string} log */
  save(log) {
    const about = `Vigil, ${new Date().toISOString()}\n${navigator.userAgent}\n\n`
    const url = URL.createObjectURL(new Blob([about, log], { type: 'text/plain' }))
    h('a', { href: url, download: 'vigil-stream.txt' }).click()
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
  }
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {Node[]} children
 */
function svg(tag, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

customElements.define('connection-quality', ConnectionQuality)
