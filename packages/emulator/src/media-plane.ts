/** What the gateway tells the media plane about a session whose stream it wants. */
export interface MediaRequest {
  readonly sessionId: string
  /** The AssetVirtualmanKey or VirtualmanProjectId. */
  readonly avatar: string
  /** The caller's own CSS push URL; absent when the platform hosts the stream. */
  readonly pushUrl: string | undefined
}

/** One human on air. */
export interface MediaHuman {
  /** Where a platform-hosted stream plays; undefined with the caller's own push URL. */
  readonly playUrl: string | undefined
  /** Settles when the stream ends by itself, for example because the push connection was lost. */
  readonly ended: Promise<{ readonly reason: string }>
  /** Moves the mouth for so long. */
  speak(milliseconds: number): void
  /** Closes the mouth. */
  hush(): void
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
