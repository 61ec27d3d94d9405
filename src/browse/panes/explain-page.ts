import {nearTopics, topicNames, topicsNamed} from '../../view/explain/find.js'
import {Page} from '../../view/explain/page.js'
import {writeTopics} from '../../view/explain/topics/topics.js'
import {InputError} from '../../wire/input-error.js'
import {didYouMean} from '../../wire/text/nearest.js'
import type {BrowserState} from '../state.js'
import {type TextPage, wholePage} from './text-page.js'

/** What a packet type, field, rule or limit means. @throws InputError for a name that nothing has. */
export function explainPage({options}: BrowserState, name: string): TextPage {
  const topics = topicsNamed(name)
  if (topics.length === 0)
    throw new InputError(`there is nothing called "${name}"`, didYouMean(name, nearTopics(name)) ?? 'Tab lists names')
  return wholePage(`Explanation of ${name}`, width => {
    const page = new Page({width, isAscii: options.isAscii, colorLevel: options.colorLevel, colors: options.colors})
    writeTopics(page, name, topics)
    return page.toString()
  })
}

/** Names that can be explained. */
export const explainedNames = topicNames

/** The name that the choice is about: of the rule or field in the tree, in the list of the rule, else of the type. */
export function nameAtHand(browser: BrowserState): string | undefined {
  const {record, focus, tree, treeRow} = browser
  if (!record) return undefined
  const row = tree[treeRow]
  const names = [row?.finding?.code, focus === 'list' ? undefined : row?.node?.name, record.window?.type.name, 'kinds']
  return names.find(name => name !== undefined && topicsNamed(name).length > 0)
}
