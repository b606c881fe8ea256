import type { EngineLoader } from './engine'
import { flvLoader } from './flv/loader'

/** The engines of this version, in the order they are asked. */
export const engineLoaders: readonly EngineLoader[] = [flvLoader]
