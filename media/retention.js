/** Deletes recordings whose time is over (deleteRecordingAfterDays of their live input). */
import { reasonOf } from './log.js'

const hour = 3600_000
const day = 24 * hour

/**
 * When a recording is to be deleted.
 * @param {number} days
 * @param {number} [now] ms
 */
export const deletionAfter = (days, now = Date.now()) => new Date(now + days * day).toISOString()

/**
 * @param {import('./config.js').Config} config
 * @param {import('./videos.js').Videos} videos
 * @returns {() => void} stops it
 */
export function keepRetention({ log }, videos) {
  const sweep = async () => {
    for (const { uid, state, scheduledDeletion } of videos.all()) {
      const due = scheduledDeletion && Date.parse(scheduledDeletion) <= Date.now()
      if (!due || state === 'live' || state === 'ending') continue
      try {
        await videos.remove(uid)
        log('video.deleted', { video: uid, why: 'its time is over' })
      } catch (error) {
        log('video.undeleted', { video: uid, reason: reasonOf(error) })
      }
    }
  }
  void sweep()
  const timer = setInterval(sweep, hour)
  timer.unref()
  return () => clearInterval(timer)
}
