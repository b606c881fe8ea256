/** An offer cannot be answered. The message is sent to the viewer. */
export class NegotiationError extends Error {
  override readonly name = 'NegotiationError'
}
