import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'

/**
 * A connector whose sockets write what comes in one tick with one system call: it is the dearest part of
 * a message, and undici's WebSocket makes one for each.
 */
export function writingTogether(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error) callback(error, null)
      else callback(null, corkedEachTick(socket))
    })
}

function corkedEachTick<Connection extends Socket>(socket: Connection): Connection {
  const write = socket.write
  let corked = false
  const uncork = () => {
    corked = false
    socket.uncork()
  }
  const together = (...written: Parameters<typeof write>) => {
    if (!corked) {
      corked = true
      socket.cork()
      process.nextTick(uncork)
    }
    return write.apply(socket, written)
  }
  return Object.assign(socket, { write: together })
}
