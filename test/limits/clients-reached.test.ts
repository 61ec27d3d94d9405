import {appendFileSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, test} from 'vitest'
import {Keyring} from '../../src/crypto/keyring/keyring.js'
import {saveValues, threadKeys, threadSecretKeys} from '../../src/crypto/limits.js'
import {readMsgpack} from '../../src/crypto/msgpack.js'
import {loadSodium} from '../../src/crypto/sodium.js'
import {readConfigFile} from '../../src/files/config-file.js'
import {configBytes, labelFileBytes} from '../../src/files/limits.js'
import {HttpConnectRequest} from '../../src/proxy/explicit/http-connect.js'
import {Socks5Request} from '../../src/proxy/explicit/socks5.js'
import {hostName, httpRequest, socksRequest} from '../../src/proxy/limits.js'
import {labelsOf} from '../../src/terminal/options/labels.js'

describe('what a client asks the proxy for', () => {
  const asked = (text: string) => new HttpConnectRequest().receive(Buffer.from(text))
  const ofLength = (length: number) => {
    const line = 'CONNECT a:1 HTTP/1.1\r\nX: '
    return asked(`${line}${'y'.repeat(length - line.length)}\r\n\r\n`)
  }

  test('over httpRequest bytes, an HTTP request is refused', () => {
    expect(ofLength(httpRequest)).toMatchObject({kind: 'connect'})
    expect(ofLength(httpRequest + 1)).toMatchObject({kind: 'refuse', reason: 'the HTTP request is over 8192 bytes'})
  })

  test('over httpRequest bytes without an end, an HTTP request is refused, too', () => {
    expect(asked('y'.repeat(httpRequest))).toMatchObject({kind: 'wait'})
    expect(asked('y'.repeat(httpRequest + 1))).toMatchObject({kind: 'refuse'})
  })

  test('over hostName characters, the name of a host is refused', () => {
    const named = (length: number) => asked(`CONNECT ${'a'.repeat(length)}:1 HTTP/1.1\r\n\r\n`)
    expect([named(hostName).kind, named(hostName + 1).kind]).toEqual(['connect', 'refuse'])
  })

  test('the longest SOCKS5 request has socksRequest bytes, and what comes behind it is given on', () => {
    const greeting = Uint8Array.of(5, 255, ...new Uint8Array(255).fill(2))
    const login = Uint8Array.of(1, 255, ...new Uint8Array(255).fill(97), 255, ...new Uint8Array(255).fill(98))
    const request = Uint8Array.of(5, 1, 0, 3, 255, ...new Uint8Array(255).fill(97), 0, 1)
    const whole = Buffer.concat([greeting, login, request])
    expect(whole).toHaveLength(socksRequest)
    const socks = new Socks5Request({user: login.subarray(2, 257), password: login.subarray(258)})
    const step = socks.receive(Buffer.concat([whole, Buffer.alloc(5000, 9)]))
    expect(step).toMatchObject({kind: 'connect', destination: {host: 'a'.repeat(255)}})
    expect(step.kind === 'connect' && Buffer.compare(step.rest, Buffer.alloc(5000, 9))).toBe(0)
  })
})

describe('what a file of the user holds', () => {
  const folder = mkdtempSync(join(tmpdir(), 'toxtcp-limits-'))
  afterAll(() => rmSync(folder, {recursive: true}))

  test('over configBytes, a file of defaults is refused', () => {
    const path = join(folder, 'config.json')
    const read = (length: number) => {
      writeFileSync(path, ' '.repeat(length))
      return readConfigFile({TOXTCP_CONFIG: path})?.text.length
    }
    expect(read(configBytes)).toBe(configBytes)
    expect(() => read(configBytes + 1)).toThrow(`${path} is over ${configBytes} bytes long`)
  })

  test('over labelFileBytes, a file of names is refused, also if it has no end', async () => {
    const path = join(folder, 'names.txt')
    writeFileSync(path, '#'.repeat(labelFileBytes))
    expect((await labelsOf([], [path])).size).toBe(0)
    for (const file of [path, '/dev/zero']) {
      if (file === path) appendFileSync(path, '#')
      await expect(labelsOf([], [file])).rejects.toThrow(`${file} is over ${labelFileBytes} bytes long`)
    }
  })

  test('over saveValues, the groups of a save are not read', () => {
    const list = (values: number) => Uint8Array.of(0xdc, values >> 8, values & 255, ...new Uint8Array(values))
    expect(readMsgpack(list(saveValues - 1))).toHaveLength(saveValues - 1)
    expect(readMsgpack(list(saveValues))).toBeUndefined()
  })
})

describe('keys', () => {
  test('over threadSecretKeys, a run uses one thread', async () => {
    const box = await loadSodium()
    const keyring = new Keyring(box)
    for (let n = 1; n <= threadSecretKeys; n++) {
      const secretKey = new Uint8Array(32).fill(n)
      keyring.add({kind: 'secret_key', publicKey: null, secretKey}, 'test')
    }
    expect(keyring.mostThreads).toBeGreaterThan(100)
    keyring.add({kind: 'secret_key', publicKey: null, secretKey: new Uint8Array(32).fill(99)}, 'test')
    expect(keyring.mostThreads).toBe(0)
  })

  test('threads hold up to threadKeys keys together', () => {
    const keyring = new Keyring()
    const most = (keys: number) => {
      while (keyring.size < keys) {
        const sharedKey = new Uint8Array(32)
        new DataView(sharedKey.buffer).setUint32(0, keyring.size)
        keyring.add({kind: 'pair_key', publicKeyA: null, publicKeyB: null, sharedKey}, 'test')
      }
      return keyring.mostThreads
    }
    expect([most(threadKeys / 4), most(threadKeys / 4 + 1), most(threadKeys), most(threadKeys + 1)]).toEqual([
      4, 3, 1, 0,
    ])
  })
})
