/** Colours that a terminal shows: none, 16, 256, 16 million. */
export type ColorLevel = 0 | 1 | 2 | 3

type Env = Readonly<Record<string, string | undefined>>

/** What a terminal can do, by what it says of itself; at least 16 colours. */
export function terminalColorLevel(env: Env): 1 | 2 | 3 {
  if (/^(truecolor|24bit)$/.test(env['COLORTERM'] ?? '')) return 3
  return /256(color)?$/.test(env['TERM'] ?? '') ? 2 : 1
}

/**
 * Colour by default: FORCE_COLOR decides, then NO_COLOR, then whether somebody looks.
 * FORCE_COLOR is a level or a word: 0 and false are off, 1 to 3 are that level, all else is on.
 */
export function defaultColorLevel(env: Env, isTerminal: boolean): ColorLevel {
  const forced = env['FORCE_COLOR']
  if (forced !== undefined) return forcedLevel(forced, env)
  if (env['NO_COLOR']) return 0
  return isTerminal && env['TERM'] !== 'dumb' ? terminalColorLevel(env) : 0
}

function forcedLevel(value: string, env: Env): ColorLevel {
  if (value === 'false' || value === '0') return 0
  if (value === '1') return 1
  if (value === '2') return 2
  return value === '3' ? 3 : terminalColorLevel(env)
}
