// The shapes that reach the pages: JSON of the shim, state of the client module. One spelling everywhere.
export type { Player, PlayerModule, PlayerState } from 'player-module'
export type { Publisher, PublisherModule, PublisherState, QualityReport } from 'publisher-module'

export type Phase = 'waiting' | 'live' | 'interrupted' | 'preparing' | 'recording' | 'none'

export interface Recording {
  provider: 'cloudflare' | 'mux'
  id: string
  playbackUrl: string
  downloadUrl?: string
  duration?: number
  startedAt?: string
}

export interface RecordingSource {
  available: boolean
  playbackUrl?: string
  duration?: number
  reason?: string
}

/** What anyone may know of a stream. */
export interface PublicStream {
  id: string
  memorialId: string
  title: string
  status: 'ready' | 'live' | 'completed'
  phase: Phase
  streamingMethod: 'obs' | 'whip_browser'
  whepUrl?: string
  hlsUrl?: string
  recordingUrl?: string
  downloadUrl?: string
  duration?: number
  /** when it is planned to begin */
  scheduledAt?: string
  startedAt?: string
  endedAt?: string
  createdAt: string
  updatedAt: string
  recordingSources?: { cloudflare?: RecordingSource; mux?: RecordingSource }
  preferredRecordingSource?: 'cloudflare' | 'mux'
  recordings?: Recording[]
  /** a sentence: why there is no recording, in phase none */
  reason?: string
  reasonCode?: string
}

/** What those who may manage it know beyond that: what the provider can do with it, and what went wrong. */
export interface ManagedStream extends PublicStream {
  ingest: 'relay' | 'direct'
  path: 'embedded' | 'relay' | 'direct' | 'obs'
  capabilities: { records: boolean; hls: boolean; outputs: boolean; whep: boolean }
  createdBy: string
  simulcastEnabled?: boolean
  /** of the second recording; absent when nobody asked for one */
  backup?: 'ready' | 'pending' | 'failed'
  inputError?: { code: string; message: string; at: string }
}

/** The same, and where to send it. Never kept in the page longer than needed. */
export interface FullStream extends ManagedStream {
  whipUrl?: string
  rtmpUrl?: string
  streamKey?: string
}

/** Something that was done, but not all of it: a sentence for the person. */
export interface Warning {
  where: string
  code?: string
  what: string
}

export interface StreamAnswer {
  stream: FullStream
  warnings?: Warning[]
}

export interface Memorial {
  id: string
  name: string
  canManage?: boolean
}

export interface MemorialView<Stream = PublicStream> {
  memorial: Memorial
  /** each followed by its other recordings, as streams of their own */
  streams: Stream[]
  /** the one people came for; absent when there is none */
  currentStreamId?: string
}

export interface User {
  uid: string
  name?: string
  role?: string
}

import type { BrowserStreamer } from './elements/browser-streamer.js'
import type { ConnectionQuality } from './elements/connection-quality.js'
import type { CopyField } from './elements/copy-field.js'
import type { ErrorHelp } from './elements/error-help.js'
import type { DeviceMenu } from './elements/device-menu.js'
import type { MemorialPlayer } from './elements/memorial-player.js'
import type { ObsSetup } from './elements/obs-setup.js'
import type { PreFlight } from './elements/pre-flight.js'
import type { SoundMeter } from './elements/sound-meter.js'
import type { StatusOverlay } from './elements/status-overlay.js'
import type { StopQuestion } from './elements/stop-question.js'
import type { StreamCard } from './elements/stream-card.js'
import type { StreamCreate } from './elements/stream-create.js'
import type { StreamEdit } from './elements/stream-edit.js'
import type { StreamManager } from './elements/stream-manager.js'
import type { ViewersView } from './elements/viewers-view.js'

declare global {
  interface HTMLElementTagNameMap {
    'browser-streamer': BrowserStreamer
    'connection-quality': ConnectionQuality
    'copy-field': CopyField
    'error-help': ErrorHelp
    'device-menu': DeviceMenu
    'memorial-player': MemorialPlayer
    'obs-setup': ObsSetup
    'pre-flight': PreFlight
    'sound-meter': SoundMeter
    'status-overlay': StatusOverlay
    'stop-question': StopQuestion
    'stream-card': StreamCard
    'stream-create': StreamCreate
    'stream-edit': StreamEdit
    'stream-manager': StreamManager
    'viewers-view': ViewersView
  }
}
