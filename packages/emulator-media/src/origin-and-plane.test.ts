import { afterEach, expect, test } from 'vitest'
import { FlvReader } from './flv/flv-reader'
import { createCssOrigin, createMediaPlane } from './index'

test('works', async () => {
  const origin = await createCssOrigin({ pushKeys: ['k'], logger: console })
  const media = await createMediaPlane({ publishTo: origin, logger: console })
  const t = performance.now()
  const human = await media.open({ sessionId: 'm1', avatar: 'demo' })
  console.log('open', performance.now() - t, human.playUrl, origin.streams())
  const r = await fetch(human.playUrl ?? '')
  console.log(r.status, [...r.headers])
  const reader = new FlvReader()
  let n = 0
  if (r.body)
    for await (const b of r.body) {
      for (const tag of reader.push(b)) {
        if (n++ < 12) console.log(tag.type, tag.timestamp, tag.payload.length)
      }
      if (n > 100) break
    }
  await human.close()
  await media.close()
  await origin.close()
}, 20000)
