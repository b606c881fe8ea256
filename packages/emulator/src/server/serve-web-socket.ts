import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ServerType } from '@hono/node-server'
import type { WebSocket, WebSocketServer } from 'ws'
import { closeReason, maxFrameBytes } from '../channel/frame-limits'
import type { ChannelWire } from '../channel/server-channel'
import { controlHeader } from '../faults/fault-plan'
import type { ChannelAdmission, Gateway } from '../gateway/gateway'
import { ignoreUpgrade } from './ignore-upgrade'

/** Opens command channels for the WebSocket upgrades of a server. Other upgrades are ignored. */
export function serveWebSocket(server: ServerType, gateway: Gateway): void {
  let sockets: Promise<WebSocketServer> | undefined

  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const control = request.headers[controlHeader]
    const admission = await gateway.admitChannel(
      `http://emulator${request.url ?? '/'}`,
      typeof control === 'string' ? control : undefined,
    )
    if (socket.destroyed) return
    switch (admission.kind) {
      case 'dropped':
        socket.destroy()
        break
      case 'refused':
        await refuse(socket, admission.response)
        break
      case 'admitted':
        sockets ??= createSockets()
        ;(await sockets).handleUpgrade(request, socket, head, (webSocket) =>
          attach(webSocket, admission),
        )
    }
  }

  const answers = new WeakMap<Duplex, ServerResponse>()
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answers.set(request.socket, response)
  })
  /** Resolves when the previous request of the same connection has its response. */
  const answered = async (socket: Duplex) => {
    const before = answers.get(socket)
    if (before && !before.closed) await once(before, 'close')
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // The client may disconnect before the response.
    const onError = () => socket.destroy()
    socket.on('error', onError)
    const done =
      request.headers.upgrade?.toLowerCase() === 'websocket'
        ? upgrade(request, socket, head)
        : answered(socket).then(() => ignoreUpgrade(server, request, socket, head))
    done.catch(onError).finally(() => socket.off('error', onError))
  })
}

/** Creates the WebSocket server. Loads `ws` with the first channel, so that an emulator starts faster. */
async function createSockets(): Promise<WebSocketServer> {
  const { WebSocketServer } = await import('ws')
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: maxFrameBytes,
    perMessageDeflate: false,
  })
}

function attach(
  webSocket: WebSocket,
  admission: Extract<ChannelAdmission, { kind: 'admitted' }>,
): void {
  const channel = admission.open(wireOf(webSocket))
  webSocket.on('message', (data, isBinary) => {
    if (isBinary) channel.receiveBinary()
    else channel.receive(data.toString())
  })
  webSocket.on('close', () => channel.disconnected())
  // A malformed frame closes the connection, and `close` follows.
  webSocket.on('error', () => {})
}

function wireOf(webSocket: WebSocket): ChannelWire {
  return {
    send: (text) => webSocket.send(text),
    close: (code, reason) => webSocket.close(code, closeReason(reason)),
    terminate: () => webSocket.terminate(),
  }
}

async function refuse(socket: Duplex, response: Response): Promise<void> {
  const body = Buffer.from(await response.text())
  const answer = [
    `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? 'Refused'}`,
    `Content-Type: ${response.headers.get('content-type') ?? 'text/plain'}`,
    `Content-Length: ${body.length}`,
    `Date: ${response.headers.get('date')}`,
    'Connection: close',
    '',
    body.toString(),
  ].join('\r\n')
  await new Promise<void>((resolve) => socket.end(answer, resolve))
  // Destroy the socket, because a client with a half-open connection would keep the server open.
  socket.destroy()
}
