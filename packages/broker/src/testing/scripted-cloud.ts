import type { Transport } from '@ivh-kit/core'

interface CloudSession {
  status: number
  closeType?: number
  message?: string
}

type Answer = { readonly Code: number; readonly Message?: string; readonly Payload?: object }
type Endpoint = 'createsessionbyasset' | 'statsession' | 'startsession' | 'closesession'

/** The service behind the client, in memory: a test decides what it answers and reads what it was asked. */
export class ScriptedCloud {
  readonly sessions = new Map<string, CloudSession>()
  readonly calls: Endpoint[] = []
  /** SessionStatus of a new session: 1 ready, 3 preparing. */
  firstStatus = 1
  /** Takes the place of the normal answer of an endpoint. */
  readonly override = new Map<Endpoint, () => Answer | Promise<Answer>>()

  readonly transport: Transport = {
    send: async ({ path, body }) => {
      const endpoint = path.slice(path.lastIndexOf('/') + 1, path.indexOf('?')) as Endpoint
      this.calls.push(endpoint)
      const { Payload } = JSON.parse(body)
      const scripted = this.override.get(endpoint)
      const answer = scripted ? await scripted() : this.#answer(endpoint, Payload.SessionId)
      const Header = { Code: answer.Code, Message: answer.Message ?? '', RequestID: 'trace-1' }
      return { status: 200, body: JSON.stringify({ Header, Payload: answer.Payload ?? {} }) }
    },
    close: async () => {},
  }

  /** What is paid for. */
  get live(): string[] {
    return [...this.sessions].filter(([, { status }]) => status !== 2).map(([id]) => id)
  }

  count(endpoint: Endpoint): number {
    return this.calls.filter((call) => call === endpoint).length
  }

  #answer(endpoint: Endpoint, id: string): Answer {
    if (endpoint === 'createsessionbyasset') return this.create()
    const session = this.sessions.get(id)
    if (!session) return { Code: 110018 }
    if (endpoint === 'statsession') {
      const { status, closeType, message } = session
      const PlayStreamAddr = `webrtc://play.test/live/${id}`
      return {
        Code: 0,
        Payload: {
          SessionStatus: status,
          PlayStreamAddr,
          CloseType: closeType,
          ErrorMessage: message,
        },
      }
    }
    if (session.status === 2) return { Code: 110013 }
    if (endpoint === 'closesession') session.status = 2
    return { Code: 0 }
  }

  create(): Answer {
    const id = `m${this.sessions.size + 1}`
    this.sessions.set(id, { status: this.firstStatus })
    const PlayStreamAddr = `webrtc://play.test/live/${id}`
    return {
      Code: 0,
      Payload: { SessionId: id, SessionStatus: this.firstStatus, PlayStreamAddr },
    }
  }
}
