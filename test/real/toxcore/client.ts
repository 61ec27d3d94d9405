/**
 * A Tox client as a process: libtoxcore driven by JSON lines. The first argument is a JSON {@link Setup}; commands come
 * on stdin, {@link Event}s go to stdout; end of stdin ends it.
 */
import {createHash, type Hash, randomBytes} from 'node:crypto'
import {createInterface} from 'node:readline'
import {startCalls} from './av.js'
import {bytesAt, type CallbackName, callback, loadToxcore, type Pointer} from './library.js'
import type {Command, Event, Node, Setup} from './messages.js'

const proxyTypes = {http: 1, socks5: 2}
const savedataIsSecretKey = 2
/** TOX_MESSAGE_TYPE_ACTION. */
const actionType = 1
const tox = loadToxcore()
const setup = JSON.parse(process.argv[2] ?? '{}') as Setup
const say = (event: Event) => process.stdout.write(`${JSON.stringify(event)}\n`)
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

const create = (): Pointer => {
  const options = tox.optionsNew(null)
  const proxyHost = Buffer.from(`${setup.proxy?.host ?? ''}\0`)
  tox.setUdp(options, setup.udp ?? false)
  tox.setIpv6(options, setup.ipv6 ?? false)
  tox.setLocalDiscovery(options, false)
  if (setup.tcpPort !== undefined) tox.setTcpPort(options, setup.tcpPort)
  if (setup.proxy) {
    tox.setProxyType(options, proxyTypes[setup.proxy.type])
    tox.setProxyHost(options, proxyHost)
    tox.setProxyPort(options, setup.proxy.port)
  }
  const secretKey = Buffer.from(setup.secretKey ?? '', 'hex')
  if (secretKey.length > 0) {
    tox.setSavedataType(options, savedataIsSecretKey)
    tox.setSavedataData(options, secretKey, secretKey.length)
  }
  const error: [number] = [0]
  const self = tox.toxNew(options, error)
  tox.optionsFree(options)
  if (error[0] !== 0) throw new Error(`tox_new failed with error ${error[0]}`)
  return self
}

const self = create()
const outgoing = new Map<string, Uint8Array>()
const incoming = new Map<string, {hash: Hash; size: number; received: number}>()
const on = (name: CallbackName, run: (...args: never[]) => void) => tox[name](self, callback(name, run))

on('onSelfStatus', (_tox: Pointer, status: number) => say({event: 'self', online: status !== 0}))
on('onFriendStatus', (_tox: Pointer, friend: number, status: number) =>
  say({event: 'friend', friend, online: status !== 0}),
)
const textAt = (text: Pointer, length: number) => Buffer.from(bytesAt(text, length)).toString()
on('onMessage', (_tox: Pointer, friend: number, type: number, text: Pointer, length: number) =>
  say({event: type === actionType ? 'action' : 'message', friend, text: textAt(text, length)}),
)
on('onFriendName', (_tox: Pointer, friend: number, text: Pointer, length: number) =>
  say({event: 'name', friend, text: textAt(text, length)}),
)
on('onFriendStatusMessage', (_tox: Pointer, friend: number, text: Pointer, length: number) =>
  say({event: 'status_message', friend, text: textAt(text, length)}),
)
on('onFriendUserStatus', (_tox: Pointer, friend: number, status: number) => say({event: 'status', friend, status}))
on('onFriendTyping', (_tox: Pointer, friend: number, isTyping: boolean) => say({event: 'typing', friend, isTyping}))
on('onFriendRequest', (_tox: Pointer, key: Pointer) => {
  const bytes = bytesAt(key, 32)
  say({event: 'request', key: hex(bytes)})
  tox.addFriendSilently(self, bytes, [0])
})
const offered = (friend: number, file: number, kind: number, size: number | bigint) => {
  if (kind !== 0) return
  incoming.set(`${friend}/${file}`, {hash: createHash('sha256'), size: Number(size), received: 0})
  if (setup.seekTo !== undefined) tox.seekFile(self, friend, file, setup.seekTo, null)
  tox.controlFile(self, friend, file, 0, null)
}
on(
  'onFile',
  (
    _tox: Pointer,
    ...[friend, file, kind, size, name, length]: [number, number, number, number | bigint, Pointer, number]
  ) => {
    say({event: 'offer', friend, file, name: textAt(name, length)})
    offered(friend, file, kind, size)
  },
)
on('onFileControl', (_tox: Pointer, friend: number, file: number, control: number) =>
  say({event: 'control', friend, file, control}),
)
for (const name of ['onLossless', 'onLossy'] as const)
  on(name, (_tox: Pointer, friend: number, data: Pointer, length: number) =>
    say({event: 'custom', friend, data: hex(bytesAt(data, length))}),
  )
on('onInvite', (_tox: Pointer, friend: number, _type: number, cookie: Pointer, length: number) => {
  const error: [number] = [0]
  const bytes = bytesAt(cookie, length)
  tox.join(self, friend, bytes, length, error)
  say({event: 'invite', friend, error: error[0]})
})
on('onJoined', () => say({event: 'joined'}))
on(
  'onConferenceMessage',
  (_tox: Pointer, _conference: number, _peer: number, _type: number, text: Pointer, length: number) =>
    say({event: 'conference_message', text: textAt(text, length)}),
)
on('onConferenceTitle', (_tox: Pointer, _conference: number, _peer: number, text: Pointer, length: number) =>
  say({event: 'conference_title', text: textAt(text, length)}),
)
on('onMemberName', (_tox: Pointer, _conference: number, _peer: number, text: Pointer, length: number) =>
  say({event: 'member_name', text: textAt(text, length)}),
)
on(
  'onFileChunk',
  (_tox: Pointer, friend: number, file: number, _position: number | bigint, data: Pointer, length: number) => {
    const transfer = incoming.get(`${friend}/${file}`)
    if (!transfer) return
    if (length > 0) {
      transfer.hash.update(bytesAt(data, length))
      transfer.received += length
      return
    }
    incoming.delete(`${friend}/${file}`)
    say({event: 'file', friend, size: transfer.received, sha256: transfer.hash.digest('hex')})
  },
)
on('onChunkRequest', (_tox: Pointer, friend: number, file: number, position: number | bigint, length: number) => {
  const start = Number(position)
  const content = outgoing.get(`${friend}/${file}`)
  if (content && length > 0)
    tox.sendChunk(self, friend, file, start, content.subarray(start, start + length), length, [0])
  else outgoing.delete(`${friend}/${file}`)
})

const inCall = setup.calls ? startCalls(self, say) : () => {}

const commands: {[K in Command['do']]: (command: Extract<Command, {do: K}>) => void} = {
  ...{call: inCall, answer: inCall, control_call: inCall, sound: inCall, picture: inCall},
  befriend: ({address}) => {
    const bytes = Buffer.from(address, 'hex')
    const error: [number] = [0]
    const friend =
      bytes.length === 32
        ? tox.addFriendSilently(self, bytes, error)
        : tox.addFriend(self, bytes, Buffer.from('hello'), 5, error)
    say({event: 'befriended', friend, error: error[0]})
  },
  name: ({text}) => tox.setName(self, Buffer.from(text), Buffer.byteLength(text), null),
  status_message: ({text}) => tox.setStatusMessage(self, Buffer.from(text), Buffer.byteLength(text), null),
  status: ({status}) => tox.setUserStatus(self, status),
  typing: ({friend, isTyping}) => tox.setTyping(self, friend, isTyping, null),
  message: ({friend, text, isAction}) => {
    const bytes = Buffer.from(text)
    const error: [number] = [0]
    tox.sendMessage(self, friend, isAction ? actionType : 0, bytes, bytes.length, error)
    say({event: 'sent', error: error[0]})
  },
  file: ({friend, size}) => {
    const content = randomBytes(size)
    const error: [number] = [0]
    const file = tox.sendFile(self, friend, 0, size, null, Buffer.from('file'), 4, error)
    outgoing.set(`${friend}/${file}`, content)
    say({event: 'offered', sha256: createHash('sha256').update(content).digest('hex'), error: error[0]})
  },
  custom: ({friend, data, isLossy}) => {
    const bytes = Buffer.from(data, 'hex')
    const error: [number] = [0]
    if (isLossy) tox.sendLossy(self, friend, bytes, bytes.length, error)
    else tox.sendLossless(self, friend, bytes, bytes.length, error)
    say({event: 'sent', error: error[0]})
  },
  conference: ({friend}) => {
    const error: [number] = [0]
    tox.invite(self, friend, tox.newConference(self, null), error)
    say({event: 'sent', error: error[0]})
  },
  invite: ({friend}) => {
    const error: [number] = [0]
    tox.invite(self, friend, 0, error)
    say({event: 'sent', error: error[0]})
  },
  say: ({text}) => {
    const error: [number] = [0]
    tox.say(self, 0, 0, Buffer.from(text), Buffer.byteLength(text), error)
    say({event: 'sent', error: error[0]})
  },
  join: node => join(node),
}

const join = ({host, port, key, relay, bootstrap}: Node) => {
  const bytes = Buffer.from(key, 'hex')
  if (relay) tox.addTcpRelay(self, host, port, bytes, null)
  if (bootstrap) tox.bootstrap(self, host, port, bytes, null)
}

const own = {address: new Uint8Array(38), dhtKey: new Uint8Array(32)}
tox.address(self, own.address)
tox.dhtKey(self, own.dhtKey)
say({
  event: 'ready',
  address: hex(own.address),
  dhtKey: hex(own.dhtKey),
  udpPort: setup.udp ? tox.udpPort(self, null) : 0,
})
for (const node of setup.nodes ?? []) join(node)

const turn = () => {
  tox.iterate(self, null)
  timer = setTimeout(turn, tox.interval(self))
}
let timer = setTimeout(turn, 0)

const lines = createInterface({input: process.stdin})
lines.on('line', line => {
  const command = JSON.parse(line) as Command
  ;(commands[command.do] as (command: Command) => void)(command)
})
lines.on('close', () => {
  clearTimeout(timer)
  tox.kill(self)
  process.exit(0)
})
