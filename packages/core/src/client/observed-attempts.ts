import type { Clock } from '@ivh-kit/kernel'
import { IvhTimeoutError } from '../errors'
import type { Observation } from '../plugins/observation'
import type { PluginSetup } from '../plugins/setup'
import type { Attempts, PreparedCall } from './attempts'
import { type ClientLimits, resolveLimits } from './call-options'

/**
 * Lets plugins set themselves up before the first call, and tells those who look on of every call. When
 * there is nobody, the call is passed on as it is.
 */
export function observeAttempts(
  attempts: Attempts,
  client: ClientLimits & {
    readonly origin: string
    readonly basePath: string
    readonly clock: Clock
    readonly setup: PluginSetup
    readonly observation: Observation
  },
): Attempts {
  const { origin, basePath, clock, setup, observation } = client
  const { requests } = observation

  /** The wait for plugins is a part of the call; what it leaves of the deadline is for the rest. */
  const setUp = async <Result>(call: PreparedCall<Result>): Promise<PreparedCall<Result>> => {
    const startedAt = clock.now()
    const { deadlineMs } = resolveLimits(call.options, client)
    if ((await setup.run(call.options.signal, deadlineMs)) === 'timeout') {
      const { reqId, path, sessionId } = call
      throw new IvhTimeoutError(`The plugins were not set up within ${deadlineMs} ms`, deadlineMs, {
        ...{ reqId, path, sessionId },
        hint: 'Nothing was sent. Find the plugin whose setup takes so long, or give the call a longer deadlineMs.',
      })
    }
    const leftMs = Math.max(1, deadlineMs - (clock.now() - startedAt))
    return { ...call, options: { ...call.options, deadlineMs: leftMs } }
  }

  const watched = async <Result>(call: PreparedCall<Result>): Promise<Result> => {
    const watch = requests.begin({ ...call, origin, path: basePath + call.path })
    let result: Result
    try {
      result = await attempts({
        ...call,
        read: (answer, sent) => {
          watch.answered(answer)
          return call.read(answer, sent)
        },
        onRepeat: watch.repeated,
      })
    } catch (error) {
      watch.failed(error)
      throw error
    }
    watch.succeeded()
    return result
  }

  const pass: Attempts = (call) => (requests.anyone ? watched(call) : attempts(call))
  return (call) => (setup.isDone ? pass(call) : setUp(call).then(pass))
}
