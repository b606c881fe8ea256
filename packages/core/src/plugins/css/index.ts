export { type CssStreamOptions, type CssStreamSigner, cssStream } from './css-stream'
