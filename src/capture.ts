/**
 * Capture files: packets of a pcap or pcapng file, the TCP streams of packets, streams as other tools print them, and
 * writing pcapng. Nothing of Tox, and no module of Node.js.
 *
 * @module capture
 */

export {type CaptureCounters, unreadPackets} from './capture/counters.js'
export {type FollowDump, type FollowSegment, followForm, parseFollow} from './capture/follow/follow.js'
export type {FollowForm} from './capture/follow/follow-dump.js'
export type {BlockOption} from './capture/formats/pcapng-options.js'
export type {CaptureContent, CaptureEnd, CaptureInterface, CaptureItem, Packet, Secrets} from './capture/packet.js'
export {type PacketResult, PacketTracker} from './capture/packet-tracker.js'
export {CaptureReader, isCapture, isGzip} from './capture/reader.js'
export type {Shard} from './capture/shard.js'
export type {Opened, StreamEvent} from './capture/stream-event.js'
export {
  decryptionSecrets,
  enhancedPacket,
  type InterfaceOptions,
  interfaceDescription,
  type PacketOptions,
  type SectionOptions,
  sectionHeader,
} from './capture/write/writer.js'
