// Answers statsession with "preparing", and the list with every session the client waits for, all of them
// preparing; a process of its own, so that its CPU is not counted.
import { createServer } from 'node:http'

const header = { Code: 0, Message: '', RequestID: 'gz77ab12c17645472001234567' }
const answer = (payload) =>
  JSON.stringify({ Header: header, Payload: { ReqId: '0'.repeat(32), ...payload } })
const stat = answer({ SessionStatus: 3, PlayStreamAddr: '', IsSessionStarted: false })
// The fields that both documents name.
const rows = Array.from({ length: Number(process.argv[2]) }, (_, index) => ({
  UserId: `kiosk-${index}`,
  SessionId: `m${index}`,
  SessionStatus: 3,
  DriverType: 1,
  IsSessionStarted: false,
}))
const list = answer({ Sessions: rows })

const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    const body = request.url.includes('/listsessionofuin') ? list : stat
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
    response.end(body)
  })
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }))
process.on('disconnect', () => process.exit(0))
