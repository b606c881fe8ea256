import { loadOpener } from '../sessions/load-opener'
import type { Sender } from '../transport/sender'
import type { ResolvedOptions } from './options'

/** Loads what is otherwise loaded when it is first used: schemas, undici, sessions, and the WebSocket. */
export async function preload(sender: Sender, { webSocket }: ResolvedOptions): Promise<void> {
  await Promise.all([
    import('../protocol/schemas'),
    loadOpener(),
    sender.preload?.(),
    webSocket ? undefined : import('undici'),
  ])
}
