type Schema = Readonly<Record<string, unknown>>

const typeOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

/** Whether each keyword of JSON Schema holds. Those that only describe are left out; another one is a mistake. */
const keywords: Readonly<Record<string, (argument: never, value: unknown, schema: Schema, root: Schema) => boolean>> = {
  type: (names: string | readonly string[], value) =>
    [names].flat().some(name => name === typeOf(value) || (name === 'number' && typeof value === 'number')),
  const: (constant: unknown, value) => constant === value,
  enum: (values: readonly unknown[], value) => values.includes(value),
  pattern: (pattern: string, value) => typeof value !== 'string' || new RegExp(pattern, 'u').test(value),
  minimum: (least: number, value) => typeof value !== 'number' || value >= least,
  maximum: (most: number, value) => typeof value !== 'number' || value <= most,
  minItems: (least: number, value) => !Array.isArray(value) || value.length >= least,
  maxItems: (most: number, value) => !Array.isArray(value) || value.length <= most,
  items: (schema: Schema, value, _, root) => !Array.isArray(value) || value.every(item => isValid(item, schema, root)),
  required: (names: readonly string[], value) => !isObject(value) || names.every(name => Object.hasOwn(value, name)),
  properties: (schemas: Readonly<Record<string, Schema>>, value, _, root) =>
    !isObject(value) ||
    Object.entries(schemas).every(
      ([name, schema]) => !Object.hasOwn(value, name) || isValid(value[name], schema, root),
    ),
  additionalProperties: (_: false, value, {properties}) =>
    !isObject(value) || Object.keys(value).every(name => Object.hasOwn(properties as object, name)),
  anyOf: (schemas: readonly Schema[], value, _, root) => schemas.some(schema => isValid(value, schema, root)),
  allOf: (schemas: readonly Schema[], value, _, root) => schemas.every(schema => isValid(value, schema, root)),
  $ref: (name: string, value, _, root) =>
    isValid(value, (root['$defs'] as Readonly<Record<string, Schema>>)[name.replace('#/$defs/', '')]!, root),
}
const descriptions = ['$schema', 'title', 'description', '$defs']

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeOf(value) === 'object'

/**
 * Whether a value is what a JSON Schema of draft 2020-12 describes, as far as its keywords are known here.
 * @throws Error for an unknown keyword.
 */
export function isValid(value: unknown, schema: Schema, root: Schema = schema): boolean {
  return Object.entries(schema).every(([keyword, argument]) => {
    if (descriptions.includes(keyword)) return true
    const holds = keywords[keyword]
    if (!holds) throw new Error(`unknown keyword ${keyword}`)
    return holds(argument as never, value, schema, root)
  })
}
