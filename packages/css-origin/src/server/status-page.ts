import { html } from 'hono/html'
import type { StreamInfo } from '../stream/live-stream'

/** Renders the page at `/`: the live streams, with links to watch them. */
export function statusPage(streams: readonly StreamInfo[], now: number) {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="refresh" content="5" />
    <meta name="viewport" content="width=device-width" />
    <title>CSS origin on localhost</title>
    <style>
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 3rem auto; padding: 0 1rem; }
      table { border-collapse: collapse; width: 100%; }
      th, td { text-align: left; padding: 0.4rem 0.8rem; border-bottom: 1px solid #ddd; }
    </style>
  </head>
  <body>
    <h1>CSS origin on localhost</h1>
    ${streams.length === 0 ? html`<p>No live streams. Push one over RTMP.</p>` : streamTable(streams, now)}
  </body>
</html>`
}

function streamTable(streams: readonly StreamInfo[], now: number) {
  return html`<table>
      <thead><tr><th>Stream</th><th>Live for</th><th>Viewers</th><th>Received</th></tr></thead>
      <tbody>${streams.map((stream) => streamRow(stream, now))}</tbody>
    </table>`
}

function streamRow({ app, bytesIn, name, publishedAt, viewers }: StreamInfo, now: number) {
  const path = `${encodeURIComponent(app)}/${encodeURIComponent(name)}`
  const seconds = Math.max(0, Math.round((now - publishedAt.getTime()) / 1000))
  const megabytes = (bytesIn / 1e6).toFixed(1)
  return html`<tr><td><a href="/watch/${path}">${app}/${name}</a> (<a href="/${path}.flv">FLV</a>)</td><td>${seconds} s</td><td>${viewers}</td><td>${megabytes} MB</td></tr>`
}
