import { playerTag } from './constants'
import { IvhPlayerElement } from './player-element'

export {
  type AutoplayMode,
  defaultLatency,
  type PlayerState,
  playerAttributes,
  playerEvents,
  playerParts,
  playerStates,
  playerTag,
} from './constants'
export { chinese, english, type PlayerLabelOverrides, type PlayerLabels } from './messages/labels'
export type {
  AutoplayBlockedDetail,
  PlayerEventMap,
  ReconnectingDetail,
  StateChangeDetail,
} from './playback/player-events'
export type { PlayerStats } from './playback/player-stats'
export { IvhPlayerElement } from './player-element'
export {
  type AlternativeAddress,
  PlayerError,
  type PlayerErrorOptions,
  type PlayerErrorReason,
} from './player-error'
export type { AddressRequest, UrlProvider } from './session/request-address'

// Define the element only once: a page may load this module twice, and a server has no registry.
if (globalThis.customElements && !customElements.get(playerTag)) {
  customElements.define(playerTag, IvhPlayerElement)
}
