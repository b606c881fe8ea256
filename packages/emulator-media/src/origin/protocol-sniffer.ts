import type { Socket } from 'node:net'
import type { MediaClock } from '../clock'
import { RTMP_VERSION } from '../rtmp/handshake'

export interface SnifferOptions {
  readonly clock: MediaClock
  readonly timeoutMs: number
  readonly onRtmp: (socket: Socket) => void
  readonly onHttp: (socket: Socket) => void
}

/**
 * Looks at the first byte of a connection, puts it back, and hands the socket to the protocol
 * that begins so: RTMP with its version number 3, HTTP with a letter.
 */
export function sniffProtocol(socket: Socket, options: SnifferOptions): void {
  const cancel = options.clock.schedule(() => socket.destroy(), options.timeoutMs)
  const ignoreError = (): void => undefined
  socket.on('error', ignoreError)
  socket.once('close', cancel)
  socket.once('data', (bytes: Buffer) => {
    cancel()
    socket.off('close', cancel)
    socket.pause()
    socket.unshift(bytes)
    const take = bytes[0] === RTMP_VERSION ? options.onRtmp : options.onHttp
    take(socket)
    socket.resume()
  })
}
