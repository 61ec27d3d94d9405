import type {Secrets} from '../capture/packet.js'
import {CaptureReader, mayHoldSecrets} from '../capture/reader.js'
import type {KeyItem} from '../crypto/key-item.js'
import {KeyLogReader} from '../crypto/keylog.js'
import type {Keyring} from '../crypto/keyring/keyring.js'
import {loadSodium} from '../crypto/sodium.js'
import {secretsType} from '../proxy/recording/recording-format.js'
import {InputError} from '../wire/input-error.js'
import type {CaptureSource} from './capture-source.js'

/** Bytes that show the form of a capture. */
const headBytes = 4

/** The keys in a block of secrets, if it is a key log. @param name of the capture, for messages. */
export function embeddedKeys({type, data}: Secrets, name: string): readonly KeyItem[] {
  if (type !== secretsType) return []
  const reader = new KeyLogReader(name)
  return [...reader.push(new TextDecoder().decode(data)), ...reader.end()]
}

/**
 * Add the keys that captures hold themselves, before their packets are read: keys may follow the packets that they
 * open. Captures that come only once, from a pipe, are left out, and so is what follows damage.
 */
export async function addEmbeddedKeys(sources: readonly CaptureSource[], keyring: Keyring): Promise<void> {
  for (const {name, again} of sources) {
    if (!again) continue
    for await (const item of keysOf(again(), name)) {
      keyring.box ??= await loadSodium()
      keyring.add(item, name)
      if (keyring.isFull) return
    }
  }
}

async function* keysOf(blocks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<KeyItem> {
  const reader = new CaptureReader(1, 'secrets')
  let isFirst = true
  try {
    for await (const block of blocks) {
      if (isFirst && block.length >= headBytes && !mayHoldSecrets(block)) return
      isFirst = false
      for (const item of reader.read(block)) if (item.kind === 'secrets') yield* embeddedKeys(item, name)
    }
  } catch (error) {
    // Whoever reads the packets reports damage.
    if (!(error instanceof InputError)) throw error
  }
}
