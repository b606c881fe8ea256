/** The stream that the gateway requests for a session. */
export interface MediaRequest {
  readonly sessionId: string
  /** The AssetVirtualmanKey or VirtualmanProjectId. */
  readonly avatar: string
  /** The caller's own CSS push URL. Undefined: the platform hosts the stream. */
  readonly pushUrl: string | undefined
  readonly voice: MediaVoice
  readonly picture: MediaPicture
}

/** `SpeechParam` (1211/62103). */
export interface MediaVoice {
  /** Speed in percent of normal, 50 to 200. */
  readonly speed: number
  /** Change of the volume in decibels, -10 to 10. */
  readonly volume: number
  readonly timbre: string | undefined
  readonly language: string | undefined
}

/** The picture settings of the create request. */
export interface MediaPicture {
  /** Orientation of `frame`. */
  readonly orientation: 'landscape' | 'portrait'
  /** `Url` of the first background, when it fills the picture. */
  readonly background: string | undefined
  /** The other backgrounds, then the foregrounds, in painting order. */
  readonly layers: readonly MediaLayer[]
  /** Size of the picture in pixels: that of a first background that contains all layers, otherwise 1080p. */
  readonly frame: { readonly width: number; readonly height: number }
  readonly anchor: MediaAnchor
  /** `AlphaChannelEnable`; `unpadded` has no gap of 16 pixels (`AlphaPadDisable`). */
  readonly alpha: 'none' | 'padded' | 'unpadded'
}

/** A background or a foreground. Default size: that of its image. */
export interface MediaLayer {
  readonly url: string
  readonly x: number
  readonly y: number
  readonly width: number | undefined
  readonly height: number | undefined
  /** True for a background, false for a foreground. */
  readonly behind: boolean
}

/** `AnchorParam`, or `SpaceParam` of updatesessionconfig. */
export interface MediaAnchor {
  /** Horizontal position in widths of the picture; 0 is the middle. */
  readonly x: number
  /** Vertical position in heights of the picture; negative is up. */
  readonly y: number
  readonly scale: number
}

/** A text that a human speaks, or a caller's audio that it plays. */
export interface MediaSpeech {
  /** Resolves when the stream carries the first sound. */
  readonly started: Promise<void>
  /** Resolves after the last sound. Rejects when the voice failed. */
  readonly finished: Promise<void>
}

/** A caller's audio in pieces: PCM of 16 kHz, 16 bit, mono (1240/100398). */
export interface MediaAudio extends MediaSpeech {
  write(pcm: Uint8Array): void
  /** Ends the audio after the received pieces have been played. */
  end(): void
}

/** One digital human with a running stream. */
export interface MediaHuman {
  /**
   * Play address of a platform-hosted stream. An HTTP-FLV address is answered in the form of the session's
   * `Protocol`. Undefined with the caller's own push URL.
   */
  readonly playUrl: string | undefined
  /** Settles when the stream ends by itself, for example because the push connection was lost. */
  readonly ended: Promise<{ readonly reason: string }>
  /**
   * Speaks a text, plain or SSML, in place of the current one. Returns undefined when the human does not
   * report its progress; the states then follow an estimate.
   */
  say(text: string): MediaSpeech | undefined
  /** Plays a caller's audio. Returns undefined when the states must follow the length of the audio. */
  play(): MediaAudio | undefined
  /** Stops speaking at once. */
  hush(): void
  /** Writes `VideoSeiInfo` and a state into the SEI of the stream; each may be empty (1240/110197). */
  note?(note: { readonly seiData: string; readonly status: string }): void
  /** Changes the picture (updatesessionconfig). Resolves with the settings that have no effect on the picture. */
  show?(picture: MediaPicture): Promise<readonly string[]>
  /** Settings that have no effect on the first picture. */
  readonly warnings?: readonly string[]
  /** Ends the stream. Called once per session; closing the emulator waits for it. */
  close(): Promise<void>
}

/**
 * Shows the digital humans. `createMediaPlane` of `@ivh-kit/emulator-media` fits. Without a media plane the
 * gateway works without streams.
 */
export interface MediaPlane {
  /**
   * Returns the play address of a platform-hosted stream before it opens, for `PlayStreamAddr` in
   * SessionStatus 3. Undefined when the address is not known yet.
   */
  playUrl?(sessionId: string): string | undefined
  /**
   * Opens a stream. Resolves when viewers can watch it. A rejection fails the session with -111002. An
   * aborted signal means that the session ended: the call must then settle.
   */
  open(request: MediaRequest, signal: AbortSignal): Promise<MediaHuman>
}
