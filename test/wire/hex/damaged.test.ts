import {expect, test} from 'vitest'
import {addToList} from '../../../src/wire/memory/lists.js'
import {logPastedForms} from './forms/log-pasted-forms.js'
import {morePastedForms} from './forms/more-pasted-forms.js'
import {pastedForms} from './forms/pasted-forms.js'
import {prosePastedForms} from './forms/prose-pasted-forms.js'
import {quotedPastedForms} from './forms/quoted-pasted-forms.js'
import {rarePastedForms} from './forms/rare-pasted-forms.js'
import {severalPastedForms, twofoldPastedForms} from './forms/several-pasted-forms.js'
import {toolPastedForms} from './forms/tool-pasted-forms.js'
import {outcome} from './outcome.js'

const forms: readonly (readonly [origin: string, text: string, ...rest: unknown[]])[] = [
  ...pastedForms,
  ...morePastedForms,
  ...quotedPastedForms,
  ...rarePastedForms,
  ...prosePastedForms,
  ...toolPastedForms,
  ...logPastedForms,
  ...severalPastedForms,
  ...twofoldPastedForms,
]

const changed = (text: string, at: number, to: string): string => text.slice(0, at) + to + text.slice(at + 1)

const damages: Readonly<Record<string, (text: string) => string>> = {
  'without the first character': text => text.slice(1),
  'without the last': text => text.slice(0, -1),
  'without one in the middle': text => changed(text, text.length >> 1, ''),
  'with a slip near the end': text => changed(text, text.length - 2, 'z'),
  twice: text => `${text}\n${text}`,
  'after a word': text => `sent: ${text}`,
  'before a word': text => `${text} ok`,
  'below a line': text => `the packet\n${text}`,
  'above a line': text => `${text}\nthe end`,
  indented: text => text.replace(/^/gm, '    '),
}

/** A form, and what is read of it after each damage: equal outcomes in one line, and none where it is as before. */
function reportOf(origin: string, text: string): string[] {
  const whole = outcome(text)
  const names = new Map<string, string[]>()
  for (const [name, damage] of Object.entries(damages)) addToList(names, outcome(damage(text)), name)
  names.delete(whole)
  return [origin, ...[...names].map(([found, of]) => `  ${of.join(', ')}: ${found}`)]
}

test('a form that is damaged, repeated or among words is read as before, or otherwise, or refused', async () => {
  const lines = forms.flatMap(([origin, text]) => reportOf(origin, text))
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../../golden/pasted-damaged.txt')
})
