import { definePlugin, type IvhPlugin } from '@ivh-kit/core'
import type { BeforeApplicationShutdown, InjectionToken } from '@nestjs/common'
import type { ModulesContainer } from '@nestjs/core'

/** A client with its shutdown hook. */
type Client = BeforeApplicationShutdown

const registries = new WeakMap<ModulesContainer, ClientRegistry>()
const registryToken: InjectionToken = Symbol.for('ivh-kit.nestjs.client-registry')

/**
 * The clients of an application that have sessions. Nest calls the shutdown hooks only of providers that it
 * creates at boot. This registry also closes the clients of request-scoped options and of modules that are
 * loaded lazily.
 */
export class ClientRegistry implements BeforeApplicationShutdown {
  readonly #active = new Set<Client>()

  /** Returns the registry of an application. The first call adds it to the application's hooks. */
  static of(modules: ModulesContainer): ClientRegistry {
    const known = registries.get(modules)
    if (known) return known
    const registry = new ClientRegistry()
    registries.set(modules, registry)
    // Nest looks for hooks in the providers of every module that it had at boot. The first one is its own.
    const [first] = modules.values()
    first?.addProvider({ provide: registryToken, useValue: registry })
    return registry
  }

  /** Creates the plugin that keeps a client in the registry while it has sessions. */
  track(client: Client): IvhPlugin<undefined> {
    let sessions = 0
    const add = () => {
      sessions += 1
      this.#active.add(client)
    }
    const remove = () => {
      sessions -= 1
      if (sessions === 0) this.#active.delete(client)
    }
    return definePlugin({
      name: 'nest-shutdown',
      onOpen() {
        add()
        return { onFailed: remove }
      },
      onEvent({ type, detail }) {
        // A resumed session did not pass through `onOpen`.
        if (type === 'opened' && detail.openId === undefined) add()
        if (type === 'closed') remove()
      },
    })
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.#active].map((client) => client.beforeApplicationShutdown()))
  }
}
