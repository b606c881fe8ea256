/**
 * Connections that a browser opens to one host over HTTP/1.1, in all tabs together. Further requests
 * wait without an event.
 */
const connectionLimit = 6

const answered = new Map<string, number>()

/** Counts a stream that the server has begun to send. Returns the function that uncounts it. */
export function countStream(url: string): () => void {
  const host = hostOf(url)
  answered.set(host, (answered.get(host) ?? 0) + 1)
  let open = true
  return () => {
    if (open) answered.set(host, (answered.get(host) ?? 1) - 1)
    open = false
  }
}

/** True when the streams of this page use all connections that the browser opens to a host. */
export function isHostFull(url: string): boolean {
  return (answered.get(hostOf(url)) ?? 0) >= connectionLimit
}

function hostOf(url: string): string {
  return new URL(url).host
}
