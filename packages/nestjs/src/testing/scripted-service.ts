import type { Transport } from '@ivh-kit/core'

/** The IVH service in memory: it gives every session out as ready, and writes down what it was asked. */
export class ScriptedService {
  readonly calls: string[] = []
  readonly live = new Set<string>()
  /** Takes the place of the normal answer of an endpoint. */
  readonly override = new Map<string, () => Promise<string> | string>()
  closed = false
  #created = 0

  readonly transport: Transport = {
    send: async ({ path, body }) => {
      const endpoint = path.slice(path.lastIndexOf('/') + 1, path.indexOf('?'))
      this.calls.push(endpoint)
      const scripted = this.override.get(endpoint)
      if (scripted) return { status: 200, body: await scripted() }
      return { status: 200, body: this.answer(endpoint, JSON.parse(body).Payload.SessionId) }
    },
    close: async () => {
      this.closed = true
    },
  }

  answer(endpoint: string, id?: string): string {
    if (endpoint.startsWith('createsession')) {
      const SessionId = `m${++this.#created}`
      this.live.add(SessionId)
      const PlayStreamAddr = `webrtc://play.test/live/${SessionId}`
      return envelope(0, { SessionId, SessionStatus: 1, PlayStreamAddr })
    }
    if (endpoint === 'closesession' && id) this.live.delete(id)
    return envelope(0, endpoint === 'statsession' ? { SessionStatus: 1 } : {})
  }
}

export function envelope(Code: number, Payload: object = {}): string {
  return JSON.stringify({ Header: { Code, Message: '' }, Payload })
}
