import '../elements/stream-manager.js'
import { h } from '../dom.js'
import '../offline.js'

// /memorials/{id}/manage
const memorialId = decodeURIComponent(location.pathname.split('/')[2] ?? '')
document.querySelector('main')?.replaceChildren(h('stream-manager', { 'memorial-id': memorialId }))
