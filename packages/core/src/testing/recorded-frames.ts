import { FrameReader } from '../channel/web-socket/frame-reader'

/** What a reader told, in order. */
export type Heard =
  | readonly ['text' | 'binary' | 'ping', string]
  | readonly ['pong']
  | readonly ['close' | 'violation', number, string]

/** A reader of frames that takes messages of up to 100,000 bytes. */
export function recordFrames(): { readonly heard: Heard[]; readonly reader: FrameReader } {
  const heard: Heard[] = []
  const reader = new FrameReader(
    {
      text: (text) => heard.push(['text', text]),
      binary: (data) => heard.push(['binary', data.toString('utf8')]),
      ping: (payload) => heard.push(['ping', payload.toString('utf8')]),
      pong: () => heard.push(['pong']),
      close: (code, reason) => heard.push(['close', code, reason]),
      violation: (code, reason) => heard.push(['violation', code, reason]),
    },
    100_000,
  )
  return { heard, reader }
}
