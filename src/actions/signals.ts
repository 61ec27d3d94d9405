const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Take the signals that ask a process to end over from whoever has them.
 * @param asked called with each.
 * @returns gives them back.
 */
export function onSignals(asked: (signal: NodeJS.Signals) => void): () => void {
  const before = signals.map(signal => [signal, process.listeners(signal)] as const)
  for (const signal of signals) process.removeAllListeners(signal).on(signal, asked)
  return () => {
    for (const [signal, listeners] of before) {
      process.off(signal, asked)
      for (const listener of listeners) process.on(signal, listener)
    }
  }
}
