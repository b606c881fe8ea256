const brand = Symbol.for('@ivh-kit/css-signer/CssSignerError')

/** What was wrong with the caller's input; see {@link CssSignerError.code}. */
export type CssSignerErrorCode =
  | 'missing-option'
  | 'invalid-option'
  | 'invalid-name'
  | 'invalid-expiry'
  | 'invalid-tx-time'

/**
 * Thrown when a call cannot be carried out as written: a missing key, a name CSS does not take,
 * an expiry that is no point in time. It is a mistake of the calling code, never of a URL under
 * verification, and its message contains no key and no signature.
 *
 * `instanceof` also holds between the ESM and the CJS build of this package.
 */
export class CssSignerError extends TypeError {
  override readonly name = 'CssSignerError'
  /** The kind of mistake, for programs. */
  readonly code: CssSignerErrorCode

  constructor(code: CssSignerErrorCode, message: string) {
    super(message)
    this.code = code
    Object.defineProperty(this, brand, { value: true })
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value
  }
}
