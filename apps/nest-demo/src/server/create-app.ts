import { fileURLToPath } from 'node:url'
import { mountIvhBroker } from '@ivh-kit/nestjs'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { AppModule } from './app.module.js'
import { AvatarBroker } from './avatar-broker.js'
import type { DemoConfig } from './config.js'

const webRoot = fileURLToPath(new URL('../web/', import.meta.url))

/** The demo's backend, not yet listening. */
export async function createApp(config: DemoConfig): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.register(config), {
    logger: ['warn', 'error'],
    forceCloseConnections: true,
    abortOnError: false,
  })
  mountIvhBroker(app, app.get(AvatarBroker).broker)
  app.useStaticAssets(webRoot)
  return app
}
