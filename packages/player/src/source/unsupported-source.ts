import { type AlternativeAddress, PlayerError } from '../player-error'
import { alternativeSources, sourceLabels } from './alternative-sources'
import type { Source } from './classify-source'
import { redactAddress } from './redact-address'

/**
 * Creates the error for an address that no engine plays. It lists the other addresses of the same
 * stream and marks the playable ones.
 *
 * @param canPlay returns true for a source that an engine plays.
 */
export function unsupportedSource(
  source: Source,
  canPlay: (source: Source) => boolean,
): PlayerError {
  const alternatives: AlternativeAddress[] = alternativeSources(source).map((form) => ({
    label: form.label,
    url: redactAddress(form.url),
    playable: canPlay(form),
  }))
  const playable = alternatives.filter((one) => one.playable)
  const others = alternatives.filter((one) => !one.playable)
  const message = [
    explain(source),
    playable.length > 0 && `The same stream plays here as ${list(playable)}.`,
    others.length > 0 && `This version does not play ${list(others)}.`,
    alternatives.length === 0 &&
      'This player plays HTTP-FLV addresses such as https://play.example.com/live/stream.flv.',
  ]
  return new PlayerError({
    reason: 'unsupported',
    message: message.filter(Boolean).join(' '),
    alternatives,
  })
}

/** Creates the error for an http stream in an https page, which every browser blocks. */
export function mixedContent(url: string): PlayerError {
  const secure = redactAddress(url.replace(/^http:/, 'https:'))
  return new PlayerError({
    reason: 'unsupported',
    message: `Browsers block an http stream in an https page. Serve the play domain over https and use ${secure}.`,
    alternatives: [{ label: sourceLabels.flv, url: secure, playable: true }],
  })
}

function explain({ kind, url }: Source): string {
  switch (kind) {
    case 'rtmp':
    case 'srt':
      return `No browser can play ${sourceLabels[kind]} addresses.`
    case 'hls':
    case 'webrtc':
    case 'trtc':
    case 'dash':
    case 'ws':
    case 'flv':
      return `This version of the player does not play ${sourceLabels[kind]} addresses.`
    case 'unknown':
      if (!/^https?:/i.test(url)) {
        return `This player does not play ${/^[^:]*:/.exec(url)?.[0]} addresses.`
      }
      return `The kind of stream is not clear from ${redactAddress(url)}: its path should end in .flv.`
    case 'invalid':
      return 'The src is not a valid address.'
  }
}

function list(addresses: readonly AlternativeAddress[]): string {
  return addresses.map(({ label, url }) => `${url} (${label})`).join(', ')
}
