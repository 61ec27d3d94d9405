import type {Receiver} from './rule.js'

/** Receivers in words. */
export const receiverTitles: Readonly<Record<Receiver, string>> = {
  c_toxcore_relay: 'c-toxcore relay',
  c_toxcore_client: 'c-toxcore client',
  tox_rs_relay: 'tox-rs relay',
  tox_rs_client: 'tox-rs client',
}
