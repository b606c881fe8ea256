const HIDDEN = '***'
const SECRET_PARAMETER = /secret|token|sig|auth|key|pass|credential/i

/**
 * An address that may be shown or logged: values of parameters such as txSecret, and a password
 * before the host, are replaced by `***`. Works on text, because `new URL` treats the host of
 * `rtmp:` and `webrtc:` addresses differently from browser to browser.
 */
export function redactAddress(address: string): string {
  return address
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, `$1${HIDDEN}@`)
    .replace(/([?&#;,]|^)([^=?&#;,/]+)=([^&#;,]*)/g, (whole, before: string, name: string) =>
      SECRET_PARAMETER.test(name) ? `${before}${name}=${HIDDEN}` : whole,
    )
}
