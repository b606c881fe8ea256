/** The origin has reached its limit of WebRTC viewers. */
export class NoRoomError extends Error {
  override readonly name = 'NoRoomError'

  constructor() {
    super('the origin has too many WebRTC viewers: try again later')
  }
}
