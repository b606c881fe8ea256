// Answers every request with the same success; a process of its own, so that its CPU is not counted.
import { createServer } from 'node:http'

const answer = JSON.stringify({
  Header: { Code: 0, Message: '', RequestID: 'gz77ab12c17645472001234567' },
  Payload: { ReqId: '0'.repeat(32), SessionId: 'm900100200300400500', SessionStatus: 1 },
})
const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length })
    response.end(answer)
  })
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }))
process.on('disconnect', () => process.exit(0))
