import {limits} from '../protocol/limits.js'
import {httpStep} from './prelude/http.js'
import {socks4Step, socks5Step} from './prelude/socks.js'
import type {DialogueStep} from './prelude/step.js'

/** What precedes the Tox handshake when a client reaches its relay through a proxy: all steps as one. */
export type Prelude = DialogueStep

/** Proxies in a row that are passed over, and requests that are repeated with a name and password. */
const mostSteps = 8

/**
 * A proxy's dialogue at the start of a connection. One proxy may lead to the next.
 * @param client, relay first bytes of each side.
 * @returns 'more' while it may be one; undefined if it is not one.
 */
export function preludeOf(client: Uint8Array, relay: Uint8Array): Prelude | 'more' | undefined {
  let last: Prelude | undefined
  for (let steps = 0; steps < mostSteps; steps++) {
    const [asked, answered] = last?.bytes ?? [0, 0]
    const step = nextStep(client.subarray(asked), relay.subarray(answered), last !== undefined)
    if (step === 'more') return 'more'
    if (!step) return last
    const bytes = [asked + step.bytes[0], answered + step.bytes[1]] as const
    last = {proxy: step.proxy, destination: step.destination, bytes, refusal: step.refusal}
  }
  return last
}

/** The C of CONNECT. */
const connectStart = 0x43

/** @param isNext another step came before: then the client has nothing to say, or is at its handshake. */
function nextStep(client: Uint8Array, relay: Uint8Array, isNext: boolean): DialogueStep | 'more' | undefined {
  if (client.length === 0) return isNext ? undefined : 'more'
  // After a proxy that connected, the first bytes of a handshake may look like a request, which is never as long while
  // nothing answers it.
  const isHandshake = isNext && relay.length === 0 && client.length >= limits.clientHandshake
  if (isHandshake && client[0] !== connectStart) return undefined
  if (client[0] === 5) return socks5Step(client, relay)
  if (client[0] === 4) return socks4Step(client, relay)
  return httpStep(client, relay)
}
