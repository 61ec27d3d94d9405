import type {Page} from '../page.js'
import type {Topic} from './topic.js'

/** Write each topic, or one line each where several have the same kind. */
export function writeTopics(page: Page, name: string, topics: readonly Topic[]): void {
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
