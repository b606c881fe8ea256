import { IvhError, type IvhErrorContext } from './ivh-error'

/** A plugin threw. The message names the plugin; `cause` is what it threw. */
export class IvhPluginError extends IvhError {
  override readonly name = 'IvhPluginError'
  readonly kind = 'plugin'
  readonly plugin: string

  constructor(plugin: string, slot: string, cause: unknown, context: IvhErrorContext = {}) {
    const why = cause instanceof Error ? cause.message : String(cause)
    super(`Plugin "${plugin}" failed in ${slot}: ${why}`, { ...context, cause })
    this.plugin = plugin
  }
}
