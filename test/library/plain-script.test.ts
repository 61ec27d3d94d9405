import {inspect} from 'node:util'
import {describe, expect, it} from 'vitest'
import {encodePacket, fromHex, InputError, openCapture} from '../../src/index.js'

/** What a program without types may give. */
const untyped = (value: unknown): never => value as never

const mistakeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    return error instanceof InputError ? `${error.code}: ${error.message}` : String(error)
  }
  return 'none'
}

describe('in a program without types', () => {
  it.each(['zz', '04 00', '0x04', '040'])('fromHex takes %j for no bytes, and says so', text => {
    expect(mistakeOf(() => fromHex(text))).toBe(`bad-hex: "${text}" is not pairs of hex digits`)
  })

  it('fromHex takes digits in either case', () => {
    expect([...fromHex('04aAFf')]).toEqual([4, 0xaa, 0xff])
    expect(fromHex('')).toHaveLength(0)
  })

  it('a packet type that does not exist is named, with the one that was likely meant', () => {
    expect(mistakeOf(() => encodePacket(untyped('ping_requests'), untyped({})))).toBe(
      'unknown-name: there is no packet type "ping_requests"',
    )
  })

  it('the text of a key log that is given as its path is not repeated in the error', async () => {
    const secret = 'a8d3a29cbb0aed3b7b56424ab3b4b59496e406fd4131bdd97420c3b9ac76df33'
    for (const keylog of [
      secret,
      `TOX_SECRET_KEY - ${secret}\n`,
      `# key log\n${`TOX_SECRET_KEY - ${secret}\n`.repeat(9)}`,
    ]) {
      const reading = openCapture('fixtures/demo/capture.pcap', {keylog})[Symbol.asyncIterator]()
      const error: unknown = await reading.next().catch((mistake: unknown) => mistake)
      expect(error).toBeInstanceOf(InputError)
      expect(inspect(error)).toContain('<a key, not shown>')
      expect(inspect(error)).not.toContain(secret)
    }
  })

  it.each([
    [new URL('file:///capture.pcap'), 'a capture is a URL, not a path, bytes or a stream'],
    [5, 'a capture is 5, not a path, bytes or a stream'],
    [undefined, 'a capture is undefined, not a path, bytes or a stream'],
  ])('%o in place of a capture is named', async (given, sentence) => {
    const reading = openCapture(untyped([given]))[Symbol.asyncIterator]()
    await expect(reading.next()).rejects.toMatchObject({name: 'InputError', message: sentence, code: 'bad-option'})
  })

  it.each([5, {}, true])('%o in place of a key log is named', async keylog => {
    const reading = openCapture('fixtures/demo/capture.pcap', {keylog: untyped(keylog)})[Symbol.asyncIterator]()
    await expect(reading.next()).rejects.toMatchObject({
      name: 'InputError',
      message: 'the key log is not a path or bytes',
    })
  })
})
