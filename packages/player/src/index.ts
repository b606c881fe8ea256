import { PLAYER_TAG } from './constants'
import { IvhPlayerElement } from './player-element'

export {
  type AutoplayMode,
  AutoplayModes,
  DEFAULT_LATENCY,
  PLAYER_TAG,
  PlayerAttributes,
  PlayerEvents,
  PlayerParts,
  PlayerProps,
  type PlayerState,
  PlayerStates,
} from './constants'
export { CHINESE, ENGLISH, type PlayerLabelOverrides, type PlayerLabels } from './messages/labels'
export { IvhPlayerElement, type PlayerStats } from './player-element'
export {
  type AlternativeAddress,
  PlayerError,
  type PlayerErrorOptions,
  type PlayerErrorReason,
} from './player-error'
export type {
  AutoplayBlockedDetail,
  PlayerEventMap,
  ReconnectingDetail,
  StateChangeDetail,
} from './player-events'
export type { UrlProvider, UrlRequest } from './session/live-session'

// On a server there is no registry, and two copies of this module in one page must not collide.
if (globalThis.customElements && !customElements.get(PLAYER_TAG))
  customElements.define(PLAYER_TAG, IvhPlayerElement)
