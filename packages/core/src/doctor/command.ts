import { parseArgs } from 'node:util'
import { diagnose } from './diagnose'
import { report } from './report'

const help = `Usage: ivh doctor [options]

Looks for what keeps a client of IVH from working, and says how to mend it. It only lists sessions.
The credentials come from IVH_APP_KEY and IVH_ACCESS_TOKEN; they are never shown.

  --region <name>     international (default) or mainland
  --base-url <url>    another gateway: a private deployment or the emulator
  --project <id>      whether this project may be used
  --asset <key>       whether this avatar asset may be used
  --json              the findings as JSON
  --help              this text

Exit code: 0 when nothing stands in the way, 1 when something does, 2 when the command is wrong.`

const regions = ['international', 'mainland'] as const
const text = { type: 'string' } as const
const flag = { type: 'boolean', default: false } as const

/** The output of a command. `console` has this shape. */
export interface Output {
  log(text: string): void
  error(text: string): void
}

/**
 * Runs the command `ivh`.
 *
 * @param args The arguments of the command.
 * @returns The exit code: 0 without problems, 1 with problems, 2 for wrong arguments.
 */
export async function runCommand(args: readonly string[], output: Output): Promise<number> {
  let given: ReturnType<typeof read>
  try {
    given = read(args)
  } catch (error) {
    output.error(`${error instanceof Error ? error.message : String(error)}\n\n${help}`)
    return 2
  }
  if (given.help) {
    output.log(help)
    return 0
  }
  const diagnosis = await diagnose({
    region: given.region,
    baseUrl: given['base-url'],
    virtualmanProjectId: given.project,
    assetVirtualmanKey: given.asset,
  })
  output.log(given.json ? JSON.stringify(diagnosis, null, 2) : report(diagnosis))
  return diagnosis.healthy ? 0 : 1
}

function read(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { region: text, 'base-url': text, project: text, asset: text, json: flag, help: flag },
  })
  const command = positionals.join(' ')
  if (!values.help && command !== 'doctor') {
    throw new Error(command ? `"${command}" is not a command.` : 'Give a command: ivh doctor.')
  }
  const region = regions.find((name) => name === values.region)
  if (values.region !== undefined && !region) {
    throw new Error(`--region is "${values.region}"; it must be international or mainland.`)
  }
  return { ...values, region }
}
