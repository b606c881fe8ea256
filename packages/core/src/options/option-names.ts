import { namesCheck } from '@ivh-kit/kernel'
import type { PathCallOptions } from '../contracts/call-options'
import type { SayOptions, SendAudioOptions } from '../contracts/speech'
import type { IvhClientOptions, PollingOptions } from './client-options'

export const checkClientNames = namesCheck<IvhClientOptions>('createIvhClient', {
  appKey: true,
  accessToken: true,
  region: true,
  baseUrl: true,
  environment: true,
  headers: true,
  query: true,
  plugins: true,
  timeoutMs: true,
  deadlineMs: true,
  maxRetries: true,
  polling: true,
  dispatcher: true,
  transport: true,
  webSocket: true,
  clock: true,
  random: true,
  createId: true,
  logger: true,
  dangerouslyAllowBrowser: true,
})

export const checkPollingNames = namesCheck<PollingOptions>('polling', { concurrency: true })

export const checkCallNames = namesCheck<PathCallOptions>('A call', {
  signal: true,
  timeoutMs: true,
  deadlineMs: true,
  maxRetries: true,
  onResponse: true,
  idempotent: true,
})

const speechNames = {
  interrupt: true,
  signal: true,
  onProgress: true,
  seiInfo: true,
  onUncertain: true,
} as const

export const checkSayNames = namesCheck<SayOptions>('say', {
  ...speechNames,
  chat: true,
  smartActions: true,
  mode: true,
})

export const checkAudioNames = namesCheck<SendAudioOptions>('sendAudio', {
  ...speechNames,
  live: true,
})
