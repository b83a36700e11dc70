import { h } from './dom.js'

/**
 * The controls of a <video>, of media-chrome's elements: unknown to the browser, and not to be seen, until
 * player-controls.js is loaded.
 *
 * @param {HTMLVideoElement} video
 * @returns {{controller: HTMLElement, play: HTMLElement}}  what holds all of it, the video too; its button to play
 */
export function controlsOf(video) {
  const play = part('media-play-button')
  const controller = part(
    'media-controller',
    { novolumepref: '', nomutedpref: '', autohide: '4' },
    video,
    part('media-control-bar', { class: 'seek' }, part('media-time-range')),
    part(
      'media-control-bar',
      { class: 'buttons' },
      play,
      part('media-mute-button'),
      part('media-volume-range'),
      part('media-time-display', { showduration: '' }),
      h('span', { class: 'spacer' }),
      ...['captions', 'airplay', 'cast', 'pip', 'fullscreen'].map((name) => part(`media-${name}-button`)),
    ),
  )
  return { controller, play }
}

/**
 * One of media-chrome's elements.
 *
 * @param {string} tag
 * @param {Record<string, string>} [attributes]
 * @param {...Node} children
 * @returns {HTMLElement}
 */
function part(tag, attributes = {}, ...children) {
  return h(/** @type {'div'} */ (tag), { part: 'control', notooltip: true, ...attributes }, ...children)
}
