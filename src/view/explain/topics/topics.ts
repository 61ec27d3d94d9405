import type {Page} from '../page.js'
import type {Topic} from './topic.js'

/**
 * Write each topic, or one line each where several have the same kind; the one that is called so itself, and not only
 * found by that name, is written before the others.
 */
export function writeTopics(page: Page, name: string, topics: readonly Topic[]): void {
  for (const [i, kind] of [...new Set(topics.map(topic => topic.kind))].entries()) {
    const same = topics.filter(topic => topic.kind === kind)
    if (i > 0) {
      page.line()
      page.line()
    }
    const own = same.length === 1 ? same[0] : same.find(topic => topic.name === name)
    own?.write(page)
    const others = same.filter(topic => topic !== own)
    if (others.length === 0) continue
    if (own) page.line()
    const count = `${others.length}${own ? ' other' : ''} ${kind.replace('_', ' ')}${others.length > 1 ? 's' : ''}`
    page.title(name, `${own ? 'also ' : ''}the name of ${count}`)
    page.items(others.map(topic => [topic.name, topic.brief]))
  }
}
