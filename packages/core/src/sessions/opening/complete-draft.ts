import { withDeadline } from '../../async/with-deadline'
import type { CreateDraft, ResumeContext } from '../../contracts/plugin'
import { IvhPluginError } from '../../errors'
import { abandonedError } from '../../errors/abandonment'
import { Contributions } from '../../plugins/contributions'
import type { OpenAttempt } from '../../plugins/opening'
import type { OpeningContext } from './opening-context'

/** Calls `onOpen` of every plugin, in order, to complete the create request. */
export async function completeDraft(
  opening: OpeningContext,
  draft: CreateDraft,
  attempt: OpenAttempt,
): Promise<{ readonly draft: CreateDraft; readonly contributions: Contributions }> {
  const { signal } = opening
  const { clock, createId, plugins, setup } = opening.options
  await setup.run(signal)
  const context = { signal, createId, openId: attempt.openId, now: () => clock.now() }
  const contributions = new Contributions(plugins)
  let completed = draft
  for (const plugin of plugins) {
    if (!plugin.onOpen) continue
    const current = completed
    const onOpen = async () => {
      const part = await plugin.onOpen?.(current, context)
      // Register `onFailed` here, so that a contribution that arrives after an abort is released too.
      if (part?.onFailed) attempt.onFailed(plugin.name, part.onFailed)
      return part
    }
    const part = await runSlot(opening, plugin.name, 'onOpen', onOpen)
    if (!part) continue
    contributions.add(plugin, part, part.state)
    completed = part.request ?? completed
    // The client identifies its opens and sessions by the UserId.
    if (completed.UserId !== draft.UserId) {
      throw new IvhPluginError(plugin.name, 'onOpen', 'it changed the UserId of the request', {
        hint: 'Pass the userId that the service must receive to sessions.open.',
      })
    }
  }
  return { draft: completed, contributions }
}

export async function completeResume(
  opening: OpeningContext,
  session: Pick<ResumeContext, 'sessionId' | 'userId'>,
  pluginState: Readonly<Record<string, string>> = {},
): Promise<Contributions> {
  const { signal } = opening
  const { clock, plugins, setup } = opening.options
  await setup.run(signal)
  const contributions = new Contributions(plugins, pluginState)
  for (const plugin of plugins) {
    const { name } = plugin
    if (!plugin.onResume) continue
    const state = Object.hasOwn(pluginState, name) ? pluginState[name] : undefined
    const context = { ...session, state, signal, now: () => clock.now() }
    const onResume = async () => plugin.onResume?.(context)
    const part = await runSlot(opening, name, 'onResume', onResume)
    if (part) contributions.add(plugin, part)
  }
  return contributions
}

/** @throws IvhPluginError when the slot throws or times out; the abandoned error when the signal fires. */
async function runSlot<Part>(
  { options, signal }: OpeningContext,
  plugin: string,
  slot: string,
  run: () => Promise<Part>,
): Promise<Part> {
  const { clock, timeoutMs } = options
  const part = await withDeadline(run, { clock, timeoutMs, signal }).catch((cause: unknown) => {
    throw new IvhPluginError(plugin, slot, cause)
  })
  if (part.interrupted === 'timeout') {
    throw new IvhPluginError(plugin, slot, `it did not finish within ${timeoutMs} ms`)
  }
  if (part.interrupted !== undefined) throw abandonedError(signal)
  return part.value
}
