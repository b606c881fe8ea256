import { IvhConfigError } from '@ivh-kit/core'
import { Inject, Module, type OnModuleInit } from '@nestjs/common'
import { ModulesContainer } from '@nestjs/core'
import { ConfigurableModuleClass } from './ivh.module-definition'
import { IvhService } from './ivh.service'

/**
 * Provides {@link IvhService}.
 *
 * @example
 * IvhModule.forRoot({ appKey, accessToken, isGlobal: true })
 * IvhModule.forRootAsync({ inject: [ConfigService], useFactory: (config) => ({ appKey: config.get('IVH_APP_KEY') }) })
 */
@Module({ providers: [IvhService], exports: [IvhService] })
export class IvhModule extends ConfigurableModuleClass implements OnModuleInit {
  readonly #modules: ModulesContainer

  constructor(@Inject(ModulesContainer) modules: ModulesContainer) {
    super()
    this.#modules = modules
  }

  /** @throws IvhConfigError when a module has two registrations: Nest would ignore one of them. */
  onModuleInit(): void {
    for (const module of this.#modules.values()) {
      const registrations = [...module.imports].filter(({ metatype }) => metatype === IvhModule)
      if (registrations.length < 2) continue
      throw new IvhConfigError(`${module.name} imports IvhModule ${registrations.length} times`, {
        code: 'conflicting-options',
        hint: 'Nest would use only one of the clients. Import each account in a module of its own.',
      })
    }
  }
}
