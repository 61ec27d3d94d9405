import fc from 'fast-check'
import {beforeAll, describe, expect, it} from 'vitest'
import type {SessionRecord} from '../../../src/session/record.js'
import {fullSummaryOf} from '../../../src/tree/headline.js'
import {escapeText, inSigns} from '../../../src/view/escape.js'
import {shortFindings} from '../../../src/view/findings.js'
import {InputError} from '../../../src/wire/input-error.js'
import {printed} from '../print.js'
import {smallRecords} from '../records.js'
import {brokenScene, damagedScene, events} from '../scene.js'

let all: readonly SessionRecord[]
beforeAll(async () => {
  // Of the many records that look alike, some.
  const small = (await smallRecords()).filter((_, index) => index < 8 || index % 9 === 0)
  all = [...small, ...(await damagedScene()), ...brokenScene(), ...events]
})

describe('list', () => {
  it('fits every width', () => {
    fc.assert(
      fc.property(fc.integer({min: 20, max: 220}), fc.boolean(), (width, isAscii) => {
        for (const line of printed(all, {width, isAscii}).split('\n')) expect(line.length).toBeLessThanOrEqual(width)
      }),
      {numRuns: 30},
    )
  })

  it('has one line for each record, and the header once', () => {
    expect(printed(all).trimEnd().split('\n').length).toBe(all.length + 1)
    expect(printed([])).toMatch(/^ +NO +TIME .*SUMMARY +FINDINGS\n$/)
  })

  it('cuts nothing where the width is not known', () => {
    const text = printed(all, {width: Number.POSITIVE_INFINITY})
    expect(text).not.toMatch(/\.\.$|…/m)
    expect(text).toContain('OnionAnnounceResponse sendback 00cde601fb254723, 88 bytes sealed')
  })

  it('is where the width is not known what it is on a terminal that is wide enough', () => {
    for (const columns of [undefined, ['number', 'summary', 'type', 'findings'], ['findings', 'length']])
      expect(printed(all, {width: Number.POSITIVE_INFINITY, columns})).toBe(printed(all, {width: 10_000, columns}))
  })

  it('is the same with colours, but for the colours', () => {
    const colored = printed(all, {colorLevel: 3})
    expect(colored).toContain('\u001b[')
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(printed(all))
  })

  it('does not show chat', () => {
    const sealed = printed(all.filter(({findings}) => findings.some(({code}) => code === 'frame-mac-again')))
    expect(sealed).not.toContain('frame-mac-again')
  })

  it('shows findings worst first', () => {
    const [record] = brokenScene()
    const findings = [...brokenScene()[7]!.findings, ...brokenScene()[1]!.findings]
    expect(printed([{...record!, findings}], {width: 200})).toContain(
      'error packet-too-short, warn forward-request-tox-rs',
    )
  })

  it.each(['r', 'a', 'ad', 'e'] as const)('has SUMMARY above summaries at every width, with -t %s', timeForm => {
    for (let width = 60; width <= 200; width++) {
      const [head, ...rows] = printed(all, {width, timeForm}).split('\n')
      const at = head!.indexOf('SUMMARY')
      expect(at, `width ${width}`).toBeGreaterThan(0)
      expect(head, `width ${width}`).toMatch(/ (?:FINDINGS|F)$/)
      const ping = rows.find(row => row.includes('PingReq'))!
      expect(ping.slice(at - 1, at + 1), `width ${width}`).toMatch(/^ [0-9a-f]/)
    }
  })

  it('leaves every summary at least eight columns, and shows at least the number of findings', () => {
    for (let width = 60; width <= 200; width++) {
      const [, ...rows] = printed(all, {width}).trimEnd().split('\n')
      const full = printed(all, {width: Number.POSITIVE_INFINITY}).trimEnd().split('\n').slice(1)
      for (const [index, record] of all.entries()) {
        if (shortFindings(record).length > 0)
          expect(rows[index], `width ${width}`).toMatch(/ ([EWN]\+\d+|([EWN]|error|warn|note) [a-z-]{6,}.*)$/)
        // Seven characters and an ellipsis are left of the longest summary.
        const summary = inSigns(escapeText(fullSummaryOf(record)), true).slice(0, 6)
        expect(rows[index], `width ${width}`).toContain(summary)
        expect(inSigns(full[index]!, true)).toContain(summary)
      }
    }
  })

  it('shows every column that was asked for at every width from 60 on, under its heading', () => {
    const names = ['number', 'time', 'from', 'type', 'length', 'packets', 'ends', 'key', 'oob_send.destination_pk']
    const [ping] = all.filter(({window}) => window?.type.name === 'oob_send')
    for (let width = 60; width <= 200; width++) {
      const [head, row] = printed([ping!], {width, columns: [...names, 'findings']}).split('\n')
      expect(head!.trim().split(/\s+/).length, `width ${width}`).toBe(names.length + 1)
      expect(row!.length).toBeLessThanOrEqual(width)
      const starts = [...head!.matchAll(/(?<= )\S+/g)].map(({index}) => index)
      const at = head!.search(/TYPE/)
      expect(row!.slice(at, at + 3), `width ${width}`).toBe('Oob')
      expect(starts.length).toBeGreaterThanOrEqual(names.length)
    }
  })

  it('keeps short forms where long ones would not fit', () => {
    const row = (width: number) => printed(all, {width}).split('\n')[2]!
    expect(row(120)).toMatch(/ client ClientHandshake /)
    expect(row(160)).toMatch(/ client > relay ClientHandshake /)
  })

  it('shortens findings to the worst one where they would leave no room for the summary', () => {
    const [record] = brokenScene()
    const findings = [...brokenScene()[7]!.findings, ...brokenScene()[1]!.findings]
    const row = printed([{...record!, findings}], {width: 100}).split('\n')[1]!
    expect(row).toMatch(/ E packet-too-short \+\d$/)
    expect(printed([{...record!, findings}], {width: Number.POSITIVE_INFINITY})).not.toMatch(/ \+\d$/m)
  })

  it('names the nearest column', () => {
    expect(() => printed(all, {columns: ['nmber']})).toThrow(InputError)
    expect(() => printed(all, {columns: ['nmber']})).toThrow(expect.objectContaining({hint: 'did you mean "number"?'}))
  })
})

describe('tree', () => {
  it('fits every width from 80 columns on, except for dumps', () => {
    fc.assert(
      fc.property(fc.integer({min: 80, max: 200}), fc.boolean(), (width, hasConnections) => {
        for (const line of printed(all, {format: 'tree', width, hasConnections}).split('\n'))
          expect(line.length).toBeLessThanOrEqual(width)
      }),
      {numRuns: 15},
    )
  })

  it('fits 80 columns with dumps', () => {
    for (const line of printed(all, {format: 'tree', hex: true}).split('\n'))
      expect(line.length).toBeLessThanOrEqual(80)
  })

  it('is the same with colours, but for the colours', () => {
    expect(printed(all, {format: 'tree', colorLevel: 2}).replace(/\u001b\[\d+m/g, '')).toBe(
      printed(all, {format: 'tree'}),
    )
  })

  it('is pure ASCII where asked for, whatever the addresses hold', () => {
    expect(printed(all, {format: 'tree', hex: true})).toMatch(/^[\n\x20-\x7e]*$/)
    expect(printed(all, {format: 'list', hex: true})).toMatch(/^[\n\x20-\x7e]*$/)
  })
})
