/** What the gateway tells the media plane about a session whose stream it wants. */
export interface MediaRequest {
  readonly sessionId: string
  /** The AssetVirtualmanKey or VirtualmanProjectId. */
  readonly avatar: string
  /** The caller's own CSS push URL; absent when the platform hosts the stream. */
  readonly pushUrl: string | undefined
  readonly voice: MediaVoice
  readonly picture: MediaPicture
}

/** `SpeechParam` (1211/62103). */
export interface MediaVoice {
  /** Percent of normal, 50 to 200. */
  readonly speed: number
  /** Decibels, -10 to 10. */
  readonly volume: number
  readonly timbre: string | undefined
  readonly language: string | undefined
}

/** What the create request says of the picture. */
export interface MediaPicture {
  /** That of `frame`. */
  readonly orientation: 'landscape' | 'portrait'
  /** `Url` of the first background, when it fills the picture. */
  readonly background: string | undefined
  /** The other backgrounds, then the foregrounds, in the order in which they are painted. */
  readonly layers: readonly MediaLayer[]
  /** The pixels in which layers are placed: the size of a first background that holds them all, else 1080p. */
  readonly frame: { readonly width: number; readonly height: number }
  readonly anchor: MediaAnchor
  /** `AlphaChannelEnable`, and whether the gap of 16 pixels is left out (`AlphaPadDisable`). */
  readonly alpha: 'none' | 'padded' | 'unpadded'
}

/** A background or a foreground; without a size it has that of its image. */
export interface MediaLayer {
  readonly url: string
  readonly x: number
  readonly y: number
  readonly width: number | undefined
  readonly height: number | undefined
  /** A background. */
  readonly behind: boolean
}

/** `AnchorParam`, or `SpaceParam` of updatesessionconfig. */
export interface MediaAnchor {
  /** Across, in widths of the picture, 0 in the middle. */
  readonly x: number
  /** Up (negative) and down, in heights of the picture. */
  readonly y: number
  readonly scale: number
}

/** Something that a human says, or a caller's audio that it plays. */
export interface MediaSpeech {
  /** Resolves when the first sound goes out. */
  readonly started: Promise<void>
  /** Resolves when the last sound has gone out; rejects when the voice failed. */
  readonly finished: Promise<void>
}

/** A caller's audio: 16 kHz, 16 bit, mono PCM, piece by piece (1240/100398). */
export interface MediaAudio extends MediaSpeech {
  write(pcm: Uint8Array): void
  /** Nothing more will come; what has come is still played. */
  end(): void
}

/** One human on air. */
export interface MediaHuman {
  /** Where a platform-hosted stream plays; undefined with the caller's own push URL. */
  readonly playUrl: string | undefined
  /** Settles when the stream ends by itself, for example because the push connection was lost. */
  readonly ended: Promise<{ readonly reason: string }>
  /**
   * Says a text, plain or SSML, in place of whatever is being said. With `undefined` for an answer the
   * human cannot tell how long that takes, and the states follow an estimate.
   */
  say(text: string): MediaSpeech | undefined
  /** Plays a caller's audio. `undefined`: the states follow what the audio itself says. */
  play(): MediaAudio | undefined
  /** Silence, now. */
  hush(): void
  /** Tells the viewers in the SEI of the stream: `VideoSeiInfo` and a state, each may be empty (1240/110197). */
  note?(note: { readonly seiData: string; readonly status: string }): void
  /** Changes the picture (updatesessionconfig); resolves with what could not be shown. */
  show?(picture: MediaPicture): Promise<readonly string[]>
  /** What could not be shown when the stream was opened. */
  readonly warnings?: readonly string[]
  /** Called once, whatever ended the session; closing the emulator waits for it. */
  close(): Promise<void>
}

/**
 * Whatever shows the digital human. `createMediaPlane` of `@ivh-kit/emulator-media` fits; without one
 * the gateway works all the same and no stream exists.
 */
export interface MediaPlane {
  /**
   * Resolves when the stream can be watched; rejects when it cannot be pushed, and the session then
   * fails with -111002. The signal fires when the session ends: an open that is still going on must
   * settle then.
   */
  open(request: MediaRequest, signal: AbortSignal): Promise<MediaHuman>
}
