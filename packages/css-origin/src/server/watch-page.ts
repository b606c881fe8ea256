import { html, raw } from 'hono/html'

/** Renders the page at `/watch/<app>/<stream>`, which plays one stream over WHEP without a library. */
export function watchPage(app: string, name: string) {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>${name}</title>
    <style>
      body { margin: 0; background: #10151c; color: #e8edf3; font: 16px/1.5 system-ui, sans-serif; }
      main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
      h1 { font-size: 1.1rem; overflow-wrap: anywhere; }
      video { width: 100%; max-height: 80vh; background: #000; border-radius: 8px; display: block; }
      p { display: flex; gap: 1rem; align-items: center; min-height: 2.5rem; }
      button { font: inherit; padding: 0.3rem 1rem; border-radius: 6px; border: 1px solid #51606f; background: #222c37; color: inherit; }
      a { color: #9cc7ff; }
    </style>
  </head>
  <body>
    <main>
      <h1>${app}/${name}</h1>
      <video autoplay muted playsinline></video>
      <p><span role="status">Connecting …</span> <button id="sound">Sound on</button> <button id="again" hidden>Try again</button></p>
      <p><a href="/">All streams</a></p>
    </main>
    <script type="module">${raw(script)}</script>
  </body>
</html>`
}

const script = `
const video = document.querySelector('video')
const status = document.querySelector('[role=status]')
const sound = document.querySelector('#sound')
const again = document.querySelector('#again')
const whep = location.pathname.replace('/watch/', '/whep/') + location.search
let peer

const fail = (why) => {
  peer?.close()
  status.textContent = why
  again.hidden = false
}

const watch = async () => {
  again.hidden = true
  status.textContent = 'Connecting …'
  const connection = new RTCPeerConnection()
  peer = connection
  const stream = new MediaStream()
  connection.addEventListener('track', ({ track }) => {
    stream.addTrack(track)
    video.srcObject = stream
  })
  connection.addEventListener('connectionstatechange', () => {
    const state = connection.connectionState
    if (connection === peer && (state === 'failed' || state === 'disconnected' || state === 'closed')) {
      fail('The stream has ended, or the connection was lost.')
    }
  })
  connection.addTransceiver('video', { direction: 'recvonly' })
  connection.addTransceiver('audio', { direction: 'recvonly' })
  await connection.setLocalDescription()
  const headers = { 'Content-Type': 'application/sdp' }
  const answer = await fetch(whep, { method: 'POST', headers, body: connection.localDescription.sdp })
  if (!answer.ok) {
    const { reason } = await answer.json().catch(() => ({}))
    fail(reason ?? 'The origin returned HTTP status ' + answer.status + '.')
    return
  }
  const resource = answer.headers.get('Location')
  addEventListener('pagehide', () => fetch(resource, { method: 'DELETE', keepalive: true }), { once: true })
  await connection.setRemoteDescription({ type: 'answer', sdp: await answer.text() })
}

const begin = () => watch().catch((error) => fail('The stream cannot be shown: ' + error.message))
video.addEventListener('playing', () => { status.textContent = 'Live' })
sound.addEventListener('click', () => {
  video.muted = !video.muted
  sound.textContent = video.muted ? 'Sound on' : 'Sound off'
})
again.addEventListener('click', begin)
begin()
`
