import type {SessionRecord} from '../session/record.js'
import {ConsoleWriter} from '../terminal/console-writer.js'
import {hostHere, type InspectionHost} from './inspection-host.js'
import {type InspectorEvents, type InspectorSettings, startInspector} from './inspector.js'

/** Takes what is found of a proxy's connections. */
export interface Observer {
  /** The record's bytes may be overwritten once this returns. */
  record(record: SessionRecord): void
  /** A sentence for the user. */
  note(sentence: string): void
}

/** Inspects for a program instead of a terminal. @throws InputError */
export async function startObserving(
  settings: InspectorSettings,
  events: InspectorEvents,
  observer: Observer,
): Promise<InspectionHost> {
  const voice = new ConsoleWriter({
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
    end: () => 0,
  }
  return hostHere(await startInspector(settings, {output, voice, statusWidth: undefined}, events))
}
