import type {SessionRecord} from '../session/record.js'
import {ConsoleWriter} from '../terminal/console-writer.js'
import {hostHere, type InspectionHost} from './inspection-host.js'
import {type InspectorEvents, type InspectorSettings, startInspector} from './inspector.js'

/** Receives the records of a proxy's connections. */
export interface Observer {
  /** Called with each record. Its bytes may be overwritten after this returns. */
  record(record: SessionRecord): void
  /** A sentence for the user. */
  note(sentence: string): void
  /** Receives the names of `.tox` saves, by public key in hex, before the first record. */
  readonly savedNames?: Map<string, string>
}

/** Start an inspection for a program instead of a terminal. @throws InputError */
export async function startObserving(
  settings: InspectorSettings,
  events: InspectorEvents,
  observer: Observer,
): Promise<InspectionHost> {
  const writer = new ConsoleWriter({
    stdout: () => true,
    data: () => true,
    note: sentence => observer.note(sentence),
    status: () => {},
  })
  const output = {
    take(record: SessionRecord) {
      observer.record(record)
      return true
    },
    skip: () => undefined,
    printed: () => 0,
    whyNothing: () => undefined,
    end: () => 0,
  }
  const {savedNames} = observer
  const to = {output, writer, showsStatus: false, ...(savedNames && {savedNames})}
  return hostHere(await startInspector(settings, to, events))
}
