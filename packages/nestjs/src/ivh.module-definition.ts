import { ConfigurableModuleBuilder } from '@nestjs/common'
import type { IvhModuleOptions } from './ivh.interfaces'

export const {
  ConfigurableModuleClass,
  // biome-ignore lint/style/useNamingConvention: Nest writes injection tokens like this
  MODULE_OPTIONS_TOKEN: IVH_MODULE_OPTIONS,
  OPTIONS_TYPE,
  ASYNC_OPTIONS_TYPE,
} = new ConfigurableModuleBuilder<IvhModuleOptions>({
  optionsInjectionToken: Symbol.for('ivh-kit.nestjs.options'),
})
  .setClassMethodName('forRoot')
  .setExtras({ isGlobal: false }, (definition, { isGlobal }) => ({
    ...definition,
    global: isGlobal,
  }))
  .build()
