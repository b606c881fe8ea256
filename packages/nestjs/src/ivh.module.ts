import { Module } from '@nestjs/common'
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
export class IvhModule extends ConfigurableModuleClass {}
