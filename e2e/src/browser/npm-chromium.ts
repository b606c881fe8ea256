import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const PACKAGE = '@sparticuz/chromium'
const require = createRequire(import.meta.url)

/** A browser that was unpacked from npm, and the variables it has to be started with. */
export interface NpmChromium {
  executablePath: string
  env: Record<string, string>
}

/**
 * Unpacks the Chromium that npm's `@sparticuz/chromium` carries (Linux on x86-64, no root, no
 * download) once per version, and finds out whether it needs the libraries that come with it.
 */
export async function npmChromium(): Promise<NpmChromium> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      `the one from npm runs on Linux x64 only, this is ${process.platform} ${process.arch}`,
    )
  const home = await unpacked()
  const executablePath = join(home, 'chromium')
  const fonts = { FONTCONFIG_FILE: join(home, 'fonts.conf') }
  // With the system's own libraries if it has them (libnss3 and friends), else with the bundled.
  const bundled = { ...fonts, LD_LIBRARY_PATH: join(home, 'al2023', 'lib') }
  const env = (await starts(executablePath, fonts)) ? fonts : bundled
  if (env === bundled && !(await starts(executablePath, bundled)))
    throw new Error(`the one from npm, unpacked in ${home}, does not start`)
  return { executablePath, env }
}

async function starts(executablePath: string, env: Record<string, string>): Promise<boolean> {
  return run(executablePath, ['--version'], {
    env: { ...process.env, ...env },
    timeout: 20_000,
  }).then(
    () => true,
    () => false,
  )
}

async function unpacked(): Promise<string> {
  const entry = require.resolve('@sparticuz/chromium')
  const version = await versionOf(entry)
  const cache = await writableCache()
  const home = join(cache, `chromium-${version}`)
  if (existsSync(home)) return home

  // Unpacked aside and then renamed into place: a test that looks meanwhile sees all or nothing,
  // and of two that unpack at once the second finds the place taken and uses the first's.
  const aside = await mkdtemp(join(cache, '.unpacking-'))
  try {
    // The package unpacks into the system's temporary folder, and its libraries only where it
    // believes to be on Lambda: tell it both, in a process of its own.
    const script = `import(${JSON.stringify(pathToFileURL(entry).href)}).then(async (m) => { await m.default.executablePath() })`
    await run(process.execPath, ['--input-type=module', '--eval', script], {
      env: { ...process.env, TMPDIR: aside, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
      timeout: 120_000,
    })
    await writeFile(join(aside, 'fonts.conf'), fontSettings(home))
    await rename(aside, home).catch((cause: unknown) => {
      if (!existsSync(home)) throw cause
    })
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
  return home
}

/** The system's fonts, and the package's own for a machine that has none. */
function fontSettings(home: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${join(home, 'fonts', 'fonts')}</dir>
  <cachedir>${join(home, 'fonts-cache')}</cachedir>
</fontconfig>
`
}

async function versionOf(entry: string): Promise<string> {
  for (let folder = dirname(entry); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (!existsSync(manifest)) continue
    const { name, version }: { name?: string; version?: string } = JSON.parse(
      await readFile(manifest, 'utf8'),
    )
    if (name === PACKAGE && version) return version
  }
  throw new Error(`cannot tell the version of ${PACKAGE}`)
}

/** A folder that outlives the test run; the temporary folder where the tree is read-only. */
async function writableCache(): Promise<string> {
  const room = fileURLToPath(new URL('../..', import.meta.url))
  for (const folder of [join(room, 'node_modules', '.cache'), join(tmpdir(), 'ivh-kit-e2e')]) {
    try {
      await mkdir(folder, { recursive: true })
      await rm(await mkdtemp(join(folder, '.probe-')), { recursive: true })
      return folder
    } catch {
      // Try the next one.
    }
  }
  throw new Error('no folder to unpack a browser into')
}
