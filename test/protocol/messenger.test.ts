import {describe, expect, it} from 'vitest'
import {nameOfLength} from '../../src/protocol/group/name-length.js'
import {msiMessage} from '../../src/protocol/messenger/call.js'
import {controlTransfer, isAboutAnother, type TransferState} from '../../src/protocol/messenger/file-transfer.js'
import {announcedMember} from '../../src/protocol/onion/announce-request.js'
import {typeNamed} from '../../src/protocol/table.js'
import {fromHex} from '../../src/wire/hex/hex-bytes.js'
import {noShift, Window} from '../../src/wire/window.js'

describe('a control packet about a file', () => {
  const [accept, pause, kill, seek] = [0, 1, 2, 3]
  const [bySender, byReceiver] = [0, 1]
  const transferOf = (size: number | null | undefined, isAccepted = false): TransferState => ({
    ...{size, isAccepted, isOver: false},
  })
  const control = (transfer_direction: number, control_type: number, position: bigint | null = null) => ({
    transfer_direction,
    control_type,
    position,
  })

  it('accepts the transfer where its receiver sends it', () => {
    const transfer = transferOf(10)
    expect(controlTransfer(transfer, control(byReceiver, accept))).toBeUndefined()
    expect(transfer.isAccepted).toBe(true)
  })

  it.each([
    ['by its sender', control(bySender, accept)],
    ['to pause', control(byReceiver, pause)],
    ['to end', control(byReceiver, kill)],
    ['to seek', control(byReceiver, seek, 5n)],
  ])('does not accept it %s', (_, packet) => {
    const transfer = transferOf(10)
    controlTransfer(transfer, packet)
    expect(transfer.isAccepted).toBe(false)
  })

  it.each([bySender, byReceiver])('to end it ends it, whoever sends it', direction => {
    const transfer = transferOf(10)
    controlTransfer(transfer, control(direction, kill))
    expect(transfer.isOver).toBe(true)
    expect(isAboutAnother(transfer, control(byReceiver, accept))).toBe(true)
    expect(isAboutAnother(transfer, control(byReceiver, pause))).toBe(false)
    expect(isAboutAnother(transfer, control(bySender, accept))).toBe(false)
  })

  it('moves a transfer that is not accepted to any byte of the file', () => {
    expect(controlTransfer(transferOf(10), control(byReceiver, seek, 9n))).toBe(9)
    expect(controlTransfer(transferOf(10), control(byReceiver, seek, 10n))).toBeUndefined()
    for (const size of [null, undefined])
      expect(controlTransfer(transferOf(size), control(byReceiver, seek, 1n << 40n)), 'a stream').toBe(2 ** 40)
  })

  it('does not move it where c-toxcore ignores that', () => {
    expect(controlTransfer(transferOf(10, true), control(byReceiver, seek, 5n)), 'accepted').toBeUndefined()
    expect(controlTransfer(transferOf(10), control(bySender, seek, 5n)), 'by the sender').toBeUndefined()
    expect(controlTransfer(transferOf(10), control(byReceiver, pause, 5n)), 'another control').toBeUndefined()
  })
})

describe('a message of a call', () => {
  it('says what the last item of each kind says', () => {
    const items = [
      {kind: 1, value: 0},
      {kind: 3, value: 4},
      {kind: 1, value: 2},
    ]
    expect(msiMessage({items})).toEqual({request: 'pop', error: undefined, isStray: false, capabilities: 4})
  })

  it('is stray where its error says that there is no such call', () => {
    const isStray = (value: number) => msiMessage({items: [{kind: 2, value}]}).isStray
    expect([0, 1, 2, 3, 4, 5, 6, 7].filter(isStray)).toEqual([4])
  })

  it('says nothing of kinds that it does not have', () => {
    expect(msiMessage({items: []})).toEqual({
      request: undefined,
      error: undefined,
      isStray: false,
      capabilities: undefined,
    })
  })
})

describe('a name that is filled up', () => {
  it('has as many bytes as the number before it says, not characters', () => {
    expect(nameOfLength('Анна', 8)).toBe('Анна')
    expect(nameOfLength('Анна', 9)).toBe('Анна')
    expect(nameOfLength('Анна', 6)).toBe('Анн')
    expect(nameOfLength('Ann Smith', 3)).toBe('Ann')
  })
})

describe('the member that a request announces in a group', () => {
  const layout = typeNamed('onion_new_announce_request').plain!
  const [ones, twos] = ['11'.repeat(32), '22'.repeat(32)]
  const announced = (hex: string) => {
    const bytes = fromHex(hex)
    return announcedMember(new Window(layout, bytes, 0, bytes.length, noShift))
  }

  it('is the one at the end of the plaintext', () => {
    const member = announced(`${'00'.repeat(104)}${ones}${twos}010002c0a800018235`)
    expect(member).toMatchObject({chat_id: new Uint8Array(32).fill(0x11), pk: new Uint8Array(32).fill(0x22)})
  })

  it('is absent in a search, and in a plaintext that is cut off', () => {
    expect(announced('00'.repeat(104))).toBeUndefined()
    expect(announced('00'.repeat(40))).toBeUndefined()
  })
})
