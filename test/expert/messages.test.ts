import {expect, test} from 'vitest'
import {finding, messageOf} from '../../src/expert/finding.js'
import {type RuleCode, rules} from '../../src/expert/rules.js'

const of = (found: Parameters<typeof messageOf>[0]): string => messageOf(found)

test('each rule of the proxy has its sentence', () => {
  const live = [
    finding('not-intercepted', {reason: 'no key'}),
    finding('packet-changed', {count: 1}),
    finding('packet-changed', {count: 2}),
    finding('packet-dropped', {}),
    finding('packet-delayed', {milliseconds: 20}),
    finding('packet-late', {}),
    finding('packet-instead', {}),
    finding('packet-injected', {}),
    finding('packet-held', {}),
    finding('packet-edited', {}),
    finding('packet-marked', {}),
    finding('script-threw', {message: 'x is not a function'}),
    finding('bytes-not-inspected', {}),
    finding('closed-by-proxy', {why: 'it was idle'}),
  ]
  const codes = (Object.keys(rules) as RuleCode[]).filter(code => rules[code].group === 'live')
  expect([...new Set<string>(live.map(({code}) => code))].toSorted()).toEqual(codes.toSorted())
  expect(live.map(of)).toMatchInlineSnapshot(`
    [
      "not intercepted: no key",
      "changed by the proxy: one packet was sent instead",
      "changed by the proxy: 2 packets were sent instead",
      "dropped by the proxy",
      "delayed by the proxy for 20 ms",
      "sent on now, after a delay by the proxy",
      "sent by the proxy in place of another packet",
      "injected by the proxy",
      "held by hand",
      "edited by hand, and sent in place of the packet that was held",
      "marked by hand",
      "the script failed (x is not a function): passed on unchanged",
      "forwarded without inspection: the inspector could not keep up",
      "the proxy closed it: it was idle",
    ]
  `)
})

test('a sentence has another form for one than for several, and for each case', () => {
  expect(
    [
      finding('bytes-missing', {bytes: 1}),
      finding('bytes-missing', {bytes: 2}),
      finding('frames-lost', {index: 3, found: 4, lost: 1}),
      finding('frames-lost', {index: 3, found: 5, lost: 2}),
      finding('route-unanswered', {count: 1}),
      finding('route-unanswered', {count: 2}),
      finding('route-response-out-of-order', {count: 1}),
      finding('route-response-out-of-order', {count: 2}),
      finding('inner-sealed', {title: 'CookieRequest', publicKeys: '', missing: 'secret_key'}),
      finding('inner-sealed', {title: 'CookieRequest', publicKeys: '8f01…bb10', missing: 'secret_key'}),
      finding('inner-sealed', {title: 'CookieRequest', publicKeys: '8f01…bb10', missing: 'public_key'}),
      finding('inner-sealed', {title: 'CryptoData', publicKeys: '', missing: 'base_nonce'}),
      finding('segment-damaged', {packet: 3, instead: 0}),
      finding('segment-damaged', {packet: 3, instead: 5}),
      finding('bytes-conflict', {position: 12, packet: 3, used: 'first'}),
      finding('bytes-conflict', {position: 12, packet: 3, used: 'later'}),
      finding('close-ignored', {close: 'fin'}),
      finding('close-ignored', {close: 'rst'}),
      finding('handshake-fields-exchanged', {of: 'client'}),
      finding('handshake-fields-exchanged', {of: 'both'}),
      finding('packet-too-short', {title: 'IpPort', length: 6, field: 'ip_port', least: 7}),
      finding('packet-too-short', {title: 'IpPort', length: 7, field: 'ip_port', least: 7}),
      finding('inner-too-short', {title: 'FileControl', length: 3, field: 'control_type', least: 4}),
      finding('inner-too-short', {title: 'FileControl', length: 4, field: 'position', least: 4}),
    ].map(of),
  ).toMatchInlineSnapshot(`
    [
      "1 byte of the stream is missing",
      "2 bytes of the stream are missing",
      "frame 3 opens only with the nonce of frame 4: 1 before it is missing",
      "frame 3 opens only with the nonce of frame 5: 2 before it are missing",
      "a route request was never answered",
      "2 route requests were never answered",
      "an earlier request has no answer yet",
      "2 earlier requests have no answer yet",
      "no key opens the box of CookieRequest, and it names none",
      "no key opens the box of CookieRequest: a TOX_SECRET_KEY or TOX_SHARED_KEY line of 8f01…bb10 would",
      "no key opens the box of CookieRequest: the secret key of 8f01…bb10 is there, and the public key of the other half is not known; a TOX_SHARED_KEY line would open it",
      "no key opens the box of CryptoData, and the base nonces of a TOX_CRYPTO_SESSION line are not known: write them into the line, or give keys of the crypto handshakes",
      "packet 3 has a wrong TCP checksum: its bytes were damaged on the way",
      "packet 3 has a wrong TCP checksum: the bytes of packet 5 are used in its place",
      "packet 3 has other bytes for offset 12 of the stream: the first ones are used",
      "packet 3 has other bytes for offset 12 of the stream: these are used, the first ones are no frames",
      "the FIN before ended nothing: what came after it was acknowledged",
      "the RST before ended nothing: what came after it was acknowledged",
      "the nonce comes before the session key in the handshake of the client: the key comes first",
      "the nonce comes before the session key in the handshake of each end: the key comes first",
      "IpPort is 6 bytes, needs 7: cut off inside ip_port",
      "IpPort is 7 bytes: cut off inside ip_port",
      "FileControl has 3 bytes: control_type is cut off; at least 4 are needed",
      "FileControl has 4 bytes: position is cut off",
    ]
  `)
})
