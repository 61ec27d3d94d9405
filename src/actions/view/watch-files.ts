import {type Stats, statSync} from 'node:fs'
import {sizeText} from '../../view/stats/quantities.js'
import {shellWord} from '../../wire/text/shell-word.js'

/** Milliseconds between two looks at the files. */
const lookEvery = 1000

/** What became of a file, and the sentence that says it. */
interface Change {
  readonly kind: 'same' | 'removed' | 'replaced' | 'grown' | 'cut'
  readonly text: string
}

const same: Change = {kind: 'same', text: ''}

/** A file's state; undefined: no file has this name. */
function stateOf(file: string): Stats | undefined {
  return statSync(file, {throwIfNoEntry: false})
}

function changeOf(file: string, before: Stats, now: Stats | undefined): Change {
  if (!now) return {kind: 'removed', text: `${file} was removed; what was read of it is still shown`}
  if (now.ino !== before.ino || now.dev !== before.dev)
    return {kind: 'replaced', text: `${file} was replaced by another file; the one that was opened is still shown`}
  if (now.size < before.size)
    return {kind: 'cut', text: `${file} was cut to ${sizeText(now.size)}; records after that have no bytes any more`}
  if (now.size === before.size) return same
  const more = sizeText(now.size - before.size)
  return {kind: 'grown', text: `${file} has grown by ${more}; toxtcp view ${shellWord(file)} shows the rest`}
}

/**
 * Say once what happens to the files of a capture after they were read.
 * @param files names of files; pipes and other special files are not watched.
 * @returns ends the watch.
 */
export function watchFiles(files: readonly string[], say: (sentence: string) => void): () => void {
  const watched = files.flatMap(file => {
    const before = file === '-' ? undefined : stateOf(file)
    return before?.isFile() ? [{file, before, last: same}] : []
  })
  const look = () => {
    for (const each of watched) {
      const change = changeOf(each.file, each.before, stateOf(each.file))
      if (change.kind !== each.last.kind && change.kind !== 'same') say(change.text)
      each.last = change
    }
  }
  const timer = setInterval(look, lookEvery)
  return () => clearInterval(timer)
}
