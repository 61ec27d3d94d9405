import {existsSync, readFileSync} from 'node:fs'
import {fixture} from '../actions/stats/stats-run.js'

/** Captures in which the clients and the relay are real; the clients of other captures are made by hand. */
const folders = ['bootstrapd_relay', 'relay_only', 'small', 'small_v6', 'two_clients']
const goodbyes = ['goodbye-1.pcapng', 'goodbye-2.pcapng', 'goodbye-race.pcapng', 'relaystop.pcap']

const textOf = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')

export interface CaptureOfClients {
  readonly bytes: Uint8Array
  /** Text of a key log that opens it; empty where the capture has its keys inside. */
  readonly keylog: string
}

/** Captures of real clients in normal use. */
export const capturesOfRealClients = (): CaptureOfClients[] => [
  ...folders.map(name => {
    const folder = fixture(`captures/${name}`)
    return {
      bytes: readFileSync(`${folder}/capture.pcap`),
      keylog: textOf(`${folder}/sessions.keylog`) + textOf(`${folder}/inner.keylog`),
    }
  }),
  ...goodbyes.map(name => {
    const file = fixture(`goodbyes/${name}`)
    return {bytes: readFileSync(file), keylog: textOf(file.replace(/\.\w+$/, '.keylog'))}
  }),
]
