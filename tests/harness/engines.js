/**
 * What a test's `skip` is to be where a browser may be missing: false, or the reason. BROWSERS=required, as in CI,
 * makes a missing one a failure.
 * @param {string} name
 * @param {string} missing  why there is none; '' = there is
 */
export function skipWithout(name, missing) {
  if (!missing) return false
  if (process.env.BROWSERS === 'required') throw new Error(`BROWSERS is "required", but ${missing}.`)
  return `no ${name}: ${missing}`
}
