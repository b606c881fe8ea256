// Takes every frame of a command channel and says that a drive is over when its final packet has come; a
// process of its own, so that its CPU is not counted. HTTP calls are answered as for a running session.
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'

const answer = JSON.stringify({
  Header: { Code: 0, Message: '', RequestID: 'gz77ab12c17645472001234567' },
  Payload: { ReqId: '0'.repeat(32), SessionStatus: 1, IsSessionStarted: true },
})
const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(answer)
  })
})
const sockets = new WebSocketServer({ server, perMessageDeflate: false })
sockets.on('connection', (socket) => {
  socket.on('message', (data) => {
    if (!data.includes('"IsFinal":true')) return
    const { ReqId, Command } = JSON.parse(data.toString()).Payload
    const SpeakStatus = Command === 'SEND_AUDIO' ? 'AudioOver' : 'TextOver'
    socket.send(
      JSON.stringify({
        Header: { Code: 0 },
        Payload: { Type: 3, ReqId, Seq: 0, SpeakStatus, FinalType: 1 },
      }),
    )
  })
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }))
process.on('disconnect', () => process.exit(0))
