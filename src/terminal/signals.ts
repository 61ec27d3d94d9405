const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** @param asked called with each signal that asks a process to end, which then does not end by itself. */
export function onSignals(asked: (signal: NodeJS.Signals) => void): void {
  for (const signal of signals) process.on(signal, asked)
}

/** End as if the signal had never been taken: at once, where an exit would first wait for every thread. */
export function dieOf(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}

/** Aborted by the first signal; a second one ends the process. */
export function stopAtSignal(): AbortSignal {
  const controller = new AbortController()
  onSignals(name => (controller.signal.aborted ? dieOf(name) : controller.abort()))
  return controller.signal
}
