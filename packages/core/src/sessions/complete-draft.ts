import { withDeadline } from '../client/deadline'
import type { ResolvedOptions } from '../client/options'
import { IvhPluginError } from '../errors'
import type { CreateDraft, SessionContribution } from '../plugins/plugin'
import { abandonedError } from './abandonment'
import type { Playback } from './playback'

export interface CompletedDraft {
  readonly draft: CreateDraft
  /** What the plugins know of where to watch, asked anew at each call. */
  readonly playback: () => Playback
}

/** Lets every plugin complete the create request, in their order. */
export async function completeDraft(
  draft: CreateDraft,
  options: ResolvedOptions,
  signal: AbortSignal,
): Promise<CompletedDraft> {
  const { clock, createId, plugins } = options
  const context = { signal, createId, now: () => clock.now() }
  const contributions: { readonly plugin: string; readonly part: SessionContribution }[] = []
  let completed = draft
  for (const { name, onOpen } of plugins) {
    if (!onOpen) continue
    const current = completed
    const part = await withDeadline(async () => onOpen(current, context), { clock, signal }).catch(
      (cause: unknown) => {
        throw new IvhPluginError(name, 'onOpen', cause)
      },
    )
    if (part.interrupted !== undefined) throw abandonedError(signal)
    if (!part.value) continue
    contributions.push({ plugin: name, part: part.value })
    completed = part.value.request ?? completed
  }
  const playback = () =>
    Object.assign({}, ...contributions.map(({ plugin, part }) => askPlayback(plugin, part)))
  return { draft: completed, playback }
}

function askPlayback(plugin: string, part: SessionContribution): Playback | undefined {
  try {
    return part.playback?.()
  } catch (cause) {
    throw new IvhPluginError(plugin, 'playback', cause)
  }
}
