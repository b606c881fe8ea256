import { loadSchemas } from '../protocol/load-schemas'
import type { Transport } from '../transport/transport'

/** Loads undici (through the transport) and the schemas, the two parts that load on first use. */
export async function preload(transport: Transport): Promise<void> {
  await Promise.all([loadSchemas(), transport.preload?.()])
}
