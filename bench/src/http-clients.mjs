// The clients that `http` compares: each sends the one call it is made for, as its users would write it.

import { createHash } from 'node:crypto'

const payload = { AssetVirtualmanKey: 'a', UserId: 'u', Protocol: 'rtmp', DriverType: 1 }
const body = JSON.stringify({ Header: {}, Payload: { ...payload, ReqId: '0'.repeat(32) } })
const headers = { 'content-type': 'application/json' }
const connections = 16

/** Name → a function that makes a function that does one call. Modules are loaded by the process that needs them. */
export const httpClients = {
  async 'undici.request'(origin) {
    const { Pool } = await import('undici')
    const pool = new Pool(origin, { connections })
    return async () => {
      const response = await pool.request({ path: '/v2/x', method: 'POST', headers, body })
      await response.body.text()
    }
  },
  async 'undici.request, with AbortController and timer'(origin) {
    const { Pool } = await import('undici')
    const pool = new Pool(origin, { connections })
    return async () => {
      const controller = new AbortController()
      const timer = setTimeout(() => controller.abort(), 15_000)
      try {
        const { signal } = controller
        const request = { path: '/v2/x', method: 'POST', headers, body, signal }
        const response = await pool.request(request)
        return JSON.parse(await response.body.text())
      } finally {
        clearTimeout(timer)
      }
    }
  },
  async 'undici.dispatch'(origin) {
    const { Pool } = await import('undici')
    const pool = new Pool(origin, { connections })
    return () =>
      new Promise((resolve, reject) => {
        let text = ''
        const handler = {
          onRequestStart() {},
          onResponseStart() {},
          onResponseData(_controller, chunk) {
            text += chunk
          },
          onResponseEnd: () => resolve(text),
          onResponseError: (_controller, error) => reject(error),
        }
        pool.dispatch({ path: '/v2/x', method: 'POST', headers, body }, handler)
      })
  },
  async 'ivh-kit, createSessionByAsset'(origin) {
    const { createIvhClient } = await import('@ivh-kit/core')
    const { Pool } = await import('undici')
    const dispatcher = new Pool(origin, { connections })
    const ivh = createIvhClient({ appKey: 'k', accessToken: 't', baseUrl: origin, dispatcher })
    return () => ivh.createSessionByAsset(payload)
  },
  async 'ivh-kit, statSession'(origin) {
    const { createIvhClient } = await import('@ivh-kit/core')
    const { Pool } = await import('undici')
    const dispatcher = new Pool(origin, { connections })
    const ivh = createIvhClient({ appKey: 'k', accessToken: 't', baseUrl: origin, dispatcher })
    return () => ivh.statSession({ SessionId: 'm900100200300400500' })
  },
  async 'ivh-kit, createSessionByAsset, own agent and a signal'(origin) {
    const { createIvhClient } = await import('@ivh-kit/core')
    const ivh = createIvhClient({ appKey: 'k', accessToken: 't', baseUrl: origin })
    const { signal } = new AbortController()
    return () => ivh.createSessionByAsset(payload, { signal })
  },
  async stripe(origin) {
    const { default: Stripe } = await import('stripe')
    const { port } = new URL(origin)
    const stripe = new Stripe('sk_test_x', {
      host: '127.0.0.1',
      port,
      protocol: 'http',
      telemetry: false,
    })
    return () => stripe.customers.create({ name: 'u', description: 'a' })
  },
  async 'tencentcloud-sdk-nodejs-sts'(origin) {
    const { sts } = await import('tencentcloud-sdk-nodejs-sts')
    const client = new sts.v20180813.Client({
      credential: { secretId: 'k', secretKey: 't' },
      region: 'ap-guangzhou',
      profile: {
        httpProfile: { endpoint: new URL(origin).host, protocol: 'http://', reqMethod: 'POST' },
      },
    })
    return () => client.GetCallerIdentity({})
  },
  async axios(origin) {
    const { default: axios } = await import('axios')
    const { Agent } = await import('node:http')
    const httpAgent = new Agent({ keepAlive: true, maxSockets: connections })
    const client = axios.create({ baseURL: origin, httpAgent, timeout: 15_000, proxy: false })
    return () => client.post('/v2/x', body, { headers })
  },
  async openai(origin) {
    const { default: OpenAI } = await import('openai')
    const openai = new OpenAI({ apiKey: 'k', baseURL: `${origin}/openai` })
    const messages = [{ role: 'user', content: 'u' }]
    return () => openai.chat.completions.create({ model: 'm', messages })
  },
}

/** What the answering server says, by the beginning of the path. */
export const answers = {
  '/openai': {
    id: 'c',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'u' } }],
  },
  '/v1': { id: createHash('md5').update('c').digest('hex'), object: 'customer', name: 'u' },
  '/v2': {
    Header: { Code: 0, Message: '', RequestID: 'gz77ab12c17645472001234567' },
    Payload: { ReqId: '0'.repeat(32), SessionId: 'm900100200300400500', SessionStatus: 1 },
  },
  '/': { Response: { Arn: 'a', AccountId: '1', RequestId: 'gz77ab12c17645472001234567' } },
}
