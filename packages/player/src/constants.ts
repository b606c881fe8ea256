/** The element's name in HTML. */
export const playerTag = 'ivh-player'

/**
 * The states of the player. Exactly one holds at any moment.
 *
 * - `idle`: no `src`.
 * - `paused`: there is a `src`, and playback is not requested or was paused.
 * - `loading`: connecting for the first time.
 * - `waiting`: the address is right, and the stream is not live yet or no longer; retrying.
 * - `playing`: the picture moves.
 * - `stalled`: connected, and the picture has stood still for more than a second.
 * - `reconnecting`: the connection was lost; retrying.
 * - `ended`: the stream was live and stopped, and no attempt is left.
 * - `failed`: the player gave up; `error` holds the reason.
 */
export const playerStates = [
  'idle',
  'paused',
  'loading',
  'waiting',
  'playing',
  'stalled',
  'reconnecting',
  'ended',
  'failed',
] as const

/** One of {@link playerStates}. */
export type PlayerState = (typeof playerStates)[number]

/** The events that `<ivh-player>` fires in addition to the events of a `<video>`. */
export const playerEvents = {
  stateChange: 'statechange',
  autoplayBlocked: 'autoplayblocked',
  reconnecting: 'reconnecting',
  reconnected: 'reconnected',
} as const

/** The attributes that `<ivh-player>` handles itself. All others go to the inner `<video>`. */
export const playerAttributes = {
  src: 'src',
  autoplay: 'autoplay',
  playsInline: 'playsinline',
  volume: 'volume',
  latency: 'latency',
  reconnect: 'reconnect',
  lang: 'lang',
} as const

/** The parts that a page's style sheet reaches with `ivh-player::part(…)`. */
export const playerParts = {
  video: 'video',
  message: 'message',
  messageTitle: 'message-title',
  messageDetail: 'message-detail',
  action: 'action',
} as const

/**
 * Values of the `autoplay` attribute.
 *
 * - `""` (or `any`): start with sound; when the browser refuses, start muted and show a button.
 * - `muted`: start muted.
 * - `sound`: start with sound; when the browser refuses, wait and show a button.
 */
export type AutoplayMode = 'any' | 'muted' | 'sound'

/** Default seconds between the live edge and the picture. The `latency` attribute changes it. */
export const defaultLatency = 1

/** Distance from the target latency that needs no correction, in seconds. */
export const latencyTolerance = 1
