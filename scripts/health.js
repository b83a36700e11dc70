/** Whether the server in this container is well: Vigil itself, or a media server run by itself. */
const { SHIM_URL, WEBHOOK_URL, MEDIA_PORT, PORT } = process.env
// Only a media server that runs by itself is told whom it tells.
const port = SHIM_URL || WEBHOOK_URL ? MEDIA_PORT : PORT
const well = await fetch(`http://127.0.0.1:${port}/healthz`).then(
  ({ ok }) => ok,
  () => false,
)
process.exit(well ? 0 : 1)
