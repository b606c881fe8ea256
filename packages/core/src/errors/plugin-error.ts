import { IvhError, type IvhErrorContext } from './ivh-error'
import { reasonOf } from './reason-of'

/** A plugin threw. The message names the plugin; `cause` is what it threw. */
export class IvhPluginError extends IvhError {
  override readonly name = 'IvhPluginError'
  readonly kind = 'plugin'
  readonly plugin: string

  constructor(plugin: string, slot: string, cause: unknown, context: IvhErrorContext = {}) {
    super(`Plugin "${plugin}" failed in ${slot}: ${reasonOf(cause)}`, { ...context, cause })
    this.plugin = plugin
  }
}
