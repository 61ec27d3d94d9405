/** Totals of a proxy run. */
export interface LiveCounts {
  connections: number
  /** Connections to Tox relays, and those of them that are intercepted. */
  tox: number
  intercepted: number
  open: number
  /** Connections turned away because the maximum number was open. */
  turnedAway: number
  /** Connections turned away, or lost, because no file descriptors were left. */
  outOfDescriptors: number
  frames: number
  /** Bytes of Tox connections, [client, relay]. */
  bytes: [number, number]
  /** Bytes that were forwarded without inspection. */
  unseen: number
}

/** Counts of a proxy that has carried nothing yet. */
export const emptyCounts = (): LiveCounts => ({
  connections: 0,
  tox: 0,
  intercepted: 0,
  open: 0,
  turnedAway: 0,
  outOfDescriptors: 0,
  frames: 0,
  bytes: [0, 0],
  unseen: 0,
})
