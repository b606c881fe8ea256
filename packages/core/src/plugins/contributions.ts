import { IvhConfigError, IvhPluginError } from '../errors'
import type { Playback } from '../sessions/playback'
import type { IvhPlugin, ResumeContribution } from './plugin'

/** What the plugins have added to one session. */
export class Contributions {
  readonly #plugins: readonly IvhPlugin[]
  readonly #parts = new Map<IvhPlugin, ResumeContribution>()
  readonly #state: Record<string, string>

  /** @param state What an application kept of a session that is resumed. */
  constructor(plugins: readonly IvhPlugin[], state: Readonly<Record<string, string>> = {}) {
    this.#plugins = plugins
    this.#state = { ...state }
  }

  add(plugin: IvhPlugin, part: ResumeContribution, state?: string): void {
    this.#parts.set(plugin, part)
    if (state !== undefined) this.#state[plugin.name] = state
  }

  /** By the name of the plugin. */
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

  /** @throws IvhConfigError when the client does not have the plugin. */
  extension<Extension>(plugin: IvhPlugin<Extension>): Extension | undefined {
    if (!this.#plugins.includes(plugin)) {
      throw new IvhConfigError(
        `The client has no plugin "${plugin.name}", or another of that name`,
        {
          hint: 'Pass the very object that is in the plugins option of createIvhClient.',
        },
      )
    }
    // What is kept under a plugin is what that plugin returned.
    return this.#parts.get(plugin)?.extension as Extension | undefined
  }
}
