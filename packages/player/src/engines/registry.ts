import type { EngineLoader } from './engine'
import { flvLoader } from './flv/loader'

/** All engines. The first one that can play a source is used. */
export const engineLoaders: readonly EngineLoader[] = [flvLoader]
