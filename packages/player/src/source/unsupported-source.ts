import { type AlternativeAddress, PlayerError } from '../player-error'
import { alternativeSources, SOURCE_LABELS } from './alternative-sources'
import type { Source } from './classify-source'
import { redactAddress } from './redact-address'

/**
 * The error for an address that no engine plays. It names the addresses of the same stream and
 * says which of them play, so that it stays right when an engine is added.
 *
 * @param canPlay whether some engine plays a source.
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
    others.length > 0 && `Not played by this version: ${list(others)}.`,
    alternatives.length === 0 &&
      'This player plays HTTP-FLV addresses such as https://play.example.com/live/stream.flv.',
  ]
  return new PlayerError({
    reason: 'unsupported',
    message: message.filter(Boolean).join(' '),
    alternatives,
  })
}

/** The error for an http stream in an https page, which every browser blocks. */
export function mixedContent(url: string): PlayerError {
  const secure = redactAddress(url.replace(/^http:/, 'https:'))
  return new PlayerError({
    reason: 'unsupported',
    message: `This page is https and the stream's address is http, which browsers block. Serve the play domain over https and use ${secure}.`,
    alternatives: [{ label: SOURCE_LABELS.flv, url: secure, playable: true }],
  })
}

function explain({ kind, url }: Source): string {
  switch (kind) {
    case 'rtmp':
    case 'srt':
      return `No browser can play ${SOURCE_LABELS[kind]} addresses.`
    case 'hls':
    case 'webrtc':
    case 'trtc':
    case 'dash':
    case 'flv':
      return `This version of the player does not play ${SOURCE_LABELS[kind]} addresses.`
    case 'unknown':
      return `The address ${redactAddress(url)} does not say what it leads to: its path should end in .flv.`
    case 'invalid':
      return 'The src is not an address.'
  }
}

function list(addresses: readonly AlternativeAddress[]): string {
  return addresses.map(({ label, url }) => `${url} (${label})`).join(', ')
}
