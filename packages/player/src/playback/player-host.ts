import type { PlayerLabelOverrides } from '../messages/labels'
import type { UrlProvider } from '../session/request-address'

/** The element that the controller works for. */
export interface PlayerHost extends HTMLElement {
  /** The inner video. */
  readonly nativeEl: HTMLVideoElement
  readonly latency: number
  readonly reconnect: number
  readonly urlProvider: UrlProvider | null
  readonly labels: PlayerLabelOverrides
}
