import { IvhError, type IvhErrorContext, reasonOf } from '@ivh-kit/kernel'

/** A plugin threw an error, which is the `cause`. The message names the plugin and its slot. */
export class IvhPluginError extends IvhError {
  override readonly name = 'IvhPluginError'
  readonly kind = 'plugin'
  readonly plugin: string

  constructor(plugin: string, slot: string, cause: unknown, context: IvhErrorContext = {}) {
    super('IvhPluginError', `Plugin "${plugin}" failed in ${slot}: ${reasonOf(cause)}`, {
      ...context,
      cause,
    })
    this.plugin = plugin
  }
}
