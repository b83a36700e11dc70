import { h, setAttribute, setText } from '../dom.js'
import '../elements/copy-field.js'
import '../elements/memorial-player.js'
import { clock, moment } from '../time.js'
import { ready, t } from '../words.js'
import '../offline.js'

/**
 * @typedef {import('../types.js').MemorialView} MemorialView
 * @typedef {import('../types.js').PublicStream} PublicStream
 */

void ready.then(() => {
  // /memorials/{id}#{stream} or #{stream}/{recording}: without it, the one people came for
  const memorialId = decodeURIComponent(location.pathname.split('/')[2] ?? '')
  const main = /** @type {HTMLElement} */ (document.querySelector('main'))
  const header = /** @type {HTMLElement} */ (document.querySelector('#memorial-header'))
  const inMemory = /** @type {HTMLElement} */ (header.querySelector('p'))
  const name = /** @type {HTMLElement} */ (header.querySelector('h1'))
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
  const othersTitle = h('h2', {}, t('memorial.others'))
  const othersList = h('ul', { class: 'recordings' })
  const others = h('section', { class: 'others', hidden: true }, othersTitle, othersList)
  const about = h('p', { class: 'hint' })
  const download = h('a', { class: 'button', download: true, hidden: true }, t('memorial.download'))
  const share = h('button', { type: 'button', onclick: () => void shareThis() }, t('memorial.share'))
  const address = h('copy-field', { label: t('manage.share'), hidden: true })

  let othersKey = ''

  /** @param {PublicStream} stream */
  const details = ({ startedAt, createdAt, duration, phase }) =>
    [t(`status.${phase}`), moment(startedAt ?? createdAt), duration ? clock(duration) : ''].filter(Boolean).join(' · ')

  /** @param {{view: MemorialView, stream: PublicStream | null}} change  stream: the one in the player */
  function show({ view: { memorial, streams, currentStreamId }, stream: chosen }) {
    const current = streams.find(({ id }) => id === currentStreamId)

    document.title = `${memorial.name} · ${t('site.name')}`
    inMemory.hidden = false
    setText(name, memorial.name)
    under.hidden = !chosen
    setText(title, chosen?.title ?? '')
    setText(about, chosen ? moment(chosen.startedAt) : '')
    download.hidden = !(chosen?.phase === 'recording' && chosen.downloadUrl)
    setAttribute(download, 'href', chosen?.downloadUrl)
    setAttribute(download, 'aria-label', t('memorial.downloadOf', { title: chosen?.title ?? '' }))
    liveNow.hidden = chosen === current || current?.phase !== 'live'

    const rest = streams.filter((stream) => stream !== chosen && (stream.phase !== 'none' || stream === current))
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

  /** Hands the address to the device's own share sheet; where there is none, shows and copies it. */
  async function shareThis() {
    const { href: url } = location
    if (navigator.share) return navigator.share({ title: document.title, url }).catch(() => {})
    address.setAttribute('value', url)
    address.hidden = false
    await address.copy()
  }

  const under = h(
    'div',
    { class: 'under', hidden: true },
    h('div', {}, title, about),
    h('div', { class: 'actions' }, share, download),
    address,
  )
  const missing = h(
    'div',
    { class: 'message', hidden: true },
    h('h1', {}, t('memorial.notFound.title')),
    h('p', { class: 'lead' }, t('notFound.text')),
    h('p', {}, h('a', { class: 'button', href: '/' }, t('notFound.home'))),
  )
  main.append(liveNow, trouble, under, others, missing)

  const choose = () => setAttribute(player, 'stream', decodeURIComponent(location.hash.slice(1)) || null)
  addEventListener('hashchange', () => {
    choose()
    scrollTo({ top: 0 })
  })
  choose()
  player.addEventListener('memorial-change', (event) => show(/** @type {CustomEvent} */ (event).detail))
  // In place of all else, but not for good: the player goes on asking.
  player.addEventListener('mode-change', (event) => {
    missing.hidden = /** @type {CustomEvent} */ (event).detail.mode !== 'missing'
    header.hidden = player.hidden = !missing.hidden
  })
  player.addEventListener('memorial-trouble', (event) => {
    const { error } = /** @type {CustomEvent} */ (event).detail
    if (error && !name.textContent?.trim()) {
      inMemory.hidden = true
      setText(name, t('embed.title'))
    }
    trouble.hidden = !error || !missing.hidden
    setText(trouble, error ? t('memorial.offline') : '')
  })
  player.setAttribute('memorial', memorialId)
})
