import {messageOf} from '../../src/expert/finding.js'
import {checkOpened} from '../../src/expert/inner-check.js'
import type {RuleCode} from '../../src/expert/rules.js'
import {type TypeName, typeNamed} from '../../src/protocol/table.js'
import {fromHex} from '../../src/wire/hex/hex-bytes.js'
import type {PacketType} from '../../src/wire/packet.js'
import {noShift, Window} from '../../src/wire/window.js'

const opened = (name: TypeName, hex: string) => () => {
  const bytes = fromHex(hex)
  const type: PacketType = typeNamed(name)
  return checkOpened(new Window(type, bytes, 0, bytes.length, noShift)).map(found => ({
    code: found.code,
    message: messageOf(found),
  }))
}

const key = '11'.repeat(32)

/** Packets that were in boxes, and break the rules for those. */
export const innerScenarios = {
  'inner-too-short': opened('file_send_request', '500100000000'),
  'inner-too-long': opened('nickname', `30${'61'.repeat(129)}`),
  'inner-trailing-bytes': opened('typing', '330100'),
  'inner-trailing-ignored': opened('alive', '1000'),
  'inner-nodes-rest': opened('share_relays', `11${`82c0a800018235${key}`.repeat(4)}`),
  'inner-value': opened('user_status', '3203'),
  'inner-value-tox-rs': opened('typing', '3307'),
  'inner-value-c-toxcore': opened('msi', '4501010300'),
  'call-item-missing': opened('msi', '4501010000'),
  'call-too-long': opened('msi', `45010102${'030114'.repeat(84)}00`),
  'inner-family': opened('share_relays', `11030a0000010001${'00'.repeat(12)}${key}`),
  'inner-family-rest': opened('share_relays', `1182c0a800018235${key}03${'00'.repeat(18)}${key}`),
  'inner-text': opened('message', '40c3'),
  'inner-padding': () => {
    const {plain} = typeNamed('onion_request') as PacketType
    const bytes = fromHex(`027f000001${'01'.repeat(12)}1f90${key}${'44'.repeat(36)}`)
    return checkOpened(new Window(plain!, bytes, 0, bytes.length, noShift)).map(found => ({
      code: found.code,
      message: messageOf(found),
    }))
  },
  'inner-kind-unknown': opened('conference_direct', '62000177'),
  'conference-title-wraps': opened('conference_change_title', `31${'61'.repeat(260)}`),
  'message-empty': opened('message', '40'),
} as const satisfies Partial<Record<RuleCode, unknown>>
