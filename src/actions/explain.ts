import {didYouMean} from '../filter/filter-error.js'
import type {Io} from '../terminal/io.js'
import {printJson} from '../terminal/user-output.js'
import {nearTopics, topicsNamed} from '../view/explain/find.js'
import {indexFacts, writeIndex} from '../view/explain/index-page.js'
import {Page, type PageStyle} from '../view/explain/page.js'
import {recordSchema} from '../view/explain/record-schema.js'
import type {Topic} from '../view/explain/topic.js'
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
      throw new InputError(`--schema is of all records, not of "${name}"`, 'toxtcp explain --schema', 'bad-option')
    printJson(io, recordSchema)
    return 0
  }
  if (name === undefined) {
    if (json) printJson(io, indexFacts())
    else io.stdout(pageOf(style, writeIndex))
    return 0
  }
  const topics = topicsNamed(name)
  if (topics.length === 0) {
    throw new InputError(
      `there is nothing called "${name}"`,
      didYouMean(nearTopics(name)) ?? '`toxtcp explain` lists everything that can be explained',
      'unknown-name',
    )
  }
  if (json) printJson(io, {name, topics: topics.map(topic => topic.facts)})
  else io.stdout(pageOf(style, page => writeTopics(page, name, topics)))
  return 0
}

function pageOf(style: PageStyle, write: (page: Page) => void): string {
  const page = new Page(style)
  write(page)
  return page.toString()
}

/** Write each topic, or one line each where several have the same kind. */
function writeTopics(page: Page, name: string, topics: readonly Topic[]): void {
  for (const [i, kind] of [...new Set(topics.map(topic => topic.kind))].entries()) {
    const same = topics.filter(topic => topic.kind === kind)
    if (i > 0) {
      page.line()
      page.line()
    }
    if (same.length === 1) same[0]!.write(page)
    else {
      page.title(name, `the name of ${same.length} ${kind.replace('_', ' ')}s`)
      page.items(same.map(topic => [topic.name, topic.brief]))
    }
  }
}
