import {describe, expect, it} from 'vitest'
import {type ProbeOptions, probe} from '../../src/actions/probe/probe.js'
import {RecordedIo} from '../terminal/recorded-io.js'
import {serve} from './services.js'

const key = 'c5'.repeat(32)
const usual = {
  count: 1,
  timeout: '1s',
  jobs: 1,
  rate: 1000,
  json: false,
  ascii: false,
  suite: false,
  allowRemote: false,
}

/** Where the metrics are, as the note says. */
const urlIn = (notes: string): string | undefined => /http:\S+/.exec(notes)?.[0]

describe('probe --interval', () => {
  it('prints a line for each probe, serves metrics, and ends with the status of the latest round', async () => {
    let connections = 0
    let reached = () => {}
    const third = new Promise<void>(done => {
      reached = done
    })
    const port = await serve(socket => {
      // Each probe makes one connection: at the third, two probes have ended.
      if (++connections === 3) reached()
      socket.end('SSH-2.0-x\r\n')
    })
    const recorded = new RecordedIo({})
    const stop = new AbortController()
    const running = probe(
      {...usual, targets: [`127.0.0.1:${port}`, key], interval: '1ms', metrics: '0', stop: stop.signal},
      recorded.io,
    )
    await third
    const text = await (await fetch(urlIn(recorded.stderr)!)).text()
    stop.abort()
    expect(await running).toBe(1)
    expect(recorded.stdout).toMatch(
      /^\d{4}-\S+Z not healthy: 127\.0\.0\.1:\d+: not Tox: it is SSH and says "SSH-2\.0-x"\n/,
    )
    const labels = `{relay="127.0.0.1:${port}",key="c5c5…c5c5"`
    expect(text).toContain(`\ntoxtcp_probe_healthy${labels}} 0\n`)
    expect(text).toContain(`\ntoxtcp_probe_fault${labels},fault="not_tox"} 1\n`)
    expect(text).toContain(`\ntoxtcp_probe_stage_ok${labels},stage="handshake"} 0\n`)
    expect(text).toMatch(/\n# TYPE toxtcp_probe_rounds_total counter\ntoxtcp_probe_rounds_total\{\S+\} [1-9]/)
  })

  it.each<[string, Partial<ProbeOptions>]>([
    ['--metrics is given without --interval', {metrics: '9100'}],
    ['--suite and --interval exclude each other', {suite: true, interval: '1s'}],
    ['--client waits for a client, and "127.0.0.1:1" is given as a relay', {client: '0'}],
    ['--interval "soon" is not a time', {interval: 'soon'}],
    ['--interval "0" leaves no time', {interval: '0'}],
    ['--timeout "0s" leaves no time', {timeout: '0s'}],
  ])('a mistake is named: %s', async (message, options) => {
    const run = probe({...usual, targets: ['127.0.0.1:1', key], ...options}, new RecordedIo({}).io)
    await expect(run).rejects.toThrow(message)
  })
})
