import 'reflect-metadata'
import { sessionHostSuite } from '@ivh-kit/fixtures'
import { createApp } from './server/create-app.js'

sessionHostSuite('nest-demo', async ({ ivh, css }) => {
  const app = await createApp({ ivh, css, assetVirtualmanKey: 'fixture-avatar' })
  await app.listen(0, '127.0.0.1')
  const url = await app.getUrl()
  return { url, close: () => app.close() }
})
