import type {CallCommand, CallEvent} from './av.js'

/** A node to join through: as TCP relay, as DHT bootstrap node, or both. `host` is an address. */
export interface Node {
  readonly host: string
  readonly port: number
  /** DHT public key, hex. */
  readonly key: string
  readonly relay?: boolean
  readonly bootstrap?: boolean
}

/** How a client process is made. UDP and IPv6 are off unless asked for; local discovery is always off. */
export interface Setup {
  readonly udp?: boolean
  readonly ipv6?: boolean
  /** Serve as a TCP relay on this port, with the DHT key. */
  readonly tcpPort?: number
  readonly proxy?: {readonly type: 'http' | 'socks5'; readonly host: string; readonly port: number}
  /** 32 bytes, hex: keeps the client's public key over a restart. Drawn anew if absent. */
  readonly secretKey?: string
  readonly nodes?: readonly Node[]
  /** Take and make calls. */
  readonly calls?: boolean
  /** Byte to ask for before an offered file is accepted. */
  readonly seekTo?: number
}

/**
 * One line on the client process's stdin. `befriend` with 38 bytes sends a request, with a 32-byte key only listens.
 */
export type Command =
  | {readonly do: 'befriend'; readonly address: string}
  | {readonly do: 'message'; readonly friend: number; readonly text: string; readonly isAction?: boolean}
  | {readonly do: 'name' | 'status_message'; readonly text: string}
  | {readonly do: 'status'; readonly status: number}
  | {readonly do: 'typing'; readonly friend: number; readonly isTyping: boolean}
  | {readonly do: 'file'; readonly friend: number; readonly size: number}
  /** A custom packet: its id and its data, hex. */
  | {readonly do: 'custom'; readonly friend: number; readonly data: string; readonly isLossy?: boolean}
  /** Begin a conference and invite a friend, who accepts every invitation. */
  | {readonly do: 'conference'; readonly friend: number}
  /** Invite a friend to the first conference, and say something there. */
  | {readonly do: 'invite'; readonly friend: number}
  | {readonly do: 'say'; readonly text: string}
  | ({readonly do: 'join'} & Node)
  | CallCommand

/** One line on its stdout. `error` is libtoxcore's enum value, 0 for success. */
export type Event =
  | {readonly event: 'ready'; readonly address: string; readonly dhtKey: string; readonly udpPort: number}
  | {readonly event: 'self'; readonly online: boolean}
  | {readonly event: 'request'; readonly key: string}
  | {readonly event: 'befriended'; readonly friend: number; readonly error: number}
  | {readonly event: 'friend'; readonly friend: number; readonly online: boolean}
  | {readonly event: 'message'; readonly friend: number; readonly text: string}
  | {readonly event: 'action'; readonly friend: number; readonly text: string}
  | {readonly event: 'name'; readonly friend: number; readonly text: string}
  | {readonly event: 'status_message'; readonly friend: number; readonly text: string}
  | {readonly event: 'status'; readonly friend: number; readonly status: number}
  | {readonly event: 'typing'; readonly friend: number; readonly isTyping: boolean}
  | {readonly event: 'sent'; readonly error: number}
  | {readonly event: 'offered'; readonly sha256: string; readonly error: number}
  | {readonly event: 'offer'; readonly friend: number; readonly file: number; readonly name: string}
  | {readonly event: 'control'; readonly friend: number; readonly file: number; readonly control: number}
  /** Id and data of a custom packet, hex. */
  | {readonly event: 'custom'; readonly friend: number; readonly data: string}
  | {readonly event: 'invite'; readonly friend: number; readonly error: number}
  | {readonly event: 'joined'}
  | {readonly event: 'conference_message'; readonly text: string}
  | {readonly event: 'conference_title' | 'member_name'; readonly text: string}
  | {readonly event: 'file'; readonly friend: number; readonly size: number; readonly sha256: string}
  | CallEvent

export type EventOf<K extends Event['event']> = Extract<Event, {readonly event: K}>
