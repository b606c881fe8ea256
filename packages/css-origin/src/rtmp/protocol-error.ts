/** The peer sent bytes that are not RTMP or exceed the limits. */
export class RtmpProtocolError extends Error {
  override readonly name = 'RtmpProtocolError'
}
