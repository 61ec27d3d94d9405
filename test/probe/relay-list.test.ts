import {describe, expect, it} from 'vitest'
import {parseRelays, relayAt} from '../../src/probe/relay-list.js'
import {toHex} from '../../src/wire/hex/hex-bytes.js'

const key = 'E027CC456217E9FCB5995C2E656ACC860BE19A09A284E060843F21BBB73A5D78'

const shown = (text: string) => {
  const {relays, withoutTcp} = parseRelays(text)
  return {
    relays: relays.map(({host, port, publicKey}) => `${host} ${port} ${toHex(publicKey).slice(0, 4)}`),
    withoutTcp,
  }
}

describe('a list of relays', () => {
  it('may have lines with HOST:PORT or HOST PORT, comments and blank lines', () => {
    const text = `# mine\n127.0.0.1:33445 ${key}\n\nrelay.example 443 ${key} # other\r\n[::1]:33445,${key}\n::1 3389 ${key}`
    expect(shown(text).relays).toEqual([
      '127.0.0.1 33445 e027',
      'relay.example 443 e027',
      '::1 33445 e027',
      '::1 3389 e027',
    ])
  })

  it('may be the JSON of nodes.tox.chat: each TCP port of a node is a relay, and nodes without one are counted', () => {
    const nodes = [
      {ipv4: '1.2.3.4', ipv6: '::2', port: 33445, tcp_ports: [443, 33445], public_key: key, status_tcp: true},
      {ipv4: '-', ipv6: '2001:db8::1', port: 33445, tcp_ports: [3389], public_key: key},
      {ipv4: 'tox.example', ipv6: '-', port: 33445, tcp_ports: [], public_key: key},
    ]
    expect(shown(JSON.stringify({last_scan: 1, nodes}))).toEqual({
      relays: ['1.2.3.4 443 e027', '1.2.3.4 33445 e027', '2001:db8::1 3389 e027'],
      withoutTcp: 1,
    })
  })

  it('names each relay once', () => {
    expect(shown(`a:1 ${key}\na:1 ${key.toLowerCase()}`).relays).toHaveLength(1)
  })

  it.each([
    ['a:1 00ff', 'line 1: "00ff" is not the public key of a relay, which has 64 hex digits'],
    [`\n127.0.0.1 ${key}`, 'line 2: "127.0.0.1" is not HOST:PORT: it does not end with a port number'],
    [`a:1 ${key} ${key} x`, `line 1: "a:1 ${key} ${key} x" is not a relay`.slice(0, 120)],
    ['{"nodes": 1}', 'the list of relays has no list of nodes'],
    ['{"nodes": [1]}', 'node 0 of the list is not an object'],
    ['{nodes', 'the list of relays begins like JSON and is not JSON'],
  ])('with a mistake is refused, with its place: %j', (text, message) => {
    expect(() => parseRelays(text)).toThrow(
      expect.objectContaining({message: expect.stringContaining(message.slice(0, 90))}),
    )
  })

  it('cannot name a host that ends a line or that a terminal would obey', () => {
    for (const host of ['a\nhealthy', '\u009b2Ja', 'a\u202eb'])
      expect(() => parseRelays(JSON.stringify([{host, port: 1, public_key: key}]))).toThrow(
        /^node 0: .* the host has a blank, a control character or another that no name has/s,
      )
  })
})

it('a Tox ID given in place of a public key is recognised', () => {
  expect(() => relayAt('a:1', `${key}000000000000`)).toThrow(
    expect.objectContaining({hint: expect.stringContaining('Tox ID of a person')}),
  )
})
