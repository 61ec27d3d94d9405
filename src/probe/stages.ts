/** The stages of a probe in order, and what each shows. */
export const stages = {
  name: 'host name resolved',
  connect: 'TCP connection',
  handshake: 'handshake answered',
  boxes: 'its box opens with the public key',
  ping: 'ping answered',
  route: 'route to an unknown key gets an id',
  own_route: 'route to itself is refused',
  own_oob: 'OOB to itself arrives',
  pair: 'two clients are connected',
  data: 'data arrives both ways',
  id_reuse: 'a freed connection id is used again',
  disconnect: 'a disconnect reaches the peer',
} as const

export type StageName = keyof typeof stages

/** Result of one stage. */
export interface StageResult {
  readonly stage: StageName
  /** `skipped`: not tried, because of an earlier stage or because there is nothing to do. */
  readonly outcome: 'ok' | 'failed' | 'skipped'
  /** Time from the request to the answer; null where nothing was timed. */
  readonly milliseconds: number | null
  /** A clause: what came, or why not. Empty: nothing to say. It may quote bytes of the relay. */
  readonly detail: string
}
