import type { PlayRequest } from '../stream/stream-service'

/** Parses the argument of `publish` or `play`. Some encoders put the slash of the address before the name. */
export function requestOf(target: string): Omit<PlayRequest, 'app'> {
  const [name = '', ...query] = target.split('?')
  return { streamName: name.replace(/^\/+/, ''), query: new URLSearchParams(query.join('?')) }
}
