import { type Clock, systemClock } from '@ivh-kit/kernel'

/** The part of the web page that a session uses. Tests replace it. */
export interface PageEnvironment {
  readonly clock: Clock
  /** A number from 0 to 1. */
  random(): number
  /** Address of the page, against which relative addresses are resolved. */
  baseUrl(): string
  /** True while the device has a network. */
  online(): boolean
  /** True while the page is not visible. */
  hidden(): boolean
  /** Calls back whenever the network returns. The result removes the listener. */
  onOnline(callback: () => void): () => void
  /** Calls back whenever the page is shown or hidden. The result removes the listener. */
  onVisibilityChange(callback: () => void): () => void
}

/** The page that holds the element. The element may move to another document. */
export function pageEnvironment(element: Element): PageEnvironment {
  return {
    clock: systemClock,
    random: () => Math.random(),
    baseUrl: () => element.baseURI,
    online: () => navigator.onLine,
    hidden: () => element.ownerDocument.hidden,
    onOnline: (callback) => listen(element.ownerDocument.defaultView ?? window, 'online', callback),
    onVisibilityChange: (callback) => listen(element.ownerDocument, 'visibilitychange', callback),
  }
}

function listen(target: EventTarget, type: string, callback: () => void): () => void {
  target.addEventListener(type, callback)
  return () => target.removeEventListener(type, callback)
}
