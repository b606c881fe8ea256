import type { IvhPlugin, ResumeContribution } from '../contracts/plugin'
import type { Playback } from '../contracts/session'
import { IvhConfigError, IvhPluginError } from '../errors'

/** The plugins' additions to one session. */
export class Contributions {
  readonly #plugins: readonly IvhPlugin[]
  readonly #parts = new Map<IvhPlugin, ResumeContribution>()
  readonly #state: Record<string, string>

  /** @param state The stored `pluginState` of a session that is resumed. */
  constructor(plugins: readonly IvhPlugin[], state: Readonly<Record<string, string>> = {}) {
    this.#plugins = plugins
    this.#state = { ...state }
  }

  add(plugin: IvhPlugin, part: ResumeContribution, state?: string): void {
    this.#parts.set(plugin, part)
    if (state !== undefined) this.#state[plugin.name] = state
  }

  /** The state by plugin name. */
  get state(): Readonly<Record<string, string>> {
    return { ...this.#state }
  }

  /** @throws IvhPluginError */
  playback(): Playback {
    const known = [...this.#parts].map(([{ name }, part]) => {
      try {
        return part.playback?.()
      } catch (cause) {
        throw new IvhPluginError(name, 'playback', cause)
      }
    })
    return Object.assign({}, ...known)
  }

  /** @throws IvhConfigError when the plugin is not registered on the client. */
  extension<Extension>(plugin: IvhPlugin<Extension>): Extension | undefined {
    if (!this.#plugins.includes(plugin)) {
      throw new IvhConfigError(
        `Plugin "${plugin.name}" is not registered on this client (a different plugin may have that name)`,
        {
          hint: 'Pass the object that is in the plugins option of createIvhClient.',
        },
      )
    }
    // The value under a plugin is the extension that this plugin returned.
    return this.#parts.get(plugin)?.extension as Extension | undefined
  }
}
