import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, expect, test} from 'vitest'
import {Recorder} from '../../../src/proxy/recording/recorder.js'
import {Recording} from '../../../src/proxy/recording/recording.js'
import {readAgain, recordsIn} from '../../actions/proxy/proxy-run.js'
import {begun, bytes, closed, now} from '../events.js'

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-comments-'))
afterAll(() => rmSync(folder, {recursive: true}))

const hasTshark = spawnSync('tshark', ['--version']).status === 0
if (!hasTshark) console.warn('tshark is not installed: comments are not shown to it')

/** A recording of a connection that the proxy itself ends. */
async function recorded(): Promise<string> {
  const path = join(folder, 'closed.pcapng')
  const failed = (error: unknown) => {
    throw error
  }
  const recorder = new Recorder({path, force: false, embedsKeys: false, findsKeysLate: false, failed}, now())
  const recording = new Recording(recorder, {push: () => true, idle: async () => {}}, true)
  const end = (side: 0 | 1) => ({kind: 'chunk', chunk: {connection: 0, end: side, time: now(), close: 'fin'}}) as const
  const events = [
    ...begun(0),
    bytes(0, 0, new Uint8Array(128).fill(7)),
    bytes(0, 1, new Uint8Array(96).fill(8)),
    {kind: 'ending', connection: 0, time: now(), cause: 'idle'} as const,
    end(1),
    end(0),
    closed(0),
  ]
  for (const event of events) recording.push(event, 0)
  await recorder.close()
  return path
}

test('a connection that the proxy closed is not put down to the relay when its recording is read', async () => {
  const path = await recorded()
  const ends = recordsIn(await readAgain([path])).filter(({kind}) => kind === 'end')
  expect(ends[0]).toMatchObject({from: 'relay', findings: [{code: 'closed-by-proxy'}], fields: {causes: []}})
  if (!hasTshark) return
  const {stdout} = spawnSync('tshark', ['-r', path, '-Y', 'frame.comment', '-T', 'fields', '-e', 'frame.comment'], {
    encoding: 'utf8',
  })
  expect(stdout).toMatch(/^relay: .*no data for as long as --idle-timeout allows.* \[toxtcp closed-by-proxy /)
})
