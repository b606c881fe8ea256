import type { CssSignerOptions } from '@ivh-kit/css-signer'
import helmet from 'helmet'

/**
 * Security headers for the page and the broker. helmet is the library that the NestJS documentation
 * recommends; it also removes `X-Powered-By`. The page needs only itself, the stream of the play
 * domain, and the player's `blob:` address of the stream.
 */
export function securityHeaders({ playDomain, secure = true }: CssSignerOptions) {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'", `${secure ? 'https' : 'http'}://${playDomain}`],
        mediaSrc: ['blob:'],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
        requireTrustedTypesFor: ["'script'"],
        trustedTypes: ["'none'"],
      },
    },
    xFrameOptions: { action: 'deny' },
    // The demo speaks http on loopback. Behind a proxy, the proxy sets this header.
    strictTransportSecurity: false,
  })
}
