/**
 * The state of a command channel. `idle`: the channel was not used yet. `down`: the channel gave up for now;
 * the next use opens it again. `closed` is final.
 */
export type ChannelState = 'idle' | 'connecting' | 'open' | 'reconnecting' | 'down' | 'closed'

/**
 * The reason why a session is closed:
 * - `requested`: `close()` was called
 * - `replaced`: another session was created with the same UserId
 * - `idle`: nothing was sent for too long
 * - `ended`: closed elsewhere, by its owner or by the service
 * - `unknown`: the service no longer knows the session
 * - `not-ready`: the service says that the session is not ready; its stream is gone
 */
export type CloseReason = 'requested' | 'replaced' | 'idle' | 'ended' | 'unknown' | 'not-ready'
