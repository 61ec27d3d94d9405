import {CaptureReader} from '../capture/reader.js'
import {InputError} from '../wire/input-error.js'
import type {CaptureSource} from './capture-source.js'
import type {ItemBlock, Room} from './item-block.js'
import {mergedBlocks} from './merged-captures.js'

/**
 * What captures hold. Several captures are one: each packet in its turn by time, as `mergecap` merges them, numbered in
 * that order. The packets of one capture keep their order, also where its times go back.
 *
 * @param room gives the memory of each block.
 * @throws InputError, with the capture's name, where one is damaged or cut off; everything before was given.
 */
export async function* captureItems(sources: readonly CaptureSource[], room: Room): AsyncGenerator<ItemBlock> {
  if (sources.length === 1) yield* blocksOf(sources[0]!, room)
  else
    yield* mergedBlocks(
      sources.map(source => limit => blocksOf(source, size => new Uint8Array(Math.min(size, limit)))),
      room,
    )
}

/** Their items throw InputError without the capture's name. */
async function* blocksOf(source: CaptureSource, room: Room): AsyncGenerator<ItemBlock> {
  const {name, file} = source
  const reader = new CaptureReader()
  try {
    let offset = 0
    for await (const bytes of source.blocks(room)) {
      const place = file === undefined ? undefined : {name, file, offset}
      offset += bytes.length
      yield {bytes, place, name, size: bytes.length, items: reader.read(bytes)}
    }
    const {cut} = reader.end()
    if (cut)
      throw new InputError(
        `the capture is cut off inside a record at byte ${cut.offset}`,
        'all before it was read',
        'cut-off-capture',
      )
  } catch (error) {
    throw error instanceof InputError ? error.at(name) : error
  }
}
