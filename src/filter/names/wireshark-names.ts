import type {Endpoint, Time} from '../../wire/chunk.js'
import {timeBetween} from '../../wire/time.js'
import type {Value} from '../values.js'
import {type FilterName, name, none, optional, type Read} from './name.js'

const since = (from: Time | null, time: Time | null): readonly Value[] =>
  from && time ? [timeBetween(from, time)] : none

type EndPart = (end: Endpoint) => Value
const bothEnds =
  (part: EndPart): Read =>
  ({ends}) => {
    if (ends?.client && ends.relay) return [part(ends.client), part(ends.relay)]
    const end = ends?.client ?? ends?.relay
    return end ? [part(end)] : none
  }
const oneEnd =
  (part: EndPart, isSource: boolean): Read =>
  ({ends, from}) => {
    if (!ends || !from) return none
    const end = (from === 'client') === isSource ? ends.client : ends.relay
    return end ? [part(end)] : none
  }
const ip: EndPart = end => end.ip
const port: EndPart = end => end.port

/** Wireshark's names for the same values. */
export const wiresharkNames = (): readonly FilterName[] => [
  name('frame.number', 'number', 'The same as number.', r => optional(r.number)),
  name('frame.time', 'time', 'The same as time.', r => optional(r.time)),
  name('frame.time_epoch', 'epoch', 'The same as time, in seconds since 1970.', r => optional(r.time)),
  name('frame.time_relative', 'seconds', 'Seconds since the first record, as -t r.', r => since(r.firstTime, r.time)),
  name('frame.time_delta', 'seconds', 'Seconds since the record before, as -t d.', r => since(r.previousTime, r.time)),
  name('frame.len', 'number', 'The same as length.', r => optional(r.length)),
  name('ip.addr', 'ip', 'Address of either end.', bothEnds(ip)),
  name('ip.src', 'ip', "The sender's address.", oneEnd(ip, true)),
  name('ip.dst', 'ip', "The receiver's address.", oneEnd(ip, false)),
  name('tcp.port', 'number', 'Port of either end.', bothEnds(port)),
  name('tcp.srcport', 'number', "The sender's port.", oneEnd(port, true)),
  name('tcp.dstport', 'number', "The receiver's port.", oneEnd(port, false)),
  name('tcp.stream', 'number', 'The same as connection.', r => optional(r.connection)),
]
