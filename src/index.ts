/**
 * toxtcp as a library: what the commands do, and the parts that they are made of. All of it takes bytes and gives
 * values; only the actions touch files.
 */

// What the commands do, with options as plain objects. Each returns its exit status, and throws InputError for a
// mistake of the caller's or the input's.
export {type DecodeOptions, decode} from './actions/decode.js'
export {type EncodeOptions, encode} from './actions/encode.js'
export {type ExplainOptions, explain} from './actions/explain.js'
export {type KeysConvertOptions, type KeysMakeOptions, keysConvert, keysMake} from './actions/keys.js'
export {type KeysShowOptions, keysShow} from './actions/keys-show.js'
export {proxy} from './actions/proxy.js'
export {type ReadOptions, read} from './actions/read.js'
export {type StreamOptions, stream} from './actions/stream.js'
// Streams as other tools save them.
export {type FollowDump, type FollowSegment, parseFollow} from './capture/follow/follow.js'
// Keys.
export type {Box, KeyPair} from './crypto/box.js'
export {readKeyFile, readKeyText} from './crypto/key-files.js'
export type {KeyItem} from './crypto/key-item.js'
export {KeyLogReader, keyLogLine} from './crypto/keylog.js'
export {Keyring} from './crypto/keyring.js'
export {loadSodium} from './crypto/sodium.js'
// Findings.
export {effectsOf, type Finding, messageOf, severityOf} from './expert/finding.js'
export type {Effect, Receiver, Rule, Severity} from './expert/rule.js'
export {type RuleCode, ruleTable} from './expert/rules.js'
export {type KeyOptions, type LoadedKeys, loadKeys} from './files/load-keys.js'
// Choosing records.
export {compileFilter} from './filter/compile.js'
export {fieldTexts, filterNames} from './filter/names/names.js'
export type {ProxyOptions} from './live/settings.js'
// Packets.
export {limits} from './protocol/limits.js'
export {innerWindow, type TypeName, typeNamed, typeOf, types} from './protocol/table.js'
// What scripts of the proxy are written against.
export type {
  Script,
  ScriptPacket,
  ScriptReplacement as Instead,
  ScriptResult as Answer,
  ScriptSession,
} from './proxy/intercept/script.js'
export type {ConnectionSetup} from './session/connection-setup.js'
export type {ConnectionSink} from './session/connection-sink.js'
export {guessReading, interpretationNames as asWords, readingAs} from './session/recognition/interpretation.js'
// Connections.
export type {Ends, RecordKind, SessionRecord, State} from './session/record.js'
export {Session, type SessionOptions} from './session/session.js'
export {type Io, processIo} from './terminal/io.js'
export type {PrintFlags} from './terminal/print-options.js'

// Showing records.
export type {Node} from './tree/node.js'
export {recordTree} from './tree/record-tree.js'
export {recordToJson} from './view/forms/json.js'
export {type ReadRecord, recordFromJson} from './view/from-json.js'
export {type Printer, type PrintOptions, printer} from './view/printer.js'

// Bytes.
export type {Chunk, Conflict, Endpoint, Time} from './wire/chunk.js'
export {type ParsedHex, parseHex} from './wire/hex/hex.js'
export {toHex} from './wire/hex/hex-bytes.js'
export {InputError} from './wire/input-error.js'
export type {PacketType} from './wire/packet.js'
export type {Sender, Side} from './wire/side.js'
export {type Fault, faults, fieldOf, type Range, type Span, spans, Window} from './wire/window.js'
export {encode as encodePacket, encodePartial} from './wire/write.js'
