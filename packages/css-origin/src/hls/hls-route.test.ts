import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { createFakeClock } from '@ivh-kit/kernel/testing'
import { expect, it, vi } from 'vitest'
import { avcKeyFrame, avcSequenceHeader } from '../flv/media-payload'
import { PlayGate } from '../stream/play-gate'
import { SignatureCheck } from '../stream/signature-check'
import { StreamRegistry } from '../stream/stream-registry'
import { HlsPackager } from './hls-packager'
import { hlsRoute } from './hls-route'

const avcc = Buffer.from('01420016ffe1000a67420016a680a02ff95001000468ce3c80', 'hex')

it('sends a segment to all viewers without copies', async () => {
  const { clock } = createFakeClock()
  const now = (): number => 5000
  const registry = new StreamRegistry({
    now,
    maxCachedBytes: 1e5,
    maxStreams: 1,
    secondPublisher: 'refuse',
    onPublished: () => undefined,
    onEnded: () => undefined,
  })
  const answer = registry.publish({
    app: 'live',
    streamName: 'm1',
    query: new URLSearchParams(),
    evict: () => undefined,
  })
  const stream = registry.find('live', 'm1')
  if (!answer.ok || !stream) throw new Error('the stream did not begin')
  const packager = new HlsPackager({
    clock,
    segmentMs: 1000,
    maxBytes: 1e6,
    idleMs: 60_000,
    timeoutMs: 10_000,
  })
  packager.open(stream)
  answer.sink.push({ type: 9, timestamp: 0, payload: avcSequenceHeader(avcc) })
  for (const timestamp of [0, 1000]) {
    const payload = avcKeyFrame(Buffer.from('000000026588', 'hex'))
    answer.sink.push({ type: 9, timestamp, payload })
  }

  const gate = new PlayGate(new SignatureCheck({ keys: [], now }), registry)
  const route = hlsRoute({ gate, packager, clock, stallMs: 70_000 })
  const incoming = new IncomingMessage(new Socket())
  const outgoing = new ServerResponse(incoming)
  const end = vi.spyOn(outgoing, 'end')
  await route.request('/live/m1-5.ts', undefined, { incoming, outgoing })
  expect(end.mock.calls[0]?.[0]).toBe(packager.segment('live', 'm1', 5))
  packager.close()
})
