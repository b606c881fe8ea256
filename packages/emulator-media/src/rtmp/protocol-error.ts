/** The peer sent bytes that are not RTMP, or more of them than the limits allow. */
export class RtmpProtocolError extends Error {
  override readonly name = 'RtmpProtocolError'
}
