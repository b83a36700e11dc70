import '../elements/stream-manager.js'
import { h } from '../dom.js'
import '../offline.js'
import { ready } from '../words.js'

// /memorials/{id}/manage
const memorialId = decodeURIComponent(location.pathname.split('/')[2] ?? '')
void ready.then(() =>
  document.querySelector('main')?.replaceChildren(h('stream-manager', { 'memorial-id': memorialId })),
)
