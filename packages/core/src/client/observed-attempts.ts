import type { Observation } from '../plugins/observation'
import type { PluginSetup } from '../plugins/setup'
import type { Attempts, PreparedCall } from './attempts'

/**
 * Lets plugins set themselves up before the first call, and tells those who look on of every call. When
 * there is nobody, the call is passed on as it is.
 */
export function observeAttempts(
  attempts: Attempts,
  client: {
    readonly origin: string
    readonly basePath: string
    readonly setup: PluginSetup
    readonly observation: Observation
  },
): Attempts {
  const { origin, basePath, setup, observation } = client
  const { requests } = observation

  const observed = async <Result>(call: PreparedCall<Result>): Promise<Result> => {
    if (!setup.isDone) await setup.run(call.options.signal)
    if (!requests.anyone) return attempts(call)
    const watch = requests.begin({ ...call, origin, path: basePath + call.path })
    try {
      const result = await attempts({
        ...call,
        read: (answer, sent) => {
          watch.answered(answer)
          return call.read(answer, sent)
        },
        onRepeat: watch.repeated,
      })
      watch.succeeded()
      return result
    } catch (error) {
      watch.failed(error)
      throw error
    }
  }
  return (call) => (setup.isDone && !requests.anyone ? attempts(call) : observed(call))
}
