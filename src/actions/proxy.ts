import {startInspection} from '../live/inspection-host.js'
import type {InspectorSettings, PrintingSettings} from '../live/inspector.js'
import {RunningProxy} from '../live/running-proxy.js'
import {ScriptFailures} from '../live/script-failures.js'
import type {ProxyOptions} from '../live/settings.js'
import type {Io} from '../terminal/io.js'
import {printOptions} from '../terminal/options/print-options.js'
import {dieOf, onSignals} from '../terminal/signals.js'

/** `toxtcp proxy`: serve until a signal arrives. @returns the exit status. @throws InputError */
export async function proxy(options: ProxyOptions, io: Io): Promise<number> {
  const printing = printingSettings(options, io)
  const failures = scriptFailures(options)
  const running = await RunningProxy.start(options, (settings, events) =>
    startInspection({...settings, ...printing}, io, options.ownsProcess === true, events),
  )
  failures.noteTo(running.host)
  await untilAsked(options, running)
  return running.stop()
}

/** What a script throws outside of its hook, caught from before it is loaded. */
export function scriptFailures({script, ownsProcess}: ProxyOptions): ScriptFailures {
  const failures = new ScriptFailures()
  if (script !== undefined && ownsProcess) failures.catch()
  return failures
}

/** Resolves at the first signal, or once no more output is wanted. */
export async function untilAsked({stop: signal, ownsProcess}: ProxyOptions, {enough}: RunningProxy): Promise<void> {
  if (signal?.aborted) return
  const asked = new Promise<void>(resolve => {
    signal?.addEventListener('abort', () => resolve(), {once: true})
    let signals = 0
    // The signals stay taken: while connections end, a second one ends the process.
    if (ownsProcess) onSignals(name => (signals++ === 0 ? resolve() : dieOf(name)))
  })
  return Promise.race([asked, enough])
}

export function printingSettings(
  {print, filter, count, failOn, quiet, status}: ProxyOptions,
  io: Io,
): Omit<PrintingSettings, keyof InspectorSettings> {
  return {
    print: printOptions(print, io, 'list', true),
    output: {filter, count, failOn, quiet},
    showsStatus: status && io.isErrorTerminal,
  }
}
