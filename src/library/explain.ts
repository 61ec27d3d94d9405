import {nearTopics, topicsNamed} from '../view/explain/find.js'
import {indexFacts, writeIndex} from '../view/explain/index-page.js'
import {Page, type PageStyle} from '../view/explain/page.js'
import type {Facts} from '../view/explain/topics/topic.js'
import {writeTopics} from '../view/explain/topics/topics.js'
import {InputError} from '../wire/input-error.js'
import {didYouMean} from '../wire/text/nearest.js'
import {type OptionNames, refuseUnknownOptions} from '../wire/text/option-names.js'

/** What a name of toxtcp means, as data and as text. */
export interface Explanation {
  /** Plain data, as `toxtcp explain --json` prints it. */
  readonly facts: Facts
  /** @param style default: 80 columns, without colour. */
  text(style?: Partial<PageStyle>): string
}

const styleNames: OptionNames<PageStyle> = {width: true, isAscii: true, colorLevel: true, colors: true}

/**
 * Explain a packet type, field, payload, rule, limit or filter name. Some names mean several things: the facts are
 * `{name, topics}`.
 * @param name default: an index of everything that can be explained.
 * @throws InputError for an unknown name, with the nearest ones as its hint.
 *
 * @example
 * ```ts
 * import {explain} from 'toxtcp'
 *
 * console.log(explain('packet-too-short').text({width: 100}))
 * ```
 */
export function explain(name?: string): Explanation {
  if (name === undefined) return {facts: indexFacts(), text: style => pageText(style, writeIndex)}
  const topics = topicsNamed(name)
  if (topics.length === 0) {
    throw new InputError(
      `there is nothing called "${name}"`,
      didYouMean(name, nearTopics(name)) ?? '`toxtcp explain` lists everything that can be explained',
      'unknown-name',
    )
  }
  return {
    facts: {name, topics: topics.map(topic => topic.facts)},
    text: style => pageText(style, page => writeTopics(page, name, topics)),
  }
}

function pageText(style: Partial<PageStyle> = {}, write: (page: Page) => void): string {
  refuseUnknownOptions(style, styleNames)
  const {width = 80, isAscii = false, colorLevel = 0, colors} = style
  const page = new Page({width, isAscii, colorLevel, colors})
  write(page)
  return page.toString()
}
