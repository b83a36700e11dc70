import { announce } from '../announce.js'
import { ApiError, checkStream, getStream, listStreams, retryBackup } from '../api.js'
import { h, setText } from '../dom.js'
import { watchMemorial } from '../live-view.js'
import { loadPublisher } from '../load-publisher.js'
import { t, translated } from '../words.js'
import './browser-streamer.js'
import './copy-field.js'
import './stream-card.js'
import './stream-create.js'
import './stream-edit.js'

/**
 * @typedef {import('../types.js').MemorialView} MemorialView
 * @typedef {import('../types.js').PublicStream} PublicStream
 * @typedef {import('../types.js').StreamAnswer} StreamAnswer
 * @typedef {import('./stream-card.js').StreamCard} StreamCard
 */

/**
 * The streams of one memorial, for those who may manage them: the list, the dialog that adds one, the overlay that
 * streams from this device. Changes arrive by themselves.
 *
 * @attr {string} memorial-id
 */
export class StreamManager extends HTMLElement {
  #create = h('stream-create', {})
  #edit = h('stream-edit', {})
  #streamer = h('browser-streamer', {})
  #heading = h('h1', { tabindex: -1 }, t('site.loading'))
  #list = h('ul', { class: 'streams' })
  #empty = h(
    'div',
    { class: 'empty', hidden: true },
    h('h2', {}, t('manage.empty.title')),
    h('p', {}, t('manage.empty.text')),
  )
  #trouble = h('p', { class: 'notice', role: 'status', hidden: true })

  /** @type {Map<string, {item: HTMLLIElement, card: StreamCard}>} */
  #cards = new Map()
  /** @type {(() => void) | null} */
  #stopWatching = null

  connectedCallback() {
    if (this.firstChild) return
    const memorialId = this.#memorialId
    this.append(this.#heading)
    this.#create.setAttribute('memorial-id', memorialId)
    this.#create.addEventListener('streamcreated', (event) => this.#created(/** @type {CustomEvent} */ (event).detail))
    this.#edit.addEventListener('streamchanged', (event) => this.#changed(/** @type {CustomEvent} */ (event).detail))
    this.#edit.addEventListener('keysrotated', (event) => this.#rotated(/** @type {CustomEvent} */ (event).detail))
    this.#edit.addEventListener('streamremoved', (event) => this.#removed(/** @type {CustomEvent} */ (event).detail))
    this.addEventListener('editwanted', (event) => this.#change(/** @type {StreamCard} */ (event.target)))
    this.addEventListener('checkwanted', (event) => void this.#ask(event.target, checkStream))
    this.addEventListener('backupwanted', (event) => void this.#ask(event.target, retryBackup))
    this.addEventListener('golive', (event) => this.#goLive(/** @type {StreamCard} */ (event.target)))
    this.addEventListener('keyswanted', (event) => void this.#showKeys(/** @type {StreamCard} */ (event.target)))
    void this.#load()
  }

  disconnectedCallback() {
    this.#stopWatching?.()
    this.#stopWatching = null
  }

  get #memorialId() {
    return this.getAttribute('memorial-id') ?? ''
  }

  async #load() {
    try {
      const view = await listStreams(this.#memorialId)
      this.#build(view)
      this.#stopWatching = watchMemorial(this.#memorialId, {
        onView: (changed) => this.#hear(changed),
        onTrouble: (error) => {
          this.#trouble.hidden = !error
          setText(this.#trouble, error ? t('memorial.offline') : '')
        },
      })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.#refuse(error)
    }
  }

  /** @param {MemorialView} view */
  #build(view) {
    const { name } = view.memorial
    const page = new URL(`/memorials/${encodeURIComponent(this.#memorialId)}`, location.href).href
    document.title = `${name} · ${t('manage.title')} · ${t('site.name')}`
    this.#heading.replaceChildren(name)
    this.append(
      h(
        'div',
        { class: 'bar' },
        h('h2', {}, t('manage.title')),
        h('button', { type: 'button', class: 'primary', onclick: () => this.#create.open() }, t('manage.create')),
      ),
      this.#trouble,
      this.#empty,
      this.#list,
      h(
        'section',
        { class: 'share' },
        h('copy-field', { label: t('manage.share'), value: page }),
        h('p', { class: 'hint' }, t('manage.shareHint')),
        h('p', {}, h('a', { class: 'button', href: page }, t('manage.openPage'))),
      ),
      this.#create,
      this.#edit,
      this.#streamer,
    )
    this.#show(view)
  }

  /**
   * The public view does not say how a stream is set up: that is kept, and asked for where another page made it.
   *
   * @param {MemorialView} view
   */
  #hear({ memorial, streams }) {
    const kept = (/** @type {string} */ id) => {
      const { capabilities, backup } = this.#cards.get(id)?.card.stream ?? {}
      return { capabilities, backup }
    }
    this.#show({ memorial, streams: streams.map((stream) => ({ ...stream, ...kept(stream.id) })) })
    if (this.#shown.some(({ capabilities }) => !capabilities)) void this.#complete()
  }

  async #complete() {
    const { streams } = await listStreams(this.#memorialId).catch(() => ({ streams: [] })) // the next change asks again
    for (const { id, capabilities, backup } of streams) {
      const card = this.#cards.get(id)?.card
      if (card?.stream && !card.stream.capabilities) card.stream = { ...card.stream, capabilities, backup }
    }
  }

  /** @param {import('../types.js').MemorialView<import('./stream-card.js').CardStream>} view */
  #show({ streams }) {
    const newestFirst = [...streams].sort((a, b) => b.createdAt.localeCompare(a.createdAt))
    this.#empty.hidden = streams.length > 0
    for (const [id, { item }] of this.#cards) {
      if (streams.some((stream) => stream.id === id)) continue
      item.remove()
      this.#cards.delete(id)
    }
    newestFirst.forEach((stream, place) => {
      const { item, card } = this.#cardOf(stream.id)
      card.stream = stream
      if (this.#list.children[place] !== item) this.#list.insertBefore(item, this.#list.children[place] ?? null)
    })
    // So that the tap on Go Live finds it there.
    if (streams.some((stream) => stream.streamingMethod === 'whip_browser')) loadPublisher().catch(() => {})
  }

  /** @param {string} id */
  #cardOf(id) {
    let entry = this.#cards.get(id)
    if (!entry) {
      const card = h('stream-card', {})
      entry = { item: h('li', {}, card), card }
      this.#cards.set(id, entry)
    }
    return entry
  }

  /** @param {StreamAnswer} answer */
  #created({ stream, warnings = [] }) {
    this.#put(stream)
    announce(t('manage.created', { title: stream.title }))
    const card = this.#cards.get(stream.id)?.card
    if (card) card.problem = inWords(warnings)
    const button = card?.querySelector('button:not([hidden])')
    if (button instanceof HTMLElement) button.focus()
  }

  /** Shows a stream as it is now, without waiting for the news to come round. @param {PublicStream} stream */
  #put(stream) {
    const others = this.#shown.filter(({ id }) => id !== stream.id)
    this.#show({ memorial: { id: this.#memorialId, name: '' }, streams: [...others, stream] })
  }

  get #shown() {
    return [...this.#cards.values()].flatMap(({ card }) => (card.stream ? [card.stream] : []))
  }

  /** @param {StreamCard} card */
  #change(card) {
    if (card.stream) this.#edit.open(card.stream)
  }

  /** @param {PublicStream} stream */
  #changed(stream) {
    this.#put(stream)
    announce(t('manage.changed'))
  }

  /** @param {PublicStream} stream */
  #rotated(stream) {
    const obs = stream.streamingMethod === 'obs'
    const card = this.#cards.get(stream.id)?.card
    if (card && obs) card.credentials = null // the old one is of no use; the new one is shown when asked for
    announce(obs ? t('manage.rotatedObs') : t('manage.rotatedBrowser'))
  }

  /** @param {PublicStream} stream */
  #removed({ id, title }) {
    this.#show({ memorial: { id: this.#memorialId, name: '' }, streams: this.#shown.filter((one) => one.id !== id) })
    announce(t('manage.removed', { title }))
    this.#heading.focus()
  }

  /**
   * @param {EventTarget | null} target  the card
   * @param {(streamId: string) => Promise<StreamAnswer>} request
   */
  async #ask(target, request) {
    const card = /** @type {StreamCard} */ (target)
    if (!card.stream) return
    card.problem = ''
    card.busy = true
    try {
      const { stream, warnings = [] } = await request(card.stream.id)
      this.#put(stream)
      card.problem = inWords(warnings)
      announce(t('manage.checked'))
    } catch (error) {
      card.problem = /** @type {Error} */ (error).message
    }
    card.busy = false
  }

  /** @param {StreamCard} card */
  #goLive(card) {
    if (card.stream) this.#streamer.open(card.stream)
  }

  /** @param {StreamCard} card */
  async #showKeys(card) {
    if (!card.stream) return
    try {
      const { rtmpUrl = '', streamKey = '' } = await getStream(card.stream.id)
      card.credentials = { rtmpUrl, streamKey }
    } catch (error) {
      card.credentials = null
      card.problem = /** @type {Error} */ (error).message
    }
  }

  /** @param {ApiError} error */
  #refuse(error) {
    /** @type {Record<number, {title: import('../words.js').Key, text: import('../words.js').Key}>} */
    const known = {
      401: { title: 'manage.signedOut.title', text: 'manage.signedOut.text' },
      403: { title: 'manage.forbidden.title', text: 'manage.forbidden.text' },
      404: { title: 'manage.notFound.title', text: 'notFound.text' },
    }
    const { title, text } = (error.code && known[error.status]) || {} // without a code it is a proxy that says so
    setText(this.#heading, title ? t(title) : error.message)
    const again = h('button', { type: 'button', class: 'primary', onclick: () => location.reload() }, t('error.again'))
    /** @type {Record<number, {href: string, name: string}>} */
    const ways = {
      401: { href: '/sign-in', name: t('signIn.title') },
      403: { href: `/memorials/${encodeURIComponent(this.#memorialId)}`, name: t('manage.openPage') },
    }
    const way = ways[error.status] ?? { href: '/', name: t('signIn.home') }
    this.className = 'message'
    this.append(
      h('p', { class: 'lead' }, text ? t(text) : ''),
      h('p', {}, title ? h('a', { class: 'button', href: way.href }, way.name) : again),
    )
    this.#heading.focus()
  }
}

/** @param {import('../types.js').Warning[]} warnings */
const inWords = (warnings) => warnings.map(({ code, what }) => translated(code, what)).join(' ')

customElements.define('stream-manager', StreamManager)
