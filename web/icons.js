/** Drawn, because no font has them on every phone in one colour. Each in a box of 24 x 24. */
const kPaths = {
  camera: 'M4 6h10a2 2 0 0 1 2 2v2l5-3v10l-5-3v2a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2z',
  cameraOff:
    'M4 6h.6l11.9 11.9A2 2 0 0 1 14 18H4a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2zm5 0h5a2 2 0 0 1 2 2v2l5-3v10l-5-3v-1zM3.4 2 22 20.6 20.6 22 2 3.4z',
  microphone:
    'M12 2a3 3 0 0 1 3 3v6a3 3 0 0 1-6 0V5a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 5 5.9V20H8v2h8v-2h-3v-3.1A6 6 0 0 0 18 11h-2a4 4 0 0 1-8 0z',
  microphoneOff:
    'M12 2a3 3 0 0 1 3 3v5L9.4 4.4A3 3 0 0 1 12 2zM9 8.8l5 5A3 3 0 0 1 9 11zM6 11a6 6 0 0 0 5 5.9V20H8v2h8v-2h-3v-3.1l1.4-.4-1.7-1.7A4 4 0 0 1 8 11zm10 0h2a6 6 0 0 1-1 3.3l-1.5-1.5zM3.4 2 22 20.6 20.6 22 2 3.4z',
  flip: 'M12 5a7 7 0 0 1 6.3 4H15v2h7V4h-2v3.3A9 9 0 0 0 3.2 10h2.1A7 7 0 0 1 12 5zm0 14a7 7 0 0 1-6.3-4H9v-2H2v7h2v-3.3A9 9 0 0 0 20.8 14h-2.1A7 7 0 0 1 12 19z',
  more: 'M4 7h9a3 3 0 0 0 5.8 0H20V5h-1.2A3 3 0 0 0 13 5H4zm16 10h-9a3 3 0 0 0-5.8 0H4v2h1.2a3 3 0 0 0 5.8 0h9z',
}

/** @typedef {keyof typeof kPaths} IconName */

/** @param {IconName} name */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  for (const [key, value] of Object.entries({ class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true' })) {
    svg.setAttribute(key, value)
  }
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('fill', 'currentColor')
  path.setAttribute('fill-rule', 'evenodd')
  path.setAttribute('d', kPaths[name])
  svg.append(path)
  return svg
}
