import { defineConfig } from 'vite'

const notice =
  '/*! @ivh-kit/player, MIT. Contains custom-media-element (MIT, github.com/muxinc/media-elements) and, in the FLV engine, mpegts.js (Apache-2.0, github.com/xqq/mpegts.js). */'

/**
 * Two builds. The package entry leaves its dependencies to the user's bundler; `--mode cdn` puts
 * everything into files that a `<script type="module">` can load as they are. In both, an engine
 * is a chunk of its own that is fetched when it is first needed.
 */
export default defineConfig(({ mode }) => {
  const cdn = mode === 'cdn'
  const name = cdn ? 'ivh-player' : 'index'
  return {
    build: {
      target: 'es2022',
      minify: false,
      sourcemap: !cdn,
      emptyOutDir: !cdn,
      lib: { entry: { [name]: 'src/index.ts' }, formats: ['es'] },
      rollupOptions: {
        external: cdn ? [] : ['custom-media-element', 'mpegts.js'],
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: cdn ? 'ivh-player.[name].js' : '[name].js',
          // Minify here, because Vite's own option keeps the white space of ES libraries.
          minify: cdn,
          postBanner: cdn ? notice : '',
        },
      },
    },
  }
})
