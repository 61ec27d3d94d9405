import {capabilitiesText, msiMessage, pausedCall} from '../../protocol/messenger/call.js'
import {packetFields} from '../../protocol/table.js'
import {peers} from '../../session/conversation/limits.js'
import type {Spoken} from '../../session/conversation/spoken.js'
import {BoundedMap} from '../../session/inner/bounded-map.js'

/** A call between two peers, as far as it was seen. */
interface Call {
  /** undefined: its beginning was not seen. */
  readonly caller: string | null | undefined
  isAnswered: boolean
  /** What each peer said last that it sends and receives. */
  readonly capabilities: Map<string | null, number>
  /** Peers and kinds of media of which a frame was seen. */
  readonly media: Set<string>
  /** Peers and the errors with which they ended it. */
  readonly errors: Set<string>
}

/** Calls, in words: who calls whom, what changes, when sound and pictures begin, how they end. */
export class Calls {
  readonly #calls = new BoundedMap<string, Call>(peers)

  take(spoken: Spoken): string | undefined {
    const {sender, receiver, packet} = spoken
    const pair = [sender, receiver].map(String).sort().join(' ')
    const msi = packetFields(packet, 'msi')
    if (!msi) return this.#media(this.#callOf(pair), spoken)
    const {request, error, capabilities = pausedCall} = msiMessage(msi)
    if (request === 'init') {
      this.#calls.set(pair, newCall(sender))
      return `calls: ${capabilitiesText(capabilities)}`
    }
    const call = this.#callOf(pair)
    if (request === 'push') return pushWords(call, sender, capabilities)
    if (request !== 'pop') return undefined
    // Frames that are on their way still arrive: their kinds are not new.
    const {media, errors} = call
    this.#calls.set(pair, {...newCall(undefined), media, errors})
    if (error !== undefined) {
      // c-toxcore answers an error about a call that it does not have with another one, and so without end.
      if (errors.has(`${sender} ${error}`)) return undefined
      errors.add(`${sender} ${error}`)
      return `ends the call: ${error}`
    }
    return call.isAnswered || call.caller === undefined
      ? 'ends the call'
      : call.caller === sender
        ? 'takes the call back'
        : 'refuses the call'
  }

  #callOf(pair: string): Call {
    const call = this.#calls.get(pair) ?? newCall(undefined)
    this.#calls.set(pair, call)
    return call
  }

  /** The first frame of each kind. */
  #media({media}: Call, {sender, packet}: Spoken): string | undefined {
    const kind = `${sender} ${packet.type.name}`
    if (media.has(kind)) return undefined
    media.add(kind)
    return packet.type.name === 'audio_frame' ? 'begins to send sound' : 'begins to send pictures'
  }
}

const newCall = (caller: string | null | undefined): Call => ({
  caller,
  isAnswered: false,
  capabilities: new Map(),
  media: new Set(),
  errors: new Set(),
})

function pushWords(call: Call, sender: string | null, capabilities: number): string | undefined {
  const before = call.capabilities.get(sender)
  call.capabilities.set(sender, capabilities)
  if (!call.isAnswered && call.caller !== undefined && call.caller !== sender) {
    call.isAnswered = true
    return `takes the call: ${capabilitiesText(capabilities)}`
  }
  if (capabilities === before) return undefined
  if (capabilities === pausedCall) return 'pauses the call'
  return `${before === pausedCall ? 'goes on with' : 'changes'} the call: ${capabilitiesText(capabilities)}`
}
