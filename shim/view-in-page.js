/**
 * A memorial's page says at once what there is to say: its name and its public view come with it, so that the player need
 * not ask first. That spares a round trip, and gives a link that is shared its name.
 */

/**
 * @param {{ memorial: { name: string }, streams: object[] }} view  public
 * @returns {(html: string) => string}
 */
export function viewInPage(view) {
  const name = escaped(view.memorial.name)
  return (html) =>
    html
      .replace(/<title>(.*?)<\/title>/, (_, page) => titles(name, page))
      .replace('<h1>&nbsp;</h1>', () => `<h1>${name}</h1>`)
      .replace('<memorial-player', (tag) => `${tag} view="${escaped(JSON.stringify(view))}"`)
}

/** Also as those read it who show a link to others (https://ogp.me). @param {string} name @param {string} page */
const titles = (name, page) =>
  `<title>${name} · ${page}</title>
<meta property="og:title" content="${name}" />
<meta property="og:type" content="website" />`

const entities = /** @type {Record<string, string>} */ ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })
const escaped = (/** @type {string} */ text) => text.replace(/[&<>"]/g, (character) => entities[character])
