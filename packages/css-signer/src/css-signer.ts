import { CssSignerError } from './css-signer-error'
import { type Expiry, expirySeconds } from './expiry'
import { type PlayOptions, type PlayUrls, playUrls } from './play-urls'
import { type PushUrls, pushUrlWriter } from './push-urls'
import { sign } from './signature'
import {
  type CssSignerOptions,
  checkOptions,
  type Side,
  type SideSettings,
  type SignerSettings,
} from './signer-options'
import { warningsFor } from './signer-warning'
import { checkName, checkTemplate } from './stream-name'
import type { Verification } from './verify-tx-secret'
import { type UrlRejection, verifyUrl } from './verify-url'

/** 24 h: the vendor advises 12 to 24 h, so that a dropped pusher can come back (CN 267/32720). */
const PUSH_LIFETIME = 86_400

/**
 * 2 h. The vendor advises about the length of a session (INTL 267/35598): shorter than a push,
 * because play URLs go to browsers and leak, and long enough for a talk in HLS, which stops at the
 * end of its URL.
 */
const PLAY_LIFETIME = 7_200

/** Signs and checks the URLs of one push domain and one play domain. */
export interface CssSigner {
  /**
   * Signs the push of a stream, in every push form.
   *
   * @param streamName - Letters, digits and `. _ ~ -`, at most 255.
   * @param expiry - Default: 24 hours from now.
   * @throws {@link CssSignerError} without `pushDomain` and `pushKey`, or for a malformed name or
   * expiry.
   */
  push(streamName: string, expiry?: Expiry): PushUrls
  /**
   * Signs the playback of a stream, in every pull protocol. Without a `playKey` the URLs are not
   * signed, and an expiry has no effect.
   *
   * @param streamName - Letters, digits and `. _ ~ -`, at most 255, together with the template.
   * @param options - Expiry (default: 2 hours from now), template, unsigned parameters.
   * @throws {@link CssSignerError} without `playDomain`, or for a malformed name, template or
   * expiry.
   */
  play(streamName: string, options?: PlayOptions): PlayUrls
  /**
   * Checks a push or play URL in any form that this signer emits, and `.mpd`: parameters in any
   * order, signed with the main or the backup key, by MD5 or SHA-256.
   *
   * @param url - As received, whole. For a Node request: `http://${host}${request.url}`.
   * @param options - `kind` says what the URL must be; needed only when both domains are the same.
   * @throws {@link CssSignerError} when `kind` is needed and missing. No URL makes it throw.
   */
  verify(url: string, options?: { readonly kind?: Side }): Verification<UrlRejection>
}

/**
 * Makes a signer for the URLs of Tencent CSS (Cloud Streaming Services, 云直播).
 *
 * Keys belong on a server: whoever has the push key can push to every stream of the domain.
 *
 * @throws {@link CssSignerError} for options that cannot work.
 */
export function createCssSigner(options: CssSignerOptions): CssSigner {
  const settings = checkOptions(options)
  return {
    push: pusher(settings),
    play: (streamName, playOptions = {}) => play(settings, streamName, playOptions),
    verify: (url, { kind } = {}) => verifyUrl(url, settings, kind),
  }
}

function pusher(settings: SignerSettings): CssSigner['push'] {
  const side = settings.push
  if (!side?.digest) {
    return () => {
      throw new CssSignerError(
        'missing-option',
        'push() needs pushDomain and pushKey: give both to createCssSigner().',
      )
    }
  }
  const { digest } = side
  const write = pushUrlWriter(side, settings.appName)
  return (streamName, expiry = {}) => {
    checkName('StreamName', streamName)
    const seconds = expiryOf(settings, side, streamName, expiry, PUSH_LIFETIME)
    return write(streamName, sign(settings, digest, streamName, seconds))
  }
}

function play(settings: SignerSettings, baseName: string, options: PlayOptions): PlayUrls {
  const side = settings.play
  if (!side) {
    throw new CssSignerError(
      'missing-option',
      'play() needs playDomain: give it to createCssSigner().',
    )
  }
  checkName('StreamName', baseName)
  const { template, params } = options
  const streamName = template === undefined ? baseName : withTemplate(baseName, template)
  const seconds = expiryOf(settings, side, baseName, options, PLAY_LIFETIME)
  const signature = side.digest && sign(settings, side.digest, streamName, seconds)
  return playUrls(side, settings, streamName, signature, params)
}

function withTemplate(baseName: string, template: string): string {
  checkTemplate(template)
  const streamName = `${baseName}_${template}`
  checkName('StreamName', streamName)
  return streamName
}

function expiryOf(
  { now, onWarning }: SignerSettings,
  { authDelta }: SideSettings,
  streamName: string,
  expiry: Expiry,
  defaultLifetime: number,
): number {
  const seconds = expirySeconds(expiry, now, defaultLifetime)
  if (onWarning) {
    for (const warning of warningsFor(streamName, seconds + authDelta, now() / 1000)) {
      onWarning(warning)
    }
  }
  return seconds
}
