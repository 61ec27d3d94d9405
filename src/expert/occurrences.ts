/** Recordings in which a rule is broken at least once. */
export interface Count {
  readonly captures: number
  readonly runs: number
}

/**
 * How many recordings break each rule; a rule that is missing was broken in none. `captures` are captures of
 * libtoxcore 0.2.18 clients in normal use, read with the keys of their sessions. `runs` are recorded connections of a
 * c-toxcore 0.2.18 client or relay that was sent packets made for the test, most of them faulty. Made from `fixtures`:
 * change it with `npx vitest run test/expert/occurrences.test.ts -u`.
 */
export const occurrences: {
  readonly captures: number
  readonly runs: number
  readonly brokenIn: ReadonlyMap<string, Count>
} = {
  captures: 9,
  runs: 155,
  brokenIn: new Map([
    ['client-handshake-box', {captures: 0, runs: 1}],
    ['relay-handshake-box', {captures: 0, runs: 1}],
    ['handshake-sealed', {captures: 4, runs: 1}],
    ['frame-with-client-handshake', {captures: 0, runs: 1}],
    ['handshake-replayed', {captures: 0, runs: 1}],
    ['client-key-again', {captures: 0, runs: 2}],
    ['client-key-confirmed-again', {captures: 0, runs: 1}],
    ['handshake-unanswered', {captures: 1, runs: 1}],
    ['frame-empty', {captures: 0, runs: 2}],
    ['frame-too-short', {captures: 0, runs: 5}],
    ['frame-too-long', {captures: 0, runs: 2}],
    ['frame-mac', {captures: 0, runs: 4}],
    ['frame-repeated', {captures: 0, runs: 1}],
    ['frame-cut-off', {captures: 0, runs: 1}],
    ['packet-too-short', {captures: 0, runs: 7}],
    ['packet-too-long', {captures: 0, runs: 4}],
    ['wrong-direction', {captures: 0, runs: 7}],
    ['reserved-id', {captures: 0, runs: 7}],
    ['route-own-key', {captures: 0, runs: 1}],
    ['route-refused', {captures: 0, runs: 2}],
    ['route-response-reserved-id', {captures: 0, runs: 2}],
    ['route-response-unasked', {captures: 0, runs: 8}],
    ['route-response-id-in-use', {captures: 0, runs: 1}],
    ['route-response-not-lowest', {captures: 0, runs: 5}],
    ['connection-id-reserved', {captures: 0, runs: 2}],
    ['connect-from-client', {captures: 0, runs: 1}],
    ['connect-from-client-reserved', {captures: 0, runs: 1}],
    ['connect-on-online-id', {captures: 0, runs: 1}],
    ['disconnect-of-free-id', {captures: 0, runs: 1}],
    ['disconnect-on-offline-id', {captures: 0, runs: 1}],
    ['data-on-free-id', {captures: 0, runs: 6}],
    ['data-from-relay-on-free-id', {captures: 0, runs: 2}],
    ['data-empty-offline', {captures: 0, runs: 1}],
    ['data-kind-unknown', {captures: 0, runs: 7}],
    ['data-kind-group', {captures: 0, runs: 2}],
    ['data-payload-length', {captures: 0, runs: 3}],
    ['data-payload-length-minor', {captures: 0, runs: 1}],
    ['crypto-data-full', {captures: 4, runs: 1}],
    ['ping-zero', {captures: 0, runs: 1}],
    ['pong-zero', {captures: 0, runs: 1}],
    ['pong-mismatch', {captures: 0, runs: 3}],
    ['pong-unasked', {captures: 0, runs: 1}],
    ['pong-repeated', {captures: 0, runs: 1}],
    ['ping-unanswered', {captures: 1, runs: 1}],
    ['first-not-ping', {captures: 0, runs: 2}],
    ['oob-too-long', {captures: 0, runs: 1}],
    ['oob-receive-empty', {captures: 0, runs: 1}],
    ['oob-kind-unknown', {captures: 0, runs: 6}],
    ['oob-payload-length', {captures: 0, runs: 7}],
    ['oob-cookie-request-key', {captures: 0, runs: 1}],
    ['oob-while-online', {captures: 2, runs: 1}],
    ['onion-request-tiny', {captures: 0, runs: 2}],
    ['onion-request-long', {captures: 0, runs: 2}],
    ['onion-family-unknown', {captures: 0, runs: 4}],
    ['onion-response-empty', {captures: 0, runs: 1}],
    ['onion-response-unknown', {captures: 0, runs: 1}],
    ['onion-response-cut-short', {captures: 0, runs: 1}],
    ['forward-request-family', {captures: 0, runs: 3}],
    ['forward-request-long', {captures: 0, runs: 1}],
    ['forward-request-tox-rs', {captures: 0, runs: 8}],
    ['forwarding-tox-rs', {captures: 0, runs: 4}],
    ['inner-too-short', {captures: 0, runs: 2}],
    ['client-left', {captures: 8, runs: 0}],
    ['guessed-by-sizes', {captures: 0, runs: 3}],
    ['inner-sealed', {captures: 0, runs: 32}],
  ]),
}
