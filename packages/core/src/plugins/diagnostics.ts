import type { Channel } from 'node:diagnostics_channel'
import type {
  ObservedRequest,
  PluginEvent,
  RequestOutcome,
  RequestRetry,
} from '../contracts/observation'

/**
 * The messages of each channel of `node:diagnostics_channel`. They need no plugin, cost nothing without
 * subscribers, and hold no secret.
 */
export interface DiagnosticsMessages {
  readonly 'ivh:request:start': { readonly request: ObservedRequest }
  readonly 'ivh:request:retry': {
    readonly request: ObservedRequest
    readonly retry: RequestRetry
  }
  readonly 'ivh:request:end': {
    readonly request: ObservedRequest
    readonly outcome: RequestOutcome
  }
  readonly 'ivh:session:open:start': { readonly openId: string; readonly userId: string }
  readonly 'ivh:session:open:end': {
    readonly openId: string
    readonly userId: string
    readonly elapsedMs: number
    /** The SessionId; undefined when the open failed. */
    readonly sessionId: string | undefined
    readonly error: unknown
  }
  readonly 'ivh:session:event': {
    readonly sessionId: string
    readonly userId: string
    readonly event: PluginEvent
  }
}

/**
 * Channel of call starts. The module keeps every channel, because a channel without a reference is
 * garbage-collected with its subscribers.
 */
export const requestStart = channelOf('ivh:request:start')
export const requestRetry = channelOf('ivh:request:retry')
export const requestEnd = channelOf('ivh:request:end')
export const openStart = channelOf('ivh:session:open:start')
export const openEnd = channelOf('ivh:session:open:end')
export const sessionEvent = channelOf('ivh:session:event')

interface TypedChannel<Message> {
  readonly hasSubscribers: boolean
  publish(message: Message): void
}

function channelOf<Name extends keyof DiagnosticsMessages>(
  name: Name,
): TypedChannel<DiagnosticsMessages[Name]> {
  let opened: Channel | undefined
  const open = () => {
    opened ??= process.getBuiltinModule('node:diagnostics_channel').channel(name)
    return opened
  }
  return {
    get hasSubscribers() {
      return open().hasSubscribers
    },
    publish: (message) => open().publish(message),
  }
}
