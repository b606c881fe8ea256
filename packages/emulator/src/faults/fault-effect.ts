/** The effect of a fault on one request or channel. */
export interface FaultEffect {
  /** Delay on the emulator's clock before any other effect, in milliseconds. */
  readonly delayMs?: number | undefined
  /** Lead of the server's clock when it checks the timestamp, in milliseconds; negative: the clock is late. */
  readonly clockSkewMs?: number | undefined
  /** Answers with this HTTP status (400 to 599) without an envelope. The request has no effect. */
  readonly status?: number | undefined
  /** Answers with this business code, not 0. The request has no effect. */
  readonly code?: number | undefined
  /** Cuts the connection `before` or `after` the request has its effect. */
  readonly drop?: 'before' | 'after' | undefined
  /** Handles the request twice, like a repeat by the network. The second response is sent. */
  readonly duplicate?: true | undefined
  /** The request has its effect; the connection is cut within the response. */
  readonly truncate?: true | undefined
  /** The request has its effect; the response is not JSON. */
  readonly invalidJson?: true | undefined
  /** The request takes effect, and the answer is JSON of another shape. */
  readonly wrongShape?: true | undefined
  /** A create is refused with 100008. */
  readonly quotaExhausted?: true | undefined
  /** A create succeeds; the session then fails with SessionStatus 4 and this code. `true`: -111003. */
  readonly creationFailed?: true | number | undefined
  /** The session loses its stream before the call has its effect: CloseType 3, -111002. */
  readonly streamLost?: true | undefined
  /** The speech fails when its sound should start: Type 9 with -111005, and the state Error. */
  readonly speechFails?: true | undefined
  /** Cuts the command channel instead of sending the message with this number, from 1. */
  readonly cutAtMessage?: number | undefined
}
