import { checkKnownOptions } from '@ivh-kit/kernel'
import { definePlugin, type IvhPlugin } from '../../contracts/plugin'

/** A signer for CSS URLs. `createCssSigner` of `@ivh-kit/css-signer` returns one. */
export interface CssStreamSigner {
  push(streamName: string, options: { expiresIn: number }): { readonly url: string }
  play(
    streamName: string,
    options: { expiresIn: number },
  ): { readonly rtmp: string; readonly flv: string; readonly hls: string; readonly webrtc: string }
}

export interface CssStreamOptions {
  /** Signs the push URL and the play addresses. */
  readonly signer: CssStreamSigner
  /**
   * Lifetime of the push signature in seconds. It should outlast the session, so that the service can
   * repeat a dropped push (267/33383 advises 12–24 h). Default 86 400.
   */
  readonly pushExpiresIn?: number | undefined
  /** Lifetime of each play signature in seconds. Every read of `session.playback` signs again. Default 3 600. */
  readonly playExpiresIn?: number | undefined
  /** Returns the stream name of a session. Default: `m` and 32 hexadecimal characters. */
  readonly streamName?: ((id: string) => string) | undefined
}

/**
 * Creates the plugin that streams to your own CSS domain. It adds a signed `CssCustomPushUrl` to the create
 * request and the matching play addresses to `session.playback`. A request with its own push URL is not
 * changed. A resumed session has its addresses again when its `session.pluginState` was stored.
 *
 * The signer and the check for an expired push URL use the local clock; the client's clock correction
 * covers only its own signatures. When the clock is a day slow, every push URL is expired from the start.
 */
export function cssStream(options: CssStreamOptions): IvhPlugin<undefined> {
  checkKnownOptions('cssStream', options, [
    'signer',
    'pushExpiresIn',
    'playExpiresIn',
    'streamName',
  ])
  const { signer, pushExpiresIn = 86_400, playExpiresIn = 3_600 } = options
  const nameOf = options.streamName ?? ((id: string) => `m${id}`)
  const playbackOf = (streamName: string) => () => {
    const { rtmp, flv, hls, webrtc } = signer.play(streamName, { expiresIn: playExpiresIn })
    return { rtmp, flv, hls, webrtc }
  }
  return definePlugin({
    name: 'css-stream',
    onOpen(draft, context) {
      if (draft.ProtocolOption?.CssCustomPushUrl) return undefined
      const streamName = nameOf(context.createId())
      const push = signer.push(streamName, { expiresIn: pushExpiresIn })
      return {
        request: {
          ...draft,
          ProtocolOption: { ...draft.ProtocolOption, CssCustomPushUrl: push.url },
        },
        playback: playbackOf(streamName),
        state: streamName,
      }
    },
    // The service does not report the address of a stream that it pushes to another domain.
    onResume: ({ state }) => (state ? { playback: playbackOf(state) } : undefined),
  })
}
