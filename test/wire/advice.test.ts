import {describe, expect, it} from 'vitest'
import {
  addFlags,
  adviceOf,
  exactLines,
  hintLines,
  joinedAdvice,
  omitFlag,
  replaceWord,
  setFlag,
  withText,
} from '../../src/wire/advice.js'
import {InputError, receivedMistake, sentMistake} from '../../src/wire/input-error.js'

describe('advice', () => {
  it('has its sentence and what to change', () => {
    expect(setFlag('-n', '1')).toEqual({
      text: '-n 1',
      lines: [{exact: '-n 1'}],
      remedy: {kind: 'set', flag: '-n', value: '1'},
    })
    expect(setFlag('-n', '1', '-n 1-5').text).toBe('-n 1\n-n 1-5')
    expect(addFlags(['--force'], 'to replace it')).toEqual({
      text: 'add --force to replace it',
      lines: ['add --force to replace it'],
      remedy: {kind: 'add', words: ['--force']},
    })
    expect(addFlags(['-a', '-b']).text).toBe('add -a -b')
    expect(omitFlag('-n', 'it has one connection:')).toEqual({
      text: 'it has one connection: leave out -n',
      lines: ['it has one connection: leave out -n'],
      remedy: {kind: 'omit', flag: '-n'},
    })
    expect(replaceWord('raed', 'read')).toEqual({
      text: 'did you mean "read"?',
      lines: ['did you mean "read"?'],
      remedy: {kind: 'replace', wrong: 'raed', meant: 'read'},
    })
    expect(exactLines('04 0g', '    ^')).toEqual({text: '04 0g\n    ^', lines: [{exact: '04 0g'}, {exact: '    ^'}]})
    expect(adviceOf(['a'])).toEqual({text: 'a', lines: ['a']})
  })

  it('is joined in order, and keeps the first remedy', () => {
    const all = joinedAdvice(exactLines('a'), undefined, 'b\nc', setFlag('-n', '1'), setFlag('-n', '2'))
    expect(all.text).toBe('a\nb\nc\n-n 1\n-n 2')
    expect(all.lines).toEqual([{exact: 'a'}, 'b', 'c', {exact: '-n 1'}, {exact: '-n 2'}])
    expect(all.remedy).toEqual({kind: 'set', flag: '-n', value: '1'})
    expect(joinedAdvice('a')).toEqual({text: 'a', lines: ['a']})
  })

  it('has lines, of which a changed one stays exact if it was', () => {
    expect(hintLines(undefined)).toEqual([])
    expect(hintLines('a\nb')).toEqual(['a', 'b'])
    expect(hintLines(exactLines('a'))).toEqual([{exact: 'a'}])
    const louder = (text: string) => text.toUpperCase()
    expect(withText('a', louder)).toBe('A')
    expect(withText({exact: 'a'}, louder)).toEqual({exact: 'A'})
  })
})

describe('a mistake', () => {
  it('is one line, and has its hint as text and as data', () => {
    const error = new InputError('"a\nb\u001b" is wrong', setFlag('-n', '1'), 'bad-option')
    expect(error.message).toBe('"a\\x0ab\\x1b" is wrong')
    expect(error).toMatchObject({name: 'InputError', hint: '-n 1', advice: setFlag('-n', '1'), code: 'bad-option'})
    expect(new InputError('wrong')).toMatchObject({hint: undefined, advice: undefined, code: 'bad-input'})
    expect(new InputError('wrong', 'do this')).toMatchObject({hint: 'do this', advice: 'do this'})
  })

  it('is the same with its place, and after it was sent', () => {
    const error = new InputError('it is empty', setFlag('-n', '1'), 'bad-option')
    expect(error.at('a.pcap')).toMatchObject({message: 'a.pcap: it is empty', hint: '-n 1', code: 'bad-option'})
    const received = receivedMistake(structuredClone(sentMistake(error)))
    expect(received).toBeInstanceOf(InputError)
    expect(received).toMatchObject({message: 'it is empty', advice: setFlag('-n', '1'), code: 'bad-option'})
  })
})
