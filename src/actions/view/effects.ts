import type {Effect} from '../../browse/event.js'
import type {InterceptionEffect} from '../../browse/interception.js'
import {writeWhole} from '../../files/secret-file.js'
import {addToHistory, readHistory, writeStateFile} from '../../files/state-files.js'
import {CaptureCopy} from '../../library/capture/capture-copy.js'
import {captureSource} from '../../library/capture/capture-input.js'
import {PartMarker} from '../../library/capture/part-marker.js'
import type {RecordStore} from '../../library/store/record-store.js'
import type {Io} from '../../terminal/io.js'
import type {BrowserAtTerminal} from '../../terminal/screen/run-browser.js'
import {InputError} from '../../wire/input-error.js'
import {NumberSet} from '../../wire/memory/number-set.js'
import {countText} from '../../wire/text/phrases.js'

/** Names of files that are kept between runs. */
const [historyFile, copiedFile] = ['filters', 'copied']

/** Characters of base64 for each byte. */
const base64Growth = 4 / 3

/** Characters that terminals take into their clipboard at once, as base64; some take less than a longer text. */
const clipboardCharacters = 74_000

/** What a view asks of the program around it. */
export type OuterEffect = Exclude<Effect, {kind: 'quit' | 'suspend' | 'redraw'}>

type WriteEffect = Extract<Effect, {kind: 'write'}>

/** What a view can do beyond its screen. */
interface Surroundings {
  readonly env: Io['env']
  /** Write packets to a new file. @returns what was written, as a sentence. @throws InputError */
  write(effect: WriteEffect): Promise<string>
  /** Do something about passing packets. @returns what was done, as a sentence. @throws InputError */
  intercept?(effect: InterceptionEffect): string | undefined
}

/** Filters of earlier runs, the latest first. */
export const filterHistory = (env: Io['env']): readonly string[] => readHistory(env, historyFile)

/** Do what a view asks for, and say in its last line what became of it. */
export function takeEffect(
  effect: OuterEffect,
  screen: BrowserAtTerminal,
  {env, write, intercept}: Surroundings,
): void {
  switch (effect.kind) {
    case 'remember':
      addToHistory(env, historyFile, effect.filter)
      break
    case 'copy':
      screen.report({kind: 'notice', text: copy(effect, screen, env), isProblem: false})
      break
    case 'write':
      void said(screen, () => write(effect))
      break
    default:
      void said(screen, async () => intercept?.(effect))
  }
}

/** Do something, and say in the last line what became of it. */
async function said(screen: BrowserAtTerminal, run: () => Promise<string | undefined>): Promise<void> {
  try {
    const text = await run()
    if (text !== undefined) screen.report({kind: 'notice', text, isProblem: false})
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    screen.report({kind: 'notice', text: error.message, isProblem: true})
  }
}

/** @returns where the text is now, as a sentence. */
function copy({text, what}: Extract<Effect, {kind: 'copy'}>, screen: BrowserAtTerminal, env: Io['env']): string {
  const isShort = Buffer.byteLength(text) * base64Growth < clipboardCharacters
  if (isShort) screen.copy(text)
  const path = writeStateFile(env, copiedFile, text)
  const places = [...(isShort ? ["to the terminal's clipboard"] : []), ...(path === undefined ? [] : [`to ${path}`])]
  return places.length === 0 ? `${what} could not be copied` : `copied ${what} ${places.join(' and ')}`
}

/** Write the capture packets of records to a new file. @returns what was written, as a sentence. @throws InputError */
export async function writePackets(
  effect: WriteEffect,
  store: RecordStore,
  files: readonly string[],
  io: Io,
): Promise<string> {
  if (files.includes('-')) throw readOnce()
  const again = files.map(file => captureSource(file, io))
  try {
    return await writeFrom(again, effect, store)
  } finally {
    for (const source of again) source.close()
  }
}

const readOnce = (): InputError =>
  new InputError('what comes from a pipe can be read only once, so its packets cannot be written')

async function writeFrom(
  again: readonly ReturnType<typeof captureSource>[],
  {path, places, hasKeys}: WriteEffect,
  store: RecordStore,
): Promise<string> {
  if (again.some(({isLive}) => isLive)) throw readOnce()
  const packets = new NumberSet()
  const marker = new PartMarker()
  const connections = new Set<number>()
  for (const place of places) {
    const record = store.record(place, false)
    const {packets: numbers, connection} = record
    marker.add(record, true)
    for (const number of numbers) packets.add(number)
    if (connection !== null) connections.add(connection)
  }
  if (packets.size === 0) throw new InputError('no packet of the capture belongs to these records')
  const keys = hasKeys ? [...connections].map(each => store.keyOf(each)).filter(key => key !== undefined) : []
  await writeWhole(path, {mode: keys.length > 0 ? 0o600 : 0o644, force: false}, file =>
    new CaptureCopy(file).write(again, {packets, keys, comments: marker.comments}),
  )
  const opened = countText(keys.length, 'connection')
  return [`wrote ${countText(packets.size, 'packet')} to ${path}, with the keys of ${opened}`, ...marker.notes].join(
    '; ',
  )
}
