import {limits} from '../../protocol/limits.js'
import {rule} from '../rule.js'

/** Pings and their answers. */
export const pingRules = {
  'ping-zero': rule({
    group: 'ping',
    about: 'A ping with id 0. A c-toxcore relay answers it, a c-toxcore client does not, a tox-rs relay closes.',
    advice: 'Take a random ping id other than 0.',
    effect: {
      c_toxcore_relay: 'accepts',
      tox_rs_relay: 'closes',
      c_toxcore_client: 'discards',
      tox_rs_client: 'accepts',
    },
    source: 'c-toxcore TCP_server.c handle_tcp_packet, TCP_client.c handle_tcp_client_ping; tox-rs handle_ping_request',
    say: () => 'ping id 0',
  }),
  'pong-zero': rule({
    group: 'ping',
    about: 'An answer with ping id 0.',
    advice: 'Copy the id of the ping into the answer, and do not answer a ping with id 0.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'accepts'},
    source:
      'c-toxcore TCP_server.c handle_tcp_packet, TCP_client.c handle_tcp_client_pong; tox-rs handle_pong_response',
    say: () => 'ping id 0 in an answer',
  }),
  'pong-mismatch': rule<{expected: string}>({
    group: 'ping',
    on: ['pong_response'],
    about: 'An answer whose id is not the id of the last ping.',
    advice: "Copy the 8 bytes of the ping's id into the answer, and answer each ping before the next one comes.",
    effect: {
      c_toxcore_relay: 'discards',
      tox_rs_relay: 'closes',
      c_toxcore_client: 'discards',
      tox_rs_client: 'accepts',
    },
    needsOrder: true,
    source:
      'c-toxcore TCP_server.c handle_tcp_packet, TCP_client.c handle_tcp_client_pong; tox-rs handle_pong_response',
    say: d => `the last ping had the id ${d.expected}`,
  }),
  'pong-unasked': rule({
    group: 'ping',
    on: ['pong_response'],
    about: 'An answer to a ping that was never sent.',
    advice: 'Send an answer only when a ping has come.',
    effect: {
      c_toxcore_relay: 'discards',
      tox_rs_relay: 'closes',
      c_toxcore_client: 'discards',
      tox_rs_client: 'accepts',
    },
    needsOrder: true,
    source:
      'c-toxcore TCP_server.c handle_tcp_packet, TCP_client.c handle_tcp_client_pong; tox-rs handle_pong_response',
    say: () => 'the other side has sent no ping',
  }),
  'pong-repeated': rule({
    group: 'ping',
    on: ['pong_response'],
    about: 'A second answer to the same ping.',
    advice: 'Answer each ping once.',
    effect: {},
    otherwise: 'chat',
    needsOrder: true,
    source:
      'c-toxcore TCP_server.c handle_tcp_packet, TCP_client.c handle_tcp_client_pong; tox-rs handle_pong_response',
    say: () => 'this ping is already answered',
  }),
  'ping-unanswered': rule<{index: number; seconds: string}>({
    group: 'ping',
    on: ['ping_request'],
    about: `A ping had no right answer for more than ${limits.pingTimeout} seconds: its sender closes.`,
    advice: 'Answer each ping at once with its own id; if that was done, look for what blocks the connection.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'accepts'},
    needsOrder: true,
    source: 'c-toxcore TCP_common.h TCP_PING_TIMEOUT; tox-rs TCP_PING_TIMEOUT',
    say: d =>
      `the ping in frame +${d.index}, sent ${d.seconds} s before, has no right answer: ` +
      `its sender waits ${limits.pingTimeout} s`,
  }),
  'first-not-ping': rule({
    group: 'ping',
    about: "The client's first packet is not a ping; every c-toxcore client starts with one.",
    advice: 'Send a ping first if the client is to behave as c-toxcore does; relays take any valid packet.',
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'accepts'},
    source: 'c-toxcore TCP_client.c do_confirmed_tcp',
    say: () => 'a c-toxcore client starts with a ping',
  }),
}
