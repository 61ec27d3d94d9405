import {limits} from '../../protocol/limits.js'
import {rule} from '../rule.js'

const firstId = limits.firstConnectionId

/** Requests for routes to peers, and their answers. */
export const routeRules = {
  'route-own-key': rule({
    group: 'route',
    on: ['route_request'],
    about: 'The client asks for a route to its own key. Every relay refuses it.',
    advice: 'Ask only for keys of other clients.',
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'accepts'},
    source: 'c-toxcore TCP_server.c handle_tcp_routing_req; tox-rs handle_route_request',
    say: () => 'the client asks for its own key: the answer must be id 0',
  }),
  'route-table-full': rule({
    group: 'route',
    on: ['route_request'],
    about: `The client asks for a route while all of its ${limits.connectionIds} ids are in use.`,
    advice:
      'Give up ids that you do not need, with disconnect notifications, before you ask for more, or use another relay.',
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'accepts'},
    needsOrder: true,
    source: 'c-toxcore TCP_server.c handle_tcp_routing_req',
    say: () => `all ${limits.connectionIds} connection ids are in use: the answer must be id 0`,
  }),
  'route-refused': rule({
    group: 'route',
    about: 'The relay refused a route: own key, or table full. A c-toxcore client ignores it, a tox-rs client closes.',
    advice: 'Do not ask for your own key, and give up ids that you do not need before you ask again.',
    effect: {c_toxcore_client: 'discards', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_client.c handle_tcp_client_routing_response; tox-rs InvalidConnectionId',
    say: () => 'the relay refused the route',
  }),
  'route-refused-without-reason': rule({
    group: 'route',
    on: ['route_response'],
    about:
      "The relay refused a route although the key is not the client's own and an id was free: no relay has another " +
      'reason to refuse.',
    advice: "Refuse only the client's own key, and any key while no id is free; answer other requests with a free id.",
    effect: {c_toxcore_client: 'discards', tox_rs_client: 'closes'},
    needsOrder: true,
    source:
      'c-toxcore TCP_server.c handle_tcp_routing_req, TCP_client.c handle_tcp_client_routing_response; ' +
      'tox-rs handle_route_request, InvalidConnectionId',
    say: () => "the key is not the client's own, and a connection id was free",
  }),
  'route-own-key-given': rule<{id: number}>({
    group: 'route',
    on: ['route_response'],
    about: 'The relay gives an id to the own key of the client. Relays refuse it.',
    advice: "Answer a request for the client's own key with id 0.",
    effect: {c_toxcore_client: 'accepts', tox_rs_client: 'accepts'},
    source: 'c-toxcore TCP_server.c handle_tcp_routing_req; tox-rs handle_route_request',
    say: d => `connection id ${d.id} given to the client's own key, which relays refuse`,
  }),
  'route-response-reserved-id': rule<{id: number}>({
    group: 'route',
    about: `A route is answered with a reserved id, 1 to ${firstId - 1}.`,
    advice: `Answer with an id from ${firstId} on, or with 0 to refuse.`,
    effect: {c_toxcore_client: 'discards', tox_rs_client: 'closes'},
    source: 'c-toxcore TCP_client.c handle_tcp_client_routing_response; tox-rs ConnectionId',
    say: d => `connection id ${d.id} is reserved`,
  }),
  'route-response-unasked': rule({
    group: 'route',
    on: ['route_response'],
    about: 'The relay answers a route request that the client did not send.',
    advice: 'Send one route response for each route request, and none without a request.',
    effect: {c_toxcore_client: 'accepts', tox_rs_client: 'closes'},
    needsOrder: true,
    source: 'tox-rs UnexpectedRouteResponse',
    say: () => 'the client has not asked for this key',
  }),
  'route-response-id-in-use': rule<{id: number}>({
    group: 'route',
    on: ['route_response'],
    about: 'A route is answered with an id that belongs to another key.',
    advice: 'Keep an id for its key until the client gives the id up, and only then give it to another key.',
    effect: {c_toxcore_client: 'discards', tox_rs_client: 'closes'},
    needsOrder: true,
    source: 'c-toxcore TCP_client.c handle_tcp_client_routing_response; tox-rs AlreadyLinked',
    say: d => `connection id ${d.id} belongs to another key`,
  }),
  'route-response-repeated': rule<{id: number}>({
    group: 'route',
    on: ['route_response'],
    about: 'A second answer for a route that exists: the client asked for the key twice.',
    advice: 'Ask for each key once, and again only after you have given its id up.',
    effect: {c_toxcore_client: 'discards', tox_rs_client: 'closes'},
    needsOrder: true,
    source: 'c-toxcore TCP_client.c handle_tcp_client_routing_response; tox-rs AlreadyLinked',
    say: d => `connection id ${d.id} already belongs to this key`,
  }),
  'route-response-id-changed': rule<{before: number; id: number}>({
    group: 'route',
    on: ['route_response'],
    about:
      'The relay gives another id to a key that already has one. Relays should give the same id again. ' +
      'A c-toxcore client keeps the first id and ignores what comes on the other; a tox-rs client closes.',
    advice: 'Answer with the id that the key already has until the client gives it up.',
    effect: {c_toxcore_client: 'discards', tox_rs_client: 'closes'},
    needsOrder: true,
    source:
      'c-toxcore TCP_server.c handle_tcp_routing_req, TCP_client.c handle_tcp_client_routing_response; ' +
      'tox-rs insert_by_id',
    say: d => `this key already has id ${d.before}, the relay now gives ${d.id}`,
  }),
  'route-response-out-of-order': rule<{count: number}>({
    group: 'route',
    on: ['route_response'],
    about: 'Routes are answered in another order than they were asked for. Relays answer each at once.',
    advice: 'Answer each route request at once, before you read the next packet.',
    effect: {c_toxcore_client: 'accepts', tox_rs_client: 'accepts'},
    needsOrder: true,
    source: 'c-toxcore TCP_server.c handle_tcp_routing_req; tox-rs handle_route_request',
    say: d =>
      d.count === 1 ? 'an earlier request has no answer yet' : `${d.count} earlier requests have no answer yet`,
  }),
  'route-response-not-lowest': rule<{id: number; lowest: number}>({
    group: 'route',
    on: ['route_response'],
    about: 'A route is answered with an id that is not the lowest free one.',
    advice: 'Give the lowest free id, as other relays do, and check that ids which a client gave up become free.',
    effect: {c_toxcore_client: 'accepts', tox_rs_client: 'accepts'},
    needsOrder: true,
    source: 'c-toxcore TCP_server.c handle_tcp_routing_req; tox-rs Links',
    say: d => `connection id ${d.id} given although ${d.lowest} is free`,
  }),
  'route-unanswered': rule<{count: number}>({
    group: 'route',
    on: ['route_request'],
    about: 'A connection ends with unanswered route requests although later packets came.',
    advice: 'Answer each route request at once, with id 0 to refuse it.',
    effect: {c_toxcore_relay: 'accepts', tox_rs_relay: 'accepts'},
    needsOrder: true,
    source: 'c-toxcore TCP_server.c handle_tcp_routing_req; tox-rs handle_route_request',
    say: d => (d.count === 1 ? 'a route request was never answered' : `${d.count} route requests were never answered`),
  }),
}
