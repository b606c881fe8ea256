import type { EngineLoader } from '../engine'

/** HTTP-FLV by mpegts.js, fetched on first use. */
export const flvLoader: EngineLoader = {
  name: 'flv',
  canPlay: ({ kind }) => kind === 'flv',
  load: async () => (await import('./flv-engine')).createFlvEngine,
}
