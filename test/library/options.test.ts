import {inspect} from 'node:util'
import {describe, expect, it} from 'vitest'
import {
  type CaptureOptions,
  decodeBytes,
  decodePacket,
  enhancedPacket,
  explain,
  InputError,
  interfaceDescription,
  openCapture,
  openStream,
  printer,
  probeRelay,
  readKeyFile,
  type StartProxyOptions,
  type StartRelayOptions,
  sectionHeader,
  startProxy,
  startRelay,
  statistics,
} from '../../src/index.js'
import {Keyring, readCapture, recordTree, Session} from '../../src/session.js'

const capture = 'fixtures/demo/capture.pcap'

/** Code and sentence of the mistake that is thrown. */
const mistakeOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'none',
    (error: unknown) => (error instanceof InputError ? `${error.code}: ${error.message}` : String(error)),
  )

async function all(records: AsyncIterable<unknown>): Promise<number> {
  let count = 0
  for await (const _ of records) count++
  return count
}

describe('options of the library', () => {
  it.each<[CaptureOptions, string]>([
    [{threads: -1}, 'threads is -1, not a whole number between 0 and 64'],
    [{threads: 1.5}, 'threads is 1.5, not a whole number between 0 and 64'],
    [{ports: [70_000]}, 'ports is 70000, not a whole number between 1 and 65535'],
    [{ports: [443, Number.NaN]}, 'ports is NaN, not a whole number between 1 and 65535'],
  ])('of captures are refused where no capture can be read so: %o', async (options, sentence) => {
    const expected = `bad-option: ${sentence}`
    expect(await mistakeOf(all(openCapture(capture, options)))).toBe(expected)
    expect(await mistakeOf(statistics(capture, options))).toBe(expected)
  })

  it('that are undefined have their usual values', () => {
    const frame = Uint8Array.of(0, 18, ...new Uint8Array(18).map((_, at) => at))
    expect(decodePacket(frame, {as: undefined}).kind).toBe('packet')
    const page = explain('oob_send')
    expect(page.text({width: undefined, isAscii: undefined, colorLevel: undefined} as object)).toBe(page.text())
  })

  it('that are words are refused with the word that was likely meant', async () => {
    const options: object = {peers: 'toxcore'}
    const readers = [openCapture(capture, options), readCapture(new Uint8Array(0), options), openStream('', options)]
    for (const records of readers)
      expect(await mistakeOf(all(records))).toBe('bad-option: peers is "toxcore", which it cannot be')
  })

  it.each<StartProxyOptions>([{split: 0}, {split: -1}, {maxConnections: 0}, {keep: 0}, {seed: 0.5}])(
    'of proxies are refused where no proxy can serve so: %o',
    async options => {
      expect(await mistakeOf(startProxy({upstream: 'embedded', ...options}))).toMatch(
        /^bad-option: \w+ is [-\d.]+, not/,
      )
    },
  )

  it.each<object>([{like: 'c_toxcore'}, {provocations: ['silent-ping']}, {maxPerAddress: 0}, {maxUnconfirmed: -1}])(
    'of relays are refused where no relay can serve so: %o',
    async options => {
      const given: StartRelayOptions = options
      expect(await mistakeOf(startRelay(given))).toMatch(/^bad-option: \w+ is /)
      expect(await mistakeOf(startProxy({upstream: 'embedded', embedded: given}))).toMatch(/^bad-option: \w+ is /)
    },
  )

  it('that are lists are lists of one, too', async () => {
    const [ports, provocations]: [object, object] = [{ports: 443}, {provocations: 'silent-pings'}]
    expect(await mistakeOf(all(openCapture(capture, ports)))).toBe('bad-option: ports is 443, not a list')
    expect(await mistakeOf(startRelay(provocations))).toBe('bad-option: provocations is "silent-pings", not a list')
  })

  it('of probes are refused before a relay is asked', async () => {
    const key = '00'.repeat(32)
    expect(await mistakeOf(probeRelay('127.0.0.1:1', key, {count: 0}))).toMatch(/^bad-option: count is 0, not/)
    for (const timeoutSeconds of [0, Number.NaN, 1e9])
      expect(await mistakeOf(probeRelay('127.0.0.1:1', key, {timeoutSeconds}))).toMatch(/^bad-option: timeoutSeconds/)
  })

  it('of a stream name one side at least', async () => {
    expect(await mistakeOf(all(openStream({})))).toBe('bad-option: no side of a stream is given')
  })
})

/** Public functions with options, called with some as a program without types may. */
const withOptions: Readonly<Record<string, (options: never) => unknown>> = {
  openCapture: options => all(openCapture(capture, options)),
  statistics: options => statistics(capture, options),
  readCapture: options => all(readCapture(new Uint8Array(0), options)),
  openStream: options => all(openStream('', options)),
  'sides of openStream': sides => all(openStream(sides)),
  decodePacket: options => decodePacket(new Uint8Array(0), options),
  decodeBytes: options => decodeBytes(new Uint8Array(0), options),
  probeRelay: options => probeRelay('127.0.0.1:1', '00'.repeat(32), options),
  startProxy: options => startProxy(options),
  'embedded of startProxy': embedded => startProxy({embedded}),
  startRelay: options => startRelay(options),
  printer: options => printer(options, () => {}),
  'text of explain': style => explain('data').text(style),
  recordTree: options => recordTree(decodePacket(new Uint8Array(0)).source, options),
  Session: options => new Session(new Keyring(), () => {}, options),
  readKeyFile: options => readKeyFile(new Uint8Array(0), 'empty', options),
  sectionHeader: options => sectionHeader(options),
  interfaceDescription: options => interfaceDescription(options),
  enhancedPacket: options => enhancedPacket(options),
}

describe('options that do not exist', () => {
  it.each([
    ['openCapture', 'keyLog', 'keylog'],
    ['openCapture', 'key', 'keys'],
    ['statistics', 'thread', 'threads'],
    ['readCapture', 'port', 'ports'],
    ['openStream', 'secretKey', 'secretKeys'],
    ['sides of openStream', 'cleint', 'client'],
    ['decodePacket', 'form', 'from'],
    ['decodeBytes', 'As', 'as'],
    ['probeRelay', 'timeout', 'timeoutSeconds'],
    ['startProxy', 'up-stream', 'upstream'],
    ['embedded of startProxy', 'likes', 'like'],
    ['startRelay', 'provocation', 'provocations'],
    ['printer', 'column', 'columns'],
    ['text of explain', 'widht', 'width'],
    ['recordTree', 'hasConnection', 'hasConnections'],
    ['Session', 'peer', 'peers'],
    ['readKeyFile', 'pass_phrase', 'passphrase'],
    ['sectionHeader', 'comments', 'comment'],
    ['interfaceDescription', 'linktype', 'linkType'],
    ['enhancedPacket', 'comments', 'comment'],
  ])('of %s are refused: %s, which is %s', async (name, wrong, right) => {
    const call = async (options: object) => withOptions[name]!(options as never)
    const error = await call({[wrong]: 'x'}).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(InputError)
    expect(error).toMatchObject({code: 'bad-option', message: `there is no option "${wrong}"`})
    expect(error).toHaveProperty('hint', expect.stringContaining(`did you mean "${right}"`))
  })

  it.each(Object.keys(withOptions).filter(name => name !== 'sides of openStream'))(
    'of %s are refused with those that exist where none is near, as is what is not an object',
    async name => {
      for (const [options, message] of [
        [{zzz: undefined}, 'there is no option "zzz"'],
        ['keys.log', 'options are a string, not an object'],
        [['keys.log'], 'options are a list, not an object'],
      ])
        await expect((async () => withOptions[name]!(options as never))()).rejects.toMatchObject({
          message,
          hint: expect.stringMatching(/^options are \w+, \w+/),
        })
    },
  )
})

describe('records of the library', () => {
  it('are read of no bytes as of a packet without any', () => {
    const [record, ...others] = decodeBytes(new Uint8Array(0))
    expect(others).toEqual([])
    expect(record!.findings).toEqual(decodePacket(new Uint8Array(0)).findings)
    expect(record!.findings).not.toEqual([])
  })

  it('are shown by Node.js as JSON shows them, and their times in texts as in JSON', async () => {
    for await (const record of openCapture(capture)) {
      expect(inspect(record)).toBe(inspect(JSON.parse(JSON.stringify(record))))
      expect(`${record.time}`).toBe(record.time?.toISOString())
      break
    }
  })

  it('are printed as a list without any option', async () => {
    let text = ''
    const list = printer({}, more => {
      text += more
    })
    for (const record of decodeBytes(Uint8Array.of(4, 0, 0, 0, 0, 0, 0, 0, 1))) list.print(record.source)
    list.end()
    expect(text).toMatch(/ PingRequest .* 0000000000000001\n$/)
  })
})
