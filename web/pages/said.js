// A page whose words are all in it already: it only changes its language, and goes on when the network is back.
import '../words.js'

if (!navigator.onLine) addEventListener('online', () => location.reload())
