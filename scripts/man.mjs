import {readFileSync, writeFileSync} from 'node:fs'

// dist/toxtcp.1, the page of `man toxtcp`, from the descriptions that the help has, in oclif.manifest.json.

/** Text as roff writes it: no character of it is a command. @param {string} text */
const roff = text =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replace(/^\./, '\\&.')

/** A command line in an example. @param {string} text */
const command = text => roff(text.replaceAll('<%= config.bin %>', 'toxtcp'))

/** @typedef {{char?: string, type: string, allowNo?: boolean, helpValue?: string, description?: string}} Flag */

/** @param {string} name @param {Flag} flag */
function flagLines(name, {char, type, allowNo, helpValue, description = ''}) {
  const words = [...(char ? [`-${char}`] : []), `--${allowNo ? '[no-]' : ''}${name}`].join(', ')
  const value = type === 'option' ? ` \\fI${roff(helpValue ?? 'VALUE')}\\fR` : ''
  return ['.TP', `\\fB${roff(words)}\\fR${value}`, roff(description)]
}

/** @param {[string, any]} command */
function commandLines([id, {summary, description, args, flags, examples = []}]) {
  const words = Object.values(args).map(arg => `[\\fI${roff(arg.name.toUpperCase())}\\fR${arg.multiple ? '...' : ''}]`)
  return [
    `.SS "toxtcp ${roff(id.replaceAll(':', ' '))}"`,
    `\\fBtoxtcp ${roff(id.replaceAll(':', ' '))}\\fR [\\fIFLAGS\\fR] ${words.join(' ')}`,
    '.PP',
    roff(summary),
    ...(description ? ['.PP', roff(description)] : []),
    ...Object.entries(flags).flatMap(([name, flag]) => flagLines(name, flag)),
    ...examples.flatMap(example =>
      typeof example === 'string'
        ? ['.PP', '.nf', `    ${command(example)}`, '.fi']
        : ['.PP', `${roff(example.description)}:`, '.nf', `    ${command(example.command)}`, '.fi'],
    ),
  ]
}

/** Write the page. */
export function writeManual() {
  const {version, description} = JSON.parse(readFileSync('package.json', 'utf8'))
  const {commands} = JSON.parse(readFileSync('oclif.manifest.json', 'utf8'))
  const shown = Object.entries(commands).filter(([, {hidden}]) => !hidden)
  const lines = [
    `.TH TOXTCP 1 "" "toxtcp ${version}" "User Commands"`,
    // Commands in sentences are copied: no hyphens at line ends, no blanks that fill a line.
    '.nh',
    '.ad l',
    '.SH NAME',
    `toxtcp \\- ${roff(description)}`,
    '.SH SYNOPSIS',
    '\\fBtoxtcp\\fR \\fICOMMAND\\fR [\\fIFLAGS\\fR]',
    '.SH COMMANDS',
    ...shown.flatMap(commandLines),
    '.SH EXIT STATUS',
    ...['0', 'fine', '1', 'findings at or above \\-\\-fail\\-on, or a verdict that is not good'].reduce(pairs, []),
    ...['2', 'a mistake of the user or of the input', '3', 'a bug in toxtcp'].reduce(pairs, []),
    '.SH FILES',
    '$XDG_CONFIG_HOME/toxtcp/config.json, ~/.config/toxtcp/config.json: defaults; see toxtcp config.',
  ]
  writeFileSync('dist/toxtcp.1', `${lines.join('\n')}\n`)
}

/**
 * Each second text becomes the description of the one before.
 * @param {string[]} lines @param {string} text @param {number} at
 */
const pairs = (lines, text, at) => [...lines, ...(at % 2 === 0 ? ['.TP', `\\fB${text}\\fR`] : [text])]
