/** A word of a line of shell, with the quoted parts in it. */
const word = /(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+/g

/**
 * A line of shell as several, which can be pasted as they are: all but the last end with a backslash. Words stay whole,
 * with what is quoted in them, however long they are.
 * @param width columns of a line.
 */
export function shellLines(command: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const next of command.match(word) ?? []) {
    if (line !== '' && line.length + 1 + next.length + ' \\'.length > width) {
      lines.push(`${line} \\`)
      line = `  ${next}`
    } else line += line === '' ? next : ` ${next}`
  }
  return [...lines, line]
}
