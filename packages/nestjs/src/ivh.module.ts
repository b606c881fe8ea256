import { Module } from '@nestjs/common'
import { ConfigurableModuleClass } from './ivh.module-definition'
import { IvhService } from './ivh.service'

/**
 * Gives {@link IvhService} to the modules that import it.
 *
 * @example
 * IvhModule.forRoot({ appKey, accessToken, isGlobal: true })
 * IvhModule.forRootAsync({ inject: [ConfigService], useFactory: (config) => ({ appKey: config.get('IVH_APP_KEY') }) })
 */
@Module({ providers: [IvhService], exports: [IvhService] })
export class IvhModule extends ConfigurableModuleClass {}
