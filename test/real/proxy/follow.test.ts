import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, test} from 'vitest'
import {amountOf} from '../../amount.js'
import {bytesOf, type Collected, captureFile, names, run, type StreamPiece} from '../../capture/collect.js'

const version = spawnSync('tshark', ['--version'], {encoding: 'utf8'})
const installed = version.status === 0
if (!installed)
  console.warn(
    'test/real/proxy/follow.test.ts is skipped: tshark is not installed, and it is what the streams are compared with',
  )

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-follow-'))
afterAll(() => rmSync(folder, {recursive: true}))

interface Followed {
  /** "ip:port" of tshark's nodes 0 and 1. */
  readonly nodes: readonly string[]
  /** Hex of each node's stream, its gaps as tshark writes them. */
  readonly streams: readonly [string, string]
}

/** All streams of a capture as `tshark -z follow,tcp,raw` gives them. */
function follow(file: Uint8Array, count: number): readonly Followed[] {
  const path = join(folder, 'capture')
  writeFileSync(path, file)
  const taps = Array.from({length: count}, (_, i) => ['-z', `follow,tcp,raw,${i}`]).flat()
  const {stdout} = spawnSync('tshark', ['-r', path, '-q', ...taps], {encoding: 'utf8', maxBuffer: 1 << 28})
  return stdout
    .split(/^=+\n(?=Follow)/m)
    .slice(1)
    .sort((a, b) => numberOf(a) - numberOf(b))
    .map(part => {
      const nodes = [...part.matchAll(/^Node \d: (.*)$/gm)].map(match => match[1]!)
      const lines = part.split('\n').filter(line => /^\t?[0-9a-f]+$/.test(line))
      const side = (isSecond: boolean) =>
        lines
          .filter(line => line.startsWith('\t') === isSecond)
          .join('')
          .replaceAll('\t', '')
      return {nodes, streams: [side(false), side(true)]}
    })
}

function numberOf(part: string): number {
  return Number(/^Filter: tcp.stream eq (\d+)$/m.exec(part)![1])
}

const missing = (count: number) => Buffer.from(`[${count} bytes missing in capture file]\0`).toString('hex')

/**
 * Our stream in tshark's form. What a snaplen cut off, tshark joins without a word, so there bytes alone are compared;
 * the foreign segments in the noise, which nobody acknowledges, it gives only up to the first hole.
 */
function hexOf(name: string, connection: number, pieces: readonly StreamPiece[]): string {
  if (name === 'snaplen96') return bytesOf(pieces).toString('hex')
  const firstGap = pieces.findIndex(({gap}) => gap !== undefined)
  const shown = name === 'noise' && connection === 1 && firstGap >= 0 ? pieces.slice(0, firstGap) : pieces
  return shown.map(({bytes, gap}) => bytes?.toString('hex') ?? missing(gap!)).join('')
}

function nodesOf({opened}: Collected): string[] {
  return opened.ends.map(({ip, port}) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`))
}

const captures = names('captures').map(name => ['captures', name] as const)
/** The same streams in other layers and files. */
const wrapped = [
  'ng_interfaces',
  'ng_sections',
  'null_v4',
  'pcap_be',
  'pcap_nano',
  'raw_ip',
  'real_gzip',
  'sll',
  'sll2',
]
const unlike = names('variants').filter(name => !wrapped.includes(name))
const variants = amountOf([...unlike, ...wrapped], unlike.length).map(name => ['variants', name] as const)

describe.runIf(installed)(`streams are those of ${version.stdout?.split('\n')[0]}`, () => {
  test.each([...captures, ...variants])('%s/%s', (where, name) => {
    const file = captureFile(where, name)
    const {connections} = run(file).collector
    const followed = follow(file, connections.length)
    expect(followed).toHaveLength(connections.length)
    for (const [i, connection] of connections.entries()) {
      const nodes = nodesOf(connection)
      const swapped = followed[i]!.nodes[0] !== nodes[0]
      const [first, second] = connection.pieces
      expect(followed[i]!.nodes).toEqual(swapped ? nodes.reverse() : nodes)
      expect(followed[i]!.streams[0] === hexOf(name, i, swapped ? second : first), `${name} ${i} node 0`).toBe(true)
      expect(followed[i]!.streams[1] === hexOf(name, i, swapped ? first : second), `${name} ${i} node 1`).toBe(true)
    }
  })
})
