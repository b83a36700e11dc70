import { ApiError, createSession, getSession } from '../api.js'
import { h } from '../dom.js'
import { ready, t } from '../words.js'

const main = /** @type {HTMLElement} */ (document.querySelector('main'))

/**
 * @param {string} title
 * @param {string} text
 * @param {Node} action
 */
function say(title, text, action) {
  const heading = h('h1', { tabindex: -1 }, title)
  main.className = 'message'
  main.replaceChildren(heading, h('p', { class: 'lead' }, text), h('p', {}, action))
  heading.focus()
}

/**
 * Someone who is signed in already and opens the link once more only wants to get in.
 *
 * @param {string} title
 * @param {string} text
 */
async function refuse(title, text) {
  const user = await getSession().catch(() => null)
  if (user) location.replace('/')
  else say(title, text, h('a', { class: 'button', href: '/' }, t('signIn.home')))
}

/** @param {string} token */
async function signIn(token) {
  try {
    await createSession(token)
    location.replace('/')
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.status === 0 || error.status >= 500) {
      const again = h(
        'button',
        { type: 'button', class: 'primary', onclick: () => void signIn(token) },
        t('error.again'),
      )
      say(t('signIn.network.title'), error.message, again)
    } else await refuse(t('signIn.failed.title'), t('signIn.failed.text'))
  }
}

// The token leaves the address bar before anything else, so that it is in no history, bookmark or shared screen.
const token = location.hash.slice(1)
history.replaceState(null, '', location.pathname)
void ready.then(() => (token ? signIn(token) : refuse(t('signIn.missing.title'), t('signIn.missing.text'))))
