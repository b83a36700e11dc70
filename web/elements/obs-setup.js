import { h } from '../dom.js'
import { t } from '../words.js'

/** @typedef {import('../words.js').Key} Key */

/**
 * Each step, and what OBS Studio shows at it: the page of its settings that is open, and a row of it, with what belongs
 * there. The last is the button under its main window.
 *
 * @type {{text: Key, page?: Key, row?: [Key, Key | null][], button?: Key}[]}
 */
const kSteps = [
  { text: 'card.setup1', page: 'obs.stream' },
  { text: 'card.setup2', page: 'obs.stream', row: [['obs.service', 'obs.custom']] },
  {
    text: 'card.setup3',
    page: 'obs.stream',
    row: [
      ['obs.server', 'card.rtmpUrl'],
      ['obs.key', null],
    ],
  },
  { text: 'card.setup4', page: 'obs.output', row: [['obs.keyframes', 'obs.seconds']] },
  { text: 'card.setup5', button: 'obs.start' },
]

/** The pages of OBS Studio's settings down to the last we need. @type {Key[]} */
const kPages = ['obs.general', 'obs.stream', 'obs.output']

/** How to set up OBS Studio, step by step, each with a drawing of what to look for. */
export class ObsSetup extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return
    this.append(
      h(
        'details',
        {},
        h('summary', {}, t('card.setup')),
        h('ol', {}, ...kSteps.map((step) => h('li', {}, h('p', {}, t(step.text)), picture(step)))),
      ),
    )
  }
}

/**
 * The text of the step says the same, so a screen reader passes the picture by.
 *
 * @param {typeof kSteps[number]} step
 */
function picture({ page, row = [], button }) {
  if (button) return h('div', { class: 'obs dock', 'aria-hidden': 'true' }, h('span', { class: 'here' }, t(button)))
  const here = row.length ? '' : 'here'
  const pages = kPages.map((name) => h('span', { class: name === page ? `open ${here}` : '' }, t(name)))
  const rows = row.map(([label, value]) =>
    h('div', { class: 'row' }, h('span', {}, t(label)), h('span', { class: 'here' }, value ? t(value) : '••••••••')),
  )
  return h(
    'div',
    { class: 'obs window', 'aria-hidden': 'true' },
    h('span', { class: 'bar' }, t('obs.settings')),
    h('div', { class: 'list' }, ...pages),
    h('div', { class: 'rows' }, ...rows),
  )
}

customElements.define('obs-setup', ObsSetup)
