import { ApiError, createMemorial, deleteSession, getSession, listMemorials } from '../api.js'
import { h, kept, setText } from '../dom.js'
import { ready, t } from '../words.js'
import '../offline.js'

/** @typedef {import('../types.js').Memorial} Memorial */

const main = /** @type {HTMLElement} */ (document.querySelector('main'))

/** @param {Memorial} memorial */
function memorialItem({ id, name, canManage }) {
  const page = `/memorials/${encodeURIComponent(id)}`
  return h(
    'li',
    { class: 'card' },
    h('h2', {}, name),
    h(
      'div',
      { class: 'actions' },
      canManage &&
        h(
          'a',
          { class: 'button primary', href: `${page}/manage`, 'aria-label': t('home.manageOf', { name }) },
          t('home.manage'),
        ),
      h('a', { class: 'button', href: page, 'aria-label': t('home.viewOf', { name }) }, t('home.view')),
    ),
  )
}

/** @param {HTMLUListElement} list */
function addForm(list) {
  const error = h('p', { id: 'name-error', class: 'field-error', role: 'alert', hidden: true })
  const name = h('input', {
    id: 'name',
    type: 'text',
    maxlength: 200,
    autocomplete: 'off',
    'aria-describedby': 'name-error name-hint',
  })
  const submit = h('button', { type: 'submit', class: 'primary' }, t('home.add.submit'))
  let busy = false

  /** @param {string} sentence */
  const refuse = (sentence) => {
    error.hidden = !sentence
    setText(error, sentence)
    if (sentence) name.setAttribute('aria-invalid', 'true')
    else name.removeAttribute('aria-invalid')
    if (sentence) name.focus()
  }

  /** @param {SubmitEvent} event */
  const send = async (event) => {
    event.preventDefault()
    if (busy) return
    if (!name.value.trim()) return refuse(t('home.add.missing'))
    busy = submit.disabled = true
    setText(submit, t('home.add.busy'))
    refuse('')
    try {
      await createMemorial(name.value.trim())
      name.value = ''
      list.replaceChildren(...(await listMemorials()).map(memorialItem))
    } catch (problem) {
      refuse(/** @type {Error} */ (problem).message)
    }
    busy = submit.disabled = false
    setText(submit, t('home.add.submit'))
  }

  return h(
    'form',
    { class: 'card add', novalidate: true, onsubmit: send, 'aria-labelledby': 'add-title' },
    h('h2', { id: 'add-title' }, t('home.add.title')),
    h(
      'div',
      { class: 'field' },
      h('label', { for: 'name' }, t('home.add.name')),
      h('p', { id: 'name-hint', class: 'hint' }, t('home.add.hint')),
      name,
      error,
    ),
    h('div', { class: 'actions' }, submit),
  )
}

function signedOut() {
  return [
    h('h1', {}, t('home.signedOut.title')),
    h('p', { class: 'lead' }, t('home.signedOut.text')),
    h(
      'div',
      { class: 'pair' },
      h(
        'section',
        { class: 'card' },
        h('h2', {}, t('home.signedOut.watch.title')),
        h('p', {}, t('home.signedOut.watch.text')),
      ),
      h(
        'section',
        { class: 'card' },
        h('h2', {}, t('home.signedOut.manage.title')),
        h('p', {}, t('home.signedOut.manage.text')),
        h('p', {}, h('a', { class: 'button', href: '/sign-in' }, t('signIn.title'))),
      ),
    ),
  ]
}

/** @param {import('../types.js').User} user */
async function signedIn(user) {
  const memorials = await listMemorials()
  // Who may add one is the server's rule; this only spares the family a form that would be refused.
  const mayAdd = user.role === 'admin' || user.role === 'funeral_director'
  const list = h('ul', { class: 'memorials' }, ...memorials.map(memorialItem))
  const signOut = h(
    'button',
    { type: 'button', class: 'quiet', onclick: () => deleteSession().then(() => location.reload(), report) },
    t('home.signOut'),
  )
  document.querySelector('header.site')?.append(signOut)
  return kept([
    h('h1', {}, t('home.title')),
    Boolean(user.name) && h('p', { class: 'hint' }, t('home.hello', { name: user.name ?? '' })),
    memorials.length === 0 && h('p', { class: 'lead' }, t(mayAdd ? 'home.empty' : 'home.emptyFamily')),
    list,
    mayAdd && addForm(list),
  ])
}

/** @param {Error} error */
function report(error) {
  main.replaceChildren(
    h('h1', {}, error.message),
    h('p', {}, h('button', { type: 'button', class: 'primary', onclick: () => location.reload() }, t('error.again'))),
  )
}

async function start() {
  try {
    const user = await getSession()
    main.replaceChildren(...(user ? await signedIn(user) : signedOut()))
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    report(error)
  }
}

void ready.then(start)
