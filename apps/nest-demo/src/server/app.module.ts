import { cssStream } from '@ivh-kit/core/css'
import { createCssSigner } from '@ivh-kit/css-signer'
import { IvhModule } from '@ivh-kit/nestjs'
import { type DynamicModule, Logger, Module } from '@nestjs/common'
import { AvatarBroker } from './avatar-broker.js'
import type { DemoConfig } from './config.js'
import { demoConfigToken } from './demo-config.token.js'
import { spendGuard } from './spend-guard.js'

@Module({})
export class AppModule {
  static register(config: DemoConfig): DynamicModule {
    const guard = spendGuard({
      maxSessions: 100,
      maxDurationMs: 30 * 60_000,
      logger: new Logger('SpendGuard'),
    })
    const plugins = [guard, cssStream({ signer: createCssSigner(config.css) })]
    return {
      module: AppModule,
      imports: [IvhModule.forRoot({ ...config.ivh, plugins })],
      providers: [{ provide: demoConfigToken, useValue: config }, AvatarBroker],
    }
  }
}
