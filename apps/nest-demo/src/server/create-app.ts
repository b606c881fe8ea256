import { fileURLToPath } from 'node:url'
import { toNodeHandler } from '@ivh-kit/broker/node'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { AppModule } from './app.module.js'
import { AvatarBroker } from './avatar-broker.js'
import type { DemoConfig } from './config.js'
import { onlyKnownHosts } from './only-known-hosts.js'
import { securityHeaders } from './security-headers.js'

const webRoot = fileURLToPath(new URL('../web/', import.meta.url))

/** Creates the demo's backend. It does not listen yet. */
export async function createApp(config: DemoConfig): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.register(config), {
    logger: ['warn', 'error'],
    forceCloseConnections: true,
    abortOnError: false,
  })
  app.disable('x-powered-by')
  app.use(onlyKnownHosts(config.allowedHosts ?? []))
  app.use(securityHeaders(config.css))
  app.use(toNodeHandler(app.get(AvatarBroker).broker))
  app.useStaticAssets(webRoot)
  return app
}
