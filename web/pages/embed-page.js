import '../elements/memorial-player.js'

// /embed/{id}#{stream}: the player alone, for an iframe; with ?silent, never with sound
const player = /** @type {HTMLElement} */ (document.querySelector('memorial-player'))
player.setAttribute('memorial', decodeURIComponent(location.pathname.split('/')[2] ?? ''))
if (location.hash) player.setAttribute('stream', decodeURIComponent(location.hash.slice(1)))
player.toggleAttribute('silent', new URLSearchParams(location.search).has('silent'))
