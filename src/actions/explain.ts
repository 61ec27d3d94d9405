import {explain as explanationOf} from '../library/explain.js'
import type {Io} from '../terminal/io.js'
import {printJson} from '../terminal/user-output.js'
import type {PageStyle} from '../view/explain/page.js'

export interface ExplainOptions extends PageStyle {
  /** What to explain. undefined: list everything that can be explained. */
  readonly name?: string | undefined
  readonly json: boolean
}

/**
 * `toxtcp explain`: a packet type, field, payload, rule or limit. With `json`, print one object; for a name it is
 * `{name, topics}`, as some names mean several things.
 * @returns exit code
 * @throws InputError for an unknown name, with the nearest ones.
 */
export function explain({name, json, ...style}: ExplainOptions, io: Pick<Io, 'stdout' | 'data'>): number {
  const explanation = explanationOf(name)
  if (json) printJson(io, explanation.facts)
  else io.stdout(explanation.text(style))
  return 0
}
