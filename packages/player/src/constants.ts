/** The element's name in HTML. */
export const PLAYER_TAG = 'ivh-player'

/**
 * Everything the element can be doing. Exactly one holds at any moment.
 *
 * - `idle`: no `src`.
 * - `paused`: there is a `src` and nobody has asked for playback, or somebody paused it.
 * - `loading`: connecting for the first time.
 * - `waiting`: the address is right, the stream is not live yet (or not any more); trying again.
 * - `playing`: the picture moves.
 * - `stalled`: connected, and the picture has stood still for more than a second.
 * - `reconnecting`: the connection was lost; trying again.
 * - `ended`: the stream was live, it stopped, and all attempts to see it again are used up.
 * - `failed`: gave up; `error` says why.
 */
export const PlayerStates = {
  IDLE: 'idle',
  PAUSED: 'paused',
  LOADING: 'loading',
  WAITING: 'waiting',
  PLAYING: 'playing',
  STALLED: 'stalled',
  RECONNECTING: 'reconnecting',
  ENDED: 'ended',
  FAILED: 'failed',
} as const

/** One of {@link PlayerStates}. */
export type PlayerState = (typeof PlayerStates)[keyof typeof PlayerStates]

/** The events that `<ivh-player>` fires besides those of every `<video>`. */
export const PlayerEvents = {
  STATE_CHANGE: 'statechange',
  AUTOPLAY_BLOCKED: 'autoplayblocked',
  RECONNECTING: 'reconnecting',
  RECONNECTED: 'reconnected',
} as const

/** The attributes that `<ivh-player>` treats in its own way. All others go to the inner `<video>`. */
export const PlayerAttributes = {
  SRC: 'src',
  AUTOPLAY: 'autoplay',
  PLAYSINLINE: 'playsinline',
  VOLUME: 'volume',
  LATENCY: 'latency',
  RECONNECT: 'reconnect',
  LANG: 'lang',
} as const

/** The properties that `<ivh-player>` has besides those of every `<video>`. */
export const PlayerProps = {
  LATENCY: 'latency',
  RECONNECT: 'reconnect',
  URL_PROVIDER: 'urlProvider',
  LABELS: 'labels',
  ENGINE: 'engine',
  STATE: 'state',
  STATS: 'stats',
  STREAM_TYPE: 'streamType',
  TARGET_LIVE_WINDOW: 'targetLiveWindow',
  LIVE_EDGE_START: 'liveEdgeStart',
} as const

/** The parts that a page's style sheet can reach with `ivh-player::part(…)`. */
export const PlayerParts = {
  VIDEO: 'video',
  MESSAGE: 'message',
  MESSAGE_TITLE: 'message-title',
  MESSAGE_DETAIL: 'message-detail',
  ACTION: 'action',
} as const

/**
 * Values of the `autoplay` attribute.
 *
 * - `""` (or `any`): try with sound; when the browser refuses, start muted and offer a button.
 * - `muted`: start muted at once.
 * - `sound`: with sound or not at all; when the browser refuses, offer a button.
 */
export const AutoplayModes = { ANY: 'any', MUTED: 'muted', SOUND: 'sound' } as const

/** One of {@link AutoplayModes}. */
export type AutoplayMode = (typeof AutoplayModes)[keyof typeof AutoplayModes]

/** Seconds between the live edge and the picture, unless the `latency` attribute says otherwise. */
export const DEFAULT_LATENCY = 1
