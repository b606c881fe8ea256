let schemas: Promise<typeof import('./schemas')> | undefined

/** Loads the schemas and zod on first use. */
export function loadSchemas(): Promise<typeof import('./schemas')> {
  schemas ??= import('./schemas')
  return schemas
}
