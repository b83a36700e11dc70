// The built modules (wasm/bind). The bundler resolves their names to build/dist, tests to a scripted stand-in.

declare module 'publisher-module' {
  export interface PublisherState {
    phase:
      | 'Idle'
      | 'Capturing'
      | 'Ready'
      | 'Offering'
      | 'Posting'
      | 'Connecting'
      | 'Live'
      | 'Waiting'
      | 'Stopping'
      | 'Failed'
    reason: string
    sentence: string
    stream: MediaStream | null
    attempt: number
    problem: { type: string; title: string; detail: string } | null
    devices: {
      cameras: { id: string; label: string }[]
      microphones: { id: string; label: string }[]
      camera: string
      microphone: string
      facing: '' | 'user' | 'environment'
      picture: 'none' | 'camera' | 'screen' | 'slate'
      muted: boolean
      cameraOff: boolean
      canShareScreen: boolean
      warnings: { code: string; sentence: string }[]
    }
  }

  export interface Sound {
    level: number
    hold: number
    silent: boolean
  }

  export interface QualityReport {
    grade: 'good' | 'fair' | 'poor'
    cause: string
    sentence: string
    audioKbps: number
    videoKbps: number
    lossPercent: number
    roundTripMs: number
    framesPerSecond: number
    width: number
    height: number
    bound: 'none' | 'cpu' | 'bandwidth' | 'other'
  }

  /** wasm/browser/publisher.hpp says what each does. */
  export interface Publisher {
    preview(): void
    arm(target: { endpoint: string; token?: string; iceServers?: RTCIceServer[] }): void
    choose(choice: { speech: boolean; size: '1080p' | '720p' | '480p' }): void
    listen(onSound: (sound: Sound) => void): void
    watch(onReport: (report: QualityReport) => void): void
    log(): string
    start(endpoint: string): void
    stop(): void
    leave(): void
    useCamera(id: string): void
    useMicrophone(id: string): void
    flip(): void
    shareScreen(on: boolean): void
    mute(on: boolean): void
    cameraOff(on: boolean): void
    setSlate(sentence: string): void
    delete(): void
  }

  export interface Equipment {
    picture: boolean
    microphone: boolean
    muted: boolean
    silent: boolean
    measuring: boolean
    uplinkKbps?: number
    batteryPercent?: number
    freeMegabytes?: number
  }

  export interface PublisherModule {
    createPublisher(onChange: (state: PublisherState) => void): Publisher
    /** wasm/browser/readiness.hpp */
    readiness(equipment: Equipment): { code: string; sentence: string }
    liveObjects(): number
  }

  export default function factory(options?: { locateFile(name: string): string }): Promise<PublisherModule>
}

declare module 'player-module' {
  export interface PlayerState {
    mode: 'waiting' | 'connecting' | 'whep' | 'hls' | 'interrupted' | 'preparing' | 'recording' | 'none'
    url: string
    stream: MediaStream | null
  }

  export interface PlayerView {
    phase: string
    whepUrl?: string | null
    hlsUrl?: string | null
    recordingUrl?: string | null
    preferredRecordingSource?: string
    recordingSources?: {
      cloudflare?: { available: boolean; playbackUrl?: string }
      mux?: { available: boolean; playbackUrl?: string }
    }
  }

  /** wasm/browser/player.hpp says what each does. */
  export interface Player {
    show(view: PlayerView): void
    report(what: 'playing' | 'stalled' | 'failed'): void
    delete(): void
  }

  export interface PlayerModule {
    createPlayer(onChange: (state: PlayerState) => void): Player
    liveObjects(): number
  }

  export default function factory(options?: { locateFile(name: string): string }): Promise<PlayerModule>
}

declare module '*.wasm' {
  const url: string
  export default url
}

declare module 'hls.js/light' {
  export { default } from 'hls.js'
}

// As text, for a shadow root: scripts/build-web.js.
declare module '*.css' {
  const text: string
  export default text
}
