import { PlayerError } from '../../player-error'

/** Code of `NotSupportedError`, which `addSourceBuffer` throws for a codec that the browser lacks. */
const notSupportedCode = 9

/**
 * The error for an error event of mpegts.js.
 *
 * @param detail its second argument, such as `MediaMSEError` or `CodecUnsupported`.
 * @param info its third argument.
 */
export function mpegtsError(detail: string, info: { code?: number; msg?: string }): PlayerError {
  switch (detail) {
    case 'CodecUnsupported':
      return codecError(info.msg)
    case 'MediaMSEError':
      return info.code === notSupportedCode ? codecError(info.msg) : damagedStream(info.msg)
    case 'FormatUnsupported':
      return new PlayerError({
        reason: 'unsupported',
        message:
          'The server answered, but not with an FLV stream. Open the address to see its response; often it is a login page or an error page.',
      })
    case 'FormatError':
      return damagedStream(info.msg)
    default:
      return new PlayerError({
        reason: 'network',
        message: `The connection broke (${detail}).`,
      })
  }
}

/** The error for a browser without Media Source Extensions. */
export function mediaSourceMissing(): PlayerError {
  return new PlayerError({
    reason: 'unsupported',
    message:
      'This browser cannot play HTTP-FLV: it has no Media Source Extensions with H.264. An iPhone needs iOS 17.1 or newer.',
  })
}

function codecError(detail: string | undefined): PlayerError {
  return new PlayerError({
    reason: 'codec',
    message: `This browser cannot decode the stream${detail ? ` (${detail})` : ''}. H.264 video with AAC sound plays everywhere.`,
  })
}

function damagedStream(detail: string | undefined): PlayerError {
  return new PlayerError({
    reason: 'decode',
    message: `The stream is damaged${detail ? ` (${detail})` : ''}.`,
  })
}
