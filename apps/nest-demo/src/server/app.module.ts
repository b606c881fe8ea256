import { cssStream } from '@ivh-kit/core'
import { createCssSigner } from '@ivh-kit/css-signer'
import { IvhModule } from '@ivh-kit/nestjs'
import { type DynamicModule, Module } from '@nestjs/common'
import { AvatarBroker } from './avatar-broker.js'
import type { DemoConfig } from './config.js'
import { DEMO_CONFIG } from './demo-config.token.js'

@Module({})
export class AppModule {
  static register(config: DemoConfig): DynamicModule {
    const css = createCssSigner(config.css)
    return {
      module: AppModule,
      imports: [IvhModule.forRoot({ ...config.ivh, plugins: [cssStream({ signer: css })] })],
      providers: [{ provide: DEMO_CONFIG, useValue: config }, AvatarBroker],
    }
  }
}
