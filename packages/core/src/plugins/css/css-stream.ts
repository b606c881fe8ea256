import { definePlugin, type IvhPlugin } from '../../contracts/plugin'

/** The part of `@ivh-kit/css-signer` that is used: any signer of the same shape fits. */
export interface CssStreamSigner {
  push(streamName: string, options: { expiresIn: number }): { readonly url: string }
  play(
    streamName: string,
    options: { expiresIn: number },
  ): { readonly rtmp: string; readonly flv: string; readonly hls: string; readonly webrtc: string }
}

export interface CssStreamOptions {
  /** Signs the push URL and the play addresses; `createCssSigner` of `@ivh-kit/css-signer` makes one. */
  readonly signer: CssStreamSigner
  /**
   * Life of the push signature in seconds. It should outlast the session, so that a dropped push can
   * be made again (267/33383 advises 12–24 h). Default 86 400.
   */
  readonly pushExpiresIn?: number | undefined
  /** Life of each play signature in seconds; every read of `session.playback` signs afresh. Default 3 600. */
  readonly playExpiresIn?: number | undefined
  /** Names the stream of a session. Default: `m` and 32 hexadecimal characters. */
  readonly streamName?: ((id: string) => string) | undefined
}

/**
 * Streams go to your own CSS domain: adds a signed `CssCustomPushUrl` to the create request and the
 * matching play addresses to `session.playback`. A request that brings its own push URL is left alone.
 * A session that is resumed has its addresses again when `session.pluginState` was stored.
 *
 * The signer takes the time from its own clock, and a push URL that has expired by the client's clock is
 * refused; the client's correction of a wrong clock reaches neither. On a machine whose clock is a day
 * slow, every push URL has expired before it is used: keep the clock right.
 */
export function cssStream(options: CssStreamOptions): IvhPlugin<undefined> {
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
    // The service does not tell the address of a stream that it pushes elsewhere.
    onResume: ({ state }) => (state ? { playback: playbackOf(state) } : undefined),
  })
}
