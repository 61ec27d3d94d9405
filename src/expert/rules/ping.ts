import {rule} from '../rule.js'

export const pingRules = {
  'ping-zero': rule({
    group: 'ping',
    about: 'A ping with id 0. A c-toxcore relay answers it, a c-toxcore client does not, a tox-rs relay closes.',
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'closes', c_toxcore_client: 'discards', tox_rs_client: 'accepts'},
    source: 'c-toxcore TCP_server.c handle_tcp_ping, TCP_client.c; tox-rs handle_ping_request',
    say: () => 'ping id 0',
  }),
  'pong-zero': rule({
    group: 'ping',
    about: 'An answer with ping id 0.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'accepts'},
    source: 'c-toxcore TCP_server.c handle_tcp_pong, TCP_client.c; tox-rs handle_pong_response',
    say: () => 'ping id 0 in an answer',
  }),
  'pong-mismatch': rule<{expected: string}>({
    group: 'ping',
    about: 'An answer with another id than that of the last ping.',
    effect: {c_toxcore_relay: 'discards', tox_rs_relay: 'closes', c_toxcore_client: 'discards', tox_rs_client: 'accepts'},
    needsOrder: true,
    source: 'c-toxcore TCP_server.c handle_tcp_pong; tox-rs handle_pong_response',
    say: d => `the last ping had the id ${d.expected}`,
  }),
  'pong-unasked': rule({
    group: 'ping',
    about: 'An answer to a ping that was never sent.',
    effect: {c_toxcore_relay: 'discards', tox_rs_relay: 'closes', c_toxcore_client: 'discards', tox_rs_client: 'accepts'},
    needsOrder: true,
    source: 'c-toxcore TCP_server.c handle_tcp_pong; tox-rs handle_pong_response',
    say: () => 'the other side has sent no ping',
  }),
  'pong-repeated': rule({
    group: 'ping',
    about: 'A ping is answered once more.',
    effect: {},
    otherwise: 'chat',
    needsOrder: true,
    source: 'c-toxcore TCP_server.c handle_tcp_pong; tox-rs handle_pong_response',
    say: () => 'this ping was answered before',
  }),
  'ping-unanswered': rule<{seconds: string}>({
    group: 'ping',
    about: 'A ping had no right answer for more than 10 seconds: who sent it closes.',
    effect: {c_toxcore_relay: 'closes', tox_rs_relay: 'closes', c_toxcore_client: 'closes', tox_rs_client: 'accepts'},
    needsOrder: true,
    source: 'c-toxcore TCP_PING_TIMEOUT; tox-rs TCP_PING_TIMEOUT',
    say: d => `the ping of ${d.seconds} s before had no right answer within 10 s`,
  }),
  'first-not-ping': rule({
    group: 'ping',
    about: "The client's first packet is not a ping, as that of every c-toxcore client is.",
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'accepts'},
    source: 'c-toxcore TCP_client.c do_confirmed_tcp',
    say: () => 'a c-toxcore client begins with a ping',
  }),
}
