/** There are as many viewers over WebRTC as there may be. */
export class NoRoomError extends Error {
  override readonly name = 'NoRoomError'

  constructor() {
    super('there are too many WebRTC viewers already')
  }
}
