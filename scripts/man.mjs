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

/**
 * @typedef {{char?: string, type: string, allowNo?: boolean, multiple?: boolean, helpValue?: string,
 *   description?: string}} Flag
 */

/** @param {string} name @param {Flag} flag */
function flagLines(name, {char, type, allowNo, multiple, helpValue, description = ''}) {
  const words = [...(char ? [`-${char}`] : []), `--${allowNo ? '[no-]' : ''}${name}`].join(', ')
  const value = type === 'option' ? ` \\fI${roff(helpValue ?? 'VALUE')}\\fR${multiple ? '...' : ''}` : ''
  return ['.TP', `\\fB${roff(words)}\\fR${value}`, roff(description)]
}

/** What to type, as the help has it. @param {string} name @param {any} command @returns {string[]} */
function usages(name, {usage, args, flags}) {
  if (usage) return [usage].flat()
  const words = Object.values(args).map(arg => {
    const word = `${arg.name.toUpperCase()}${arg.multiple ? '...' : ''}`
    return arg.required ? word : `[${word}]`
  })
  return [[name, ...words, ...(Object.keys(flags).length > 0 ? ['[FLAGS]'] : [])].join(' ')]
}

/** @param {[string, any]} command */
function commandLines([id, {summary, description, args, flags, usage, examples = []}]) {
  const name = id.replaceAll(':', ' ')
  return [
    `.SS "toxtcp ${roff(name)}"`,
    ...usages(name, {usage, args, flags}).flatMap((line, at) => [
      ...(at > 0 ? ['.br'] : []),
      command(`toxtcp ${line}`),
    ]),
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

/** Variables that are read, and what each does. */
const environment = [
  ...['TOXTCP_KEYLOG', 'a key log for every command that takes --keylog, and the file that keys log writes'],
  ...['TOXTCP_PASSPHRASE', 'the passphrase of an encrypted .tox save'],
  ...['TOXTCP_CONFIG', 'the file of defaults; empty: none'],
  ...['NO_COLOR, FORCE_COLOR', 'without colours, or with them wherever the output goes'],
  ...['PAGER, LESS', 'the pager of long output (default less), and its options; PAGER=cat: none'],
  ...['COLUMNS', 'without a terminal: the width that output is fitted into'],
  ...['TZ', 'the time zone of times of day and dates'],
  ...['LC_ALL, LC_CTYPE, LANG', 'without UTF-8, output is drawn in ASCII'],
]

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
    '.SH ENVIRONMENT',
    ...environment.map(roff).reduce(pairs, []),
    '.SH FILES',
    '$XDG_CONFIG_HOME/toxtcp/config.json, ~/.config/toxtcp/config.json: defaults; see toxtcp config.',
    '.PP',
    '$XDG_CONFIG_HOME/toxtcp/relay.key, ~/.config/toxtcp/relay.key: the key of toxtcp relay, made on first use.',
    '.SH SEE ALSO',
    'tcpdump(1), tshark(1), editcap(1), less(1)',
  ]
  writeFileSync('dist/toxtcp.1', `${lines.join('\n')}\n`)
}

/**
 * Each second text becomes the description of the one before.
 * @param {string[]} lines @param {string} text @param {number} at
 */
const pairs = (lines, text, at) => [...lines, ...(at % 2 === 0 ? ['.TP', `\\fB${text}\\fR`] : [text])]
