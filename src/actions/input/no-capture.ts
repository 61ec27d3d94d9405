import type {Io} from '../../terminal/io.js'
import {addFlags, exactLines, joinedAdvice} from '../../wire/advice.js'
import {InputError} from '../../wire/input-error.js'

/**
 * The mistake that no capture is named. Standard input is read only where `-` asks for it, as a command that hangs
 * would be the worse answer at a terminal.
 * @param command as `read`.
 * @param example another line that can be typed.
 */
export function noCapture(
  command: string,
  io: Pick<Io, 'isInputTerminal'>,
  example = `tcpdump -U -w - | toxtcp ${command} -`,
): InputError {
  const usage = `toxtcp ${command} FILE`
  const hint = io.isInputTerminal
    ? exactLines(usage, example)
    : joinedAdvice(exactLines(usage), addFlags(['-'], 'to read standard input'))
  return new InputError('no capture file is given', hint, 'bad-option')
}
