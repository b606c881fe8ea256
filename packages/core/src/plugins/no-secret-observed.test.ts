import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ScriptedResponse } from '../testing/scripted-transport'
import { createTestClient } from '../testing/test-client'
import { telemetry } from './telemetry/telemetry'

const channels = ['ivh:request:start', 'ivh:request:retry', 'ivh:request:end'] as const
const sessionChannels = [
  'ivh:session:open:start',
  'ivh:session:open:end',
  'ivh:session:event',
] as const

/** Secrets that are too long to occur by chance. */
const secret = fc.stringMatching(/^[A-Za-z0-9+/*-]{20,40}$/)
const name = fc.constantFrom(
  'accesstoken',
  'signature',
  'TrtcUserSig',
  'userSig',
  'TrtcPrivateMapKey',
  'txSecret',
)

/** Ways in which the service or the network may quote the secret. */
const quoting = fc.constantFrom(
  (field: string, value: string): ScriptedResponse => ({
    code: 110018,
    message: `${field}=${value}`,
  }),
  (field: string, value: string): ScriptedResponse => ({
    fail: new Error(`GET https://h/?a=1&${field}=${encodeURIComponent(value)} failed`),
  }),
  (field: string, value: string): ScriptedResponse => ({
    raw: { status: 502, body: JSON.stringify({ [field]: value }) },
  }),
  (field: string, value: string): ScriptedResponse => ({
    payload: { SessionStatus: 'wrong', [field]: value },
  }),
  (field: string, value: string): ScriptedResponse => ({
    payload: { SessionStatus: 1, [field]: value },
  }),
)

it('spans and diagnostics channels contain no secret', async () => {
  const messages: unknown[] = []
  const collect = (message: unknown) => void messages.push(message)
  for (const channel of [...channels, ...sessionChannels]) subscribe(channel, collect)
  try {
    await fc.assert(
      fc.asyncProperty(secret, secret, name, quoting, async (accessToken, quoted, field, quote) => {
        messages.length = 0
        const spans = new InMemorySpanExporter()
        const tracer = new BasicTracerProvider({
          spanProcessors: [new SimpleSpanProcessor(spans)],
        }).getTracer('t')
        const plugin = telemetry({ tracer })
        // Load the API before the clock moves: loading takes real time.
        await plugin.setup?.()
        const { ivh, clock, transport } = await createTestClient(
          { script: { statsession: () => quote(field, quoted) } },
          { accessToken, plugins: [plugin], maxRetries: 1 },
        )
        const opening = ivh.sessions.open({
          assetVirtualmanKey: 'a',
          userId: 'u1',
          protocol: 'trtc',
          trtc: { appId: '14', roomId: 5, userSig: quoted, privateMapKey: `${quoted}2` },
          readyTimeoutMs: 2_000,
        })
        const calling = ivh.statSession({ SessionId: `m?${field}=${quoted}` })
        const both = Promise.allSettled([opening, calling])
        await clock.advance(60_000)
        await both

        const signatures = transport.calls.flatMap(({ request }) => {
          const signature = new URLSearchParams(request.path.split('?')[1]).get('signature')
          return signature ? [signature] : []
        })
        expect(signatures.length).toBeGreaterThan(2)
        expect(messages.length).toBeGreaterThan(5)
        expect(spans.getFinishedSpans().length).toBeGreaterThan(2)
        const finished = spans
          .getFinishedSpans()
          .map(({ attributes, events, name: span, status }) => [span, attributes, events, status])
        const shown = `${inspect(messages, { depth: 12, showHidden: true })}${JSON.stringify(finished)}`
        for (const hidden of [accessToken, quoted, ...signatures]) {
          expect(shown).not.toContain(hidden)
          expect(shown).not.toContain(encodeURIComponent(hidden))
        }
      }),
      { numRuns: 60 },
    )
  } finally {
    for (const channel of [...channels, ...sessionChannels]) unsubscribe(channel, collect)
  }
}, 60_000)
