import type { EngineLoader } from '../engine'

/** HTTP-FLV, played by mpegts.js. */
export const flvLoader: EngineLoader = {
  name: 'flv',
  canPlay: ({ kind }) => kind === 'flv',
  load: async () => (await import('./flv-engine')).createFlvEngine,
}
