/** What the session needs from the world around it. Replaced in unit tests. */
export interface SessionEnvironment {
  /** Milliseconds on a clock that only goes forward. */
  now(): number
  /** Calls back once after `delay` milliseconds; the result cancels it. */
  schedule(callback: () => void, delay: number): () => void
  /** A number from 0 to 1. */
  random(): number
  /** Base of relative addresses. */
  base(): string
  online(): boolean
  hidden(): boolean
  /** Calls back whenever the network returns; the result stops it. */
  onOnline(callback: () => void): () => void
  /** Calls back whenever the page is shown or hidden; the result stops it. */
  onVisibility(callback: () => void): () => void
}

/** The real world: the page this code runs in. */
export function pageEnvironment(): SessionEnvironment {
  return {
    now: () => performance.now(),
    schedule: (callback, delay) => {
      const timer = setTimeout(callback, delay)
      return () => clearTimeout(timer)
    },
    random: () => Math.random(),
    base: () => document.baseURI,
    online: () => navigator.onLine,
    hidden: () => document.hidden,
    onOnline: (callback) => listen(window, 'online', callback),
    onVisibility: (callback) => listen(document, 'visibilitychange', callback),
  }
}

function listen(target: EventTarget, type: string, callback: () => void): () => void {
  target.addEventListener(type, callback)
  return () => target.removeEventListener(type, callback)
}
