import {lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeEach, describe, expect, test} from 'vitest'
import {type Exported, FileExport} from '../../src/actions/export-files.js'
import {packetWindow, typeNamed} from '../../src/protocol/table.js'
import {blankRecord, type SessionRecord} from '../../src/session/record.js'
import {noShift, Window} from '../../src/wire/window.js'

const home = mkdtempSync(join(tmpdir(), 'toxtcp-hostile-export-'))
afterAll(() => rmSync(home, {recursive: true}))

let folder: string
let lastNumber = 0
beforeEach(() => {
  folder = mkdtempSync(join(home, 'files-'))
})

/** A messenger packet from the client to a peer, in an opened box. */
function record(message: readonly number[]): SessionRecord {
  const packet = Uint8Array.of(16, 0x1b, 0, 0, ...new Uint8Array(40))
  lastNumber++
  const plain = Uint8Array.of(0, 0, 0, 0, 0, 0, lastNumber >> 8, lastNumber & 255, ...message)
  const type = typeNamed('crypto_data').plain!
  return {
    ...blankRecord,
    ...{kind: 'frame', state: 'open', connection: 0, from: 'client'},
    window: packetWindow(packet, 0, packet.length, noShift)!,
    opened: [new Window(type, plain, 0, plain.length, noShift)],
  }
}

const offer = (file: number, size: number, name: Uint8Array) =>
  record([80, file, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, size >> 8, size & 255, ...new Uint8Array(32), ...name])
const part = (file: number, text: string) => record([82, file, ...Buffer.from(text)])

function ended(records: readonly SessionRecord[], into = folder): Exported {
  const files = new FileExport(into)
  for (const each of records) files.take(each)
  return files.end()
}

/** What is said of the transfers of some records, all of which can be written. */
function exported(records: readonly SessionRecord[]): readonly string[] {
  const {sentences, mistake} = ended(records)
  expect(mistake).toBeUndefined()
  return sentences
}

/** One transfer of a file of that name, which holds `hi`. */
const transfer = (name: string | Uint8Array, file = 0): SessionRecord[] => [
  offer(file, 2, typeof name === 'string' ? Buffer.from(name) : name),
  part(file, 'hi'),
]

describe('a file that a peer names', () => {
  test.each<[what: string, name: string | Uint8Array, written: string]>([
    ['with a way out of the folder', '../../../etc/passwd', '001-.._.._.._etc_passwd'],
    ['with a path', '/etc/passwd', '001-_etc_passwd'],
    ['with a path of Windows', 'C:\\Windows\\a.exe', '001-C_Windows_a.exe'],
    ['with a stream of NTFS', 'a.txt:b', '001-a.txt_b'],
    ['with a zero byte', 'a.txt\0.exe', '001-a.txt_.exe'],
    ['with what a terminal obeys', '\u001b[2J\u0007a\r\nb', '001-_2J_a_b'],
    ['as a device of Windows', 'CON', '001-CON'],
    ['as another device of Windows', 'nul.txt', '001-nul.txt'],
    ['without a name', '', '001-file'],
    ['by one dot', '.', '001-.'],
    ['by two dots', '..', '001-..'],
    ['as a hidden file', '.bashrc', '001-.bashrc'],
    ['as a flag', '-rf', '001--rf'],
    ['in another direction of writing', 'gpj.\u202eexe', '001-gpj._exe'],
    ['with characters that are not seen', 'a\u200b\u2066b\ufeff', '001-a_b_'],
    ['with marks over marks', `a${'\u0301'.repeat(60)}`, '001-a_'],
    ['in bytes that are not UTF-8', Uint8Array.of(0xff, 0xfe, 0x2f), '001-_xff_xfe_'],
    ['in 255 bytes', 'a'.repeat(255), `001-${'a'.repeat(200)}`],
    ['in 255 bytes of long letters', '\u{20000}'.repeat(63), `001-${'\u{20000}'.repeat(50)}`],
  ])('%s is written into the folder alone: %j', (_, name, written) => {
    expect(exported(transfer(name))).toEqual([expect.stringContaining(`: wrote ${join(folder, written)}, 2 bytes`)])
    expect(readdirSync(folder)).toEqual([written])
    expect(readFileSync(join(folder, written), 'utf8')).toBe('hi')
  })

  test('twice by one name is written twice', () => {
    exported([...transfer('a.txt'), ...transfer('a.txt', 1), ...transfer('a.txt', 0)])
    expect(readdirSync(folder).sort()).toEqual(['001-a.txt', '002-a.txt', '003-a.txt'])
  })

  test('that is there already, or is a link, is not written over', () => {
    const outside = join(home, 'outside')
    writeFileSync(join(folder, '001-a'), 'mine')
    symlinkSync(outside, join(folder, '001-b'))
    for (const name of ['a', 'b']) {
      const path = join(folder, `001-${name}`)
      expect(ended(transfer(name))).toEqual({
        sentences: [`file 1 "${name}" was not written: ${path} exists already`],
        mistake: expect.objectContaining({message: `${path} exists already`, hint: 'choose an empty folder'}),
      })
    }
    expect(readFileSync(join(folder, '001-a'), 'utf8')).toBe('mine')
    expect(lstatSync(join(folder, '001-b')).isSymbolicLink()).toBe(true)
    expect(readdirSync(home)).not.toContain('outside')
  })

  test('that cannot be written does not keep the others from it', () => {
    writeFileSync(join(folder, '001-a'), 'mine')
    mkdirSync(join(folder, '003-c'))
    const {sentences, mistake} = ended([
      ...transfer('a'),
      ...transfer('b', 1),
      ...transfer('c', 2),
      ...transfer('d', 3),
    ])
    expect(sentences.map(sentence => sentence.replaceAll(folder, 'DIR'))).toEqual([
      'file 1 "a" was not written: DIR/001-a exists already',
      'file 2 "b": wrote DIR/002-b, 2 bytes',
      'file 3 "c" was not written: DIR/003-c exists already',
      'file 4 "d": wrote DIR/004-d, 2 bytes',
    ])
    expect(mistake?.message).toBe(`${join(folder, '001-a')} exists already; 1 other file was not written either`)
    expect(readdirSync(folder)).toEqual(['001-a', '002-b', '003-c', '004-d'])
    expect(readFileSync(join(folder, '001-a'), 'utf8')).toBe('mine')
  })

  test('in a folder that cannot be made is a mistake of the user', () => {
    writeFileSync(join(folder, 'file'), '')
    const within = join(folder, 'file', 'below')
    expect(() => ended(transfer('a'), within)).toThrow(`cannot write ${within}: a part of the path is not a directory`)
  })

  test('that did not arrive whole is named and not written', () => {
    expect(exported([offer(0, 300, Buffer.from('a')), part(0, 'hi')])).toEqual([
      'file 1 "a" is incomplete and was not written: 2 bytes of 300 bytes',
    ])
    expect(readdirSync(folder)).toEqual([])
  })

  test('that is sent from its middle on, as its receiver asks before it accepts, is named and not written', () => {
    const seek = record([81, 1, 0, 3, 0, 0, 0, 0, 0, 0, 0, 2])
    const accept = record([81, 1, 0, 0])
    expect(exported([offer(0, 4, Buffer.from('a')), seek, accept, part(0, 'hi')])).toEqual([
      'file 1 "a" is a part, from byte 2 on, and was not written',
    ])
    // c-toxcore ignores what is asked later, by the sender, or beyond the end.
    const late = record([81, 1, 1, 3, 0, 0, 0, 0, 0, 0, 0, 1])
    const ofSender = record([81, 0, 1, 3, 0, 0, 0, 0, 0, 0, 0, 1])
    const beyond = record([81, 1, 1, 3, 0, 0, 0, 0, 0, 0, 0, 2])
    const accepted = record([81, 1, 1, 0])
    const asked = [offer(1, 2, Buffer.from('b')), ofSender, beyond, accepted, late, part(1, 'hi')]
    expect(exported(asked)).toEqual([`file 1 "b": wrote ${join(folder, '001-b')}, 2 bytes`])
  })

  test('has no more bytes than its offer says, as c-toxcore hands over', () => {
    expect(exported([offer(0, 2, Buffer.from('a')), part(0, 'high')])[0]).toContain('2 bytes')
    expect(readFileSync(join(folder, '001-a'), 'utf8')).toBe('hi')
  })
})
