import type { NestExpressApplication } from '@nestjs/platform-express'

/**
 * Listens on 127.0.0.1 and returns the address.
 *
 * @throws Error that mentions `PORT` when the port is in use.
 */
export async function listen(app: NestExpressApplication, port: number): Promise<string> {
  try {
    await app.listen(port, '127.0.0.1')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new Error(
        `Port ${port} is in use. Set PORT to another one, or PORT=0 for any free one.`,
      )
    }
    throw error
  }
  const address: unknown = app.getHttpServer().address()
  const bound =
    typeof address === 'object' && address !== null && 'port' in address ? address.port : port
  return `http://127.0.0.1:${String(bound)}/`
}

/** Runs `close` once on Ctrl-C or SIGTERM, then ends the process. A second Ctrl-C ends it at once. */
export function closeOnSignal(close: () => Promise<void>): void {
  let closing = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (closing) process.exit(1)
      closing = true
      close().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`Closing failed: ${String(error)}\n`)
          process.exit(1)
        },
      )
    })
  }
}
