/** An offer that cannot be answered; the message tells the viewer why. */
export class NegotiationError extends Error {
  override readonly name = 'NegotiationError'
}
