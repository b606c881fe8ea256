import { withDeadline } from '../async/with-deadline'
import type { ResolvedOptions } from '../client/options'
import { IvhPluginError } from '../errors'
import { Contributions } from '../plugins/contributions'
import type { OpenAttempt } from '../plugins/opening'
import type { CreateDraft } from '../plugins/plugin'
import { abandonedError } from './abandonment'

export interface CompletedDraft {
  readonly draft: CreateDraft
  readonly contributions: Contributions
}

/** Lets every plugin complete the create request, in their order. */
export async function completeDraft(
  draft: CreateDraft,
  options: ResolvedOptions,
  attempt: OpenAttempt,
  signal: AbortSignal,
): Promise<CompletedDraft> {
  const { clock, createId, plugins, setup, timeoutMs } = options
  await setup.run(signal)
  const context = { signal, createId, openId: attempt.openId, now: () => clock.now() }
  const contributions = new Contributions(plugins)
  let completed = draft
  for (const plugin of plugins) {
    if (!plugin.onOpen) continue
    const current = completed
    const ask = async () => {
      const part = await plugin.onOpen?.(current, context)
      // Told in here, so that what comes after the open was abandoned is released as well.
      if (part?.onFailed) attempt.onFailed(plugin.name, part.onFailed)
      return part
    }
    const part = await takePart(plugin.name, 'onOpen', ask, { clock, timeoutMs, signal })
    if (!part) continue
    contributions.add(plugin, part, part.state)
    completed = part.request ?? completed
    // The client keeps opens apart by it, and knows its own sessions by it.
    if (completed.UserId !== draft.UserId) {
      throw new IvhPluginError(plugin.name, 'onOpen', 'it changed the UserId of the request', {
        hint: 'Give sessions.open the userId that the service is to know.',
      })
    }
  }
  return { draft: completed, contributions }
}

/** Lets every plugin take hold of a session that runs already, in their order. */
export async function completeResume(
  session: {
    readonly sessionId: string
    readonly userId: string
    readonly pluginState: Readonly<Record<string, string>> | undefined
  },
  options: ResolvedOptions,
  signal: AbortSignal,
): Promise<Contributions> {
  const { clock, plugins, setup, timeoutMs } = options
  const { pluginState = {}, sessionId, userId } = session
  await setup.run(signal)
  const contributions = new Contributions(plugins, pluginState)
  for (const plugin of plugins) {
    const { name } = plugin
    if (!plugin.onResume) continue
    const state = Object.hasOwn(pluginState, name) ? pluginState[name] : undefined
    const context = { sessionId, userId, state, signal, now: () => clock.now() }
    const ask = async () => plugin.onResume?.(context)
    const part = await takePart(name, 'onResume', ask, { clock, timeoutMs, signal })
    if (part) contributions.add(plugin, part)
  }
  return contributions
}

async function takePart<Part>(
  plugin: string,
  slot: string,
  ask: () => Promise<Part>,
  limits: Pick<ResolvedOptions, 'clock' | 'timeoutMs'> & { readonly signal: AbortSignal },
): Promise<Part> {
  const part = await withDeadline(ask, limits).catch((cause: unknown) => {
    throw new IvhPluginError(plugin, slot, cause)
  })
  if (part.interrupted === 'timeout') {
    throw new IvhPluginError(plugin, slot, `it was not done within ${limits.timeoutMs} ms`)
  }
  if (part.interrupted !== undefined) throw abandonedError(limits.signal)
  return part.value
}
