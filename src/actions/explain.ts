import {explain as explanationOf} from '../library/explain.js'
import type {Io} from '../terminal/io.js'
import {printJson} from '../terminal/user-output.js'
import type {PageStyle} from '../view/explain/page.js'
import {recordSchema} from '../view/explain/record-schema.js'
import {exactLines} from '../wire/advice.js'
import {InputError} from '../wire/input-error.js'

export interface ExplainOptions extends PageStyle {
  /** What to explain. undefined: list everything that can be explained. */
  readonly name?: string | undefined
  readonly json: boolean
  /** Print the JSON Schema of a record instead. */
  readonly schema: boolean
}

/**
 * `toxtcp explain`: a packet type, field, payload, rule or limit. With `json`, print one object; for a name it is
 * `{name, topics}`, as some names mean several things.
 * @returns exit code
 * @throws InputError for an unknown name, with the nearest ones.
 */
export function explain({name, json, schema, ...style}: ExplainOptions, io: Pick<Io, 'stdout' | 'data'>): number {
  if (schema) {
    if (name !== undefined)
      throw new InputError(
        `--schema is of all records, not of "${name}"`,
        exactLines('toxtcp explain --schema'),
        'bad-option',
      )
    printJson(io, recordSchema)
    return 0
  }
  const explanation = explanationOf(name)
  if (json) printJson(io, explanation.facts)
  else io.stdout(explanation.text(style))
  return 0
}
