import type { Socket } from 'node:net'
import type { Clock } from '@ivh-kit/kernel'
import { rtmpVersion } from '../rtmp/handshake'

export interface SnifferOptions {
  readonly clock: Clock
  readonly timeoutMs: number
  readonly onRtmp: (socket: Socket) => void
  readonly onHttp: (socket: Socket) => void
}

/** Detects the protocol by the first byte of a connection: 3, the version, for RTMP; a letter for HTTP. */
export function sniffProtocol(socket: Socket, options: SnifferOptions): void {
  const cancel = options.clock.after(options.timeoutMs, () => socket.destroy())
  const ignoreError = (): void => undefined
  socket.on('error', ignoreError)
  socket.once('close', cancel)
  socket.once('data', (bytes: Buffer) => {
    cancel()
    socket.off('close', cancel)
    socket.pause()
    socket.unshift(bytes)
    const take = bytes[0] === rtmpVersion ? options.onRtmp : options.onHttp
    take(socket)
    socket.resume()
  })
}
