import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const packageName = '@sparticuz/chromium'
const require = createRequire(import.meta.url)

/** An unpacked browser and the environment variables that it needs. */
export interface NpmChromium {
  executablePath: string
  env: Record<string, string>
}

/**
 * Unpacks the Chromium inside the npm package `@sparticuz/chromium` (Linux on x86-64, no root, no
 * download) once per version. Uses the bundled libraries only when the system lacks them.
 */
export async function npmChromium(): Promise<NpmChromium> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `the Chromium from npm runs on Linux x64 only, this is ${process.platform} ${process.arch}`,
    )
  }
  const home = await unpacked()
  const executablePath = join(home, 'chromium')
  const fonts = { FONTCONFIG_FILE: join(home, 'fonts.conf') }
  const bundled = { ...fonts, LD_LIBRARY_PATH: join(home, 'al2023', 'lib') }
  const env = (await starts(executablePath, fonts)) ? fonts : bundled
  if (env === bundled && !(await starts(executablePath, bundled))) {
    throw new Error(`the Chromium from npm, unpacked in ${home}, does not start`)
  }
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

  // Unpacked in a folder aside and then renamed, so that another process never sees a half of it.
  // When two processes unpack at once, the second one finds the folder taken and uses it.
  const aside = await mkdtemp(join(cache, '.unpacking-'))
  try {
    // The package unpacks into the temporary folder, and its libraries only on AWS Lambda. Both are
    // environment variables, so it runs in a process of its own.
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

/** Fonts of the system and of the package, for a machine without fonts. */
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
    if (name === packageName && version) return version
  }
  throw new Error(`the version of ${packageName} is unknown`)
}

/** A folder that survives the test run; in a read-only tree the temporary folder. */
async function writableCache(): Promise<string> {
  const e2eFolder = fileURLToPath(new URL('../..', import.meta.url))
  for (const folder of [join(e2eFolder, 'node_modules', '.cache'), join(tmpdir(), 'ivh-kit-e2e')]) {
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
