import { PlayerError } from '../player-error'

/** The error for a `MediaError` of the inner video. */
export function videoError({ code, message }: MediaError): PlayerError {
  const detail = message ? ` (${message})` : ''
  return code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED
    ? new PlayerError({
        reason: 'codec',
        message: `This browser cannot decode the stream${detail}.`,
      })
    : new PlayerError({ reason: 'decode', message: `Decoding the stream failed${detail}.` })
}
