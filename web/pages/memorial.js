import { ApiError } from '../api.js'
import { currentStream, withParts } from '../current-stream.js'
import { h, setAttribute, setText } from '../dom.js'
import '../elements/memorial-player.js'
import { watchMemorial } from '../live-view.js'
import { clock, moment } from '../time.js'
import { t } from '../words.js'
import '../offline.js'

/**
 * @typedef {import('../types.js').MemorialView} MemorialView
 * @typedef {import('../types.js').PublicStream} PublicStream
 */

// /memorials/{id}#{stream} or #{stream}/{recording}: without it, the one people came for
const memorialId = decodeURIComponent(location.pathname.split('/')[2] ?? '')
const main = /** @type {HTMLElement} */ (document.querySelector('main'))
const header = /** @type {HTMLElement} */ (document.querySelector('#memorial-header'))
const player = /** @type {import('../elements/memorial-player.js').MemorialPlayer} */ (
  document.querySelector('memorial-player')
)

const title = h('h2', { class: 'stream-title' })
const liveNow = h(
  'p',
  { class: 'notice', hidden: true },
  `${t('memorial.liveNow')} `,
  h('a', { href: '#' }, t('memorial.goLive')),
)
const trouble = h('p', { class: 'notice', role: 'status', hidden: true })
const none = h(
  'div',
  { class: 'empty', hidden: true },
  h('p', { class: 'lead' }, t('memorial.noStream')),
  h('p', {}, t('memorial.noStreamHint')),
)
const othersTitle = h('h2', {}, t('memorial.others'))
const othersList = h('ul', { class: 'recordings' })
const others = h('section', { class: 'others', hidden: true }, othersTitle, othersList)
const about = h('p', { class: 'hint' })
const download = h('a', { class: 'button', download: true, hidden: true }, t('memorial.download'))

/** @type {MemorialView | null} */
let view = null
let othersKey = ''

/** @param {PublicStream} stream */
const details = ({ startedAt, createdAt, duration, phase }) =>
  [t(`status.${phase}`), moment(startedAt ?? createdAt), duration ? clock(duration) : ''].filter(Boolean).join(' · ')

function show() {
  if (!view) return
  const { memorial, streams } = view
  const current = currentStream(streams)
  const all = streams.flatMap(withParts)
  const chosen = all.find(({ id }) => id === decodeURIComponent(location.hash.slice(1))) ?? current

  document.title = `${memorial.name} · ${t('site.name')}`
  setText(/** @type {Element} */ (header.querySelector('h1')), memorial.name)
  none.hidden = Boolean(chosen)
  player.hidden = under.hidden = !chosen
  player.stream = chosen ?? null
  setText(title, chosen?.title ?? '')
  setText(about, chosen ? moment(chosen.startedAt) : '')
  download.hidden = !(chosen?.phase === 'recording' && chosen.downloadUrl)
  setAttribute(download, 'href', chosen?.downloadUrl)
  setAttribute(download, 'aria-label', t('memorial.downloadOf', { title: chosen?.title ?? '' }))
  liveNow.hidden = chosen === current || current?.phase !== 'live'

  const rest = all.filter((stream) => stream !== chosen && (stream.phase !== 'none' || stream === current))
  others.hidden = rest.length === 0
  const items = rest.map((stream) => ({ id: stream.id, title: stream.title, details: details(stream) }))
  // Made anew only when it differs, so that the keyboard does not lose its place in it.
  const key = JSON.stringify(items)
  if (othersKey === key) return
  othersKey = key
  othersList.replaceChildren(
    ...items.map(({ id, title, details }) =>
      h(
        'li',
        {},
        h(
          'a',
          { href: `#${encodeURIComponent(id)}`, class: 'card' },
          h('span', { class: 'name' }, title),
          h('span', { class: 'hint' }, details),
        ),
      ),
    ),
  )
}

const under = h('div', { class: 'under' }, h('div', {}, title, about), download)
main.append(liveNow, trouble, under, none, others)
addEventListener('hashchange', () => {
  show()
  scrollTo({ top: 0 })
})

const stop = watchMemorial(memorialId, {
  onView(changed) {
    view = changed
    show()
  },
  onTrouble(error) {
    if (error instanceof ApiError && error.status === 404 && !view) {
      stop()
      document.title = t('site.name')
      main.className = 'message'
      main.replaceChildren(
        h('h1', {}, t('memorial.notFound.title')),
        h('p', { class: 'lead' }, t('notFound.text')),
        h('p', {}, h('a', { class: 'button', href: '/' }, t('notFound.home'))),
      )
      return
    }
    trouble.hidden = !error
    setText(trouble, error ? t('memorial.offline') : '')
  },
})
