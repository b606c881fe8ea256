const hidden = '***'
const secretParameter = /secret|token|sig|auth|key|pass|credential/i

/**
 * Makes an address safe to show and to log: replaces the values of secret parameters such as
 * txSecret, and user name and password before the host, by `***`. It works on text, because browsers
 * disagree on how `new URL` reads the host of `rtmp:` and `webrtc:` addresses.
 */
export function redactAddress(address: string): string {
  return address
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, `$1${hidden}@`)
    .replace(/([?&#;,]|^)([^=?&#;,/]+)=([^&#;,]*)/g, (whole, before: string, name: string) =>
      secretParameter.test(name) ? `${before}${name}=${hidden}` : whole,
    )
}
