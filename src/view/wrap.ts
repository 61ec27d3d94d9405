/**
 * Text in lines, broken between words; a word that is longer than a line is cut.
 * @param first columns of the first line; too few for its first word gives an empty first line.
 * @param further columns of the others, at least 1.
 */
export function wrap(text: string, first: number, further: number): string[] {
  const lines: string[] = []
  let line = ''
  let room = first
  const push = () => {
    lines.push(line)
    line = ''
    room = further
  }
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length <= room) {
      line += ` ${word}`
      continue
    }
    if (line !== '' || (lines.length === 0 && word.length > room && room < further)) push()
    let left = word
    while (left.length > room) {
      line = left.slice(0, room)
      left = left.slice(room)
      push()
    }
    line = left
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines
}
