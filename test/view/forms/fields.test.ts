import {describe, expect, it} from 'vitest'
import {parseFieldOptions} from '../../../src/view/forms/field-options.js'
import {InputError} from '../../../src/wire/input-error.js'
import {printed} from '../print.js'
import {blank, hex, lonePacket} from '../records.js'

const ping = {...lonePacket(hex('04 0102030405060708'), 'client'), number: 1, packets: [3, 4, 9]}
const start = {...blank, kind: 'start' as const, number: 2}

const fields = (options: readonly string[], names: readonly string[], records = [ping, start]) =>
  printed(records, {format: 'fields', fields: names, fieldOptions: parseFieldOptions(options)})

describe('-T fields', () => {
  it('prints tabs between, nothing where a record has no such field', () => {
    expect(fields([], ['number', 'ping_request.ping_id', 'kind'])).toBe('1\t0102030405060708\tpacket\n2\t\tstart\n')
  })

  it('takes the options of tshark', () => {
    expect(fields(['header=y', 'separator=,'], ['number', 'packets'])).toBe('number,packets\n1,3,4,9\n2,\n')
    expect(fields(['occurrence=f'], ['packets'])).toBe('3\n\n')
    expect(fields(['occurrence=l'], ['packets'])).toBe('9\n\n')
    expect(fields(['aggregator=/s', 'quote=d'], ['packets', 'number'])).toBe('"3 4 9"\t"1"\n\t"2"\n')
    expect(fields(['quote=s', 'separator=/s'], ['number', 'kind'])).toBe("'1' 'packet'\n'2' 'start'\n")
  })

  it('prints the header even if there is no record', () => {
    expect(fields(['header=y'], ['number', 'time'], [])).toBe('number\ttime\n')
    expect(fields([], ['number'], [])).toBe('')
  })

  it.each([['separator=ab'], ['separator'], ['header=maybe'], ['quote=x'], ['occurrence='], ['aggregator=\n']])(
    'refuses -E %s',
    option => {
      expect(() => parseFieldOptions([option])).toThrow(InputError)
    },
  )

  it('refuses an option that only -T csv takes', () => {
    expect(() => fields(['formulas=y'], ['number'])).toThrow(InputError)
  })

  it('names the nearest option and field', () => {
    expect(() => parseFieldOptions(['seperator=,'])).toThrow(
      expect.objectContaining({hint: 'did you mean "separator"?'}),
    )
    expect(() => fields([], ['ping_requst.ping_id'])).toThrow(
      expect.objectContaining({hint: expect.stringContaining('"ping_request.ping_id"')}),
    )
    expect(() => fields([], [])).toThrow(InputError)
  })
})

describe('-T csv', () => {
  const csv = (options: readonly string[]) =>
    printed([ping, start], {
      format: 'csv',
      fields: ['number', 'packets'],
      fieldOptions: parseFieldOptions(options),
    })

  it('takes the header, separator and quotes of -E', () => {
    expect(csv([])).toBe('number,packets\n1,"3,4,9"\n2,\n')
    expect(csv(['header=n'])).toBe('1,"3,4,9"\n2,\n')
    expect(csv(['separator=;'])).toBe('number;packets\n1;3,4,9\n2;\n')
    expect(csv(['quote=d'])).toBe('"number","packets"\n"1","3,4,9"\n"2",""\n')
    expect(csv(['quote=s', 'header=n'])).toBe("'1','3,4,9'\n'2',''\n")
  })

  it('prints the columns that are chosen in place of those of the list', () => {
    expect(printed([ping], {format: 'csv', columns: ['type', 'number']})).toBe('type,number\nPingRequest,1\n')
    expect(() => printed([ping], {format: 'csv', columns: ['type'], fields: ['number']})).toThrow(InputError)
  })

  it('has the columns of the list, and a header', () => {
    expect(printed([ping, start], {format: 'csv'})).toBe(
      'number,time,connection,from,type,length,summary,findings\n1,,,client,PingRequest,9,0102030405060708,\n2,,,,Start,,,\n',
    )
  })

  it('quotes what must be quoted', () => {
    const forward = lonePacket(hex('0a 02 01020304 82a5 00'), 'client')
    expect(printed([{...forward, packets: [1, 2]}], {format: 'csv', fields: ['type', 'packets']})).toBe(
      'type,packets\nforward_request,"1,2"\n',
    )
  })
})

describe('cells that a spreadsheet would run', () => {
  const proxied = (destination: string) => ({
    ...blank,
    kind: 'prelude' as const,
    prelude: {proxy: 'socks5' as const, destination, bytes: [1, 1] as const},
  })
  const cell = (destination: string, fieldOptions: readonly string[] = []) =>
    printed([proxied(destination)], {
      format: 'csv',
      fields: ['prelude.destination'],
      fieldOptions: parseFieldOptions(fieldOptions),
    }).split('\n')[1]

  it.each([
    ['=1+1', "'=1+1"],
    ['+cmd|x', "'+cmd|x"],
    ['-2+3', "'-2+3"],
    ['@SUM(1,2)', '"\'@SUM(1,2)"'],
    [' =1+1', "' =1+1"],
    ['\uff1d1+1', "'\uff1d1+1"],
    // Where a semicolon separates cells.
    ['a;=1+1', "a;'=1+1"],
    ['a; @SUM(1)', "a;' @SUM(1)"],
    ['a;"=1+1', '"a;\'""=1+1"'],
    ['=1;-2+3', "'=1;'-2+3"],
    ['a; b', 'a; b'],
    ['example.org:80', 'example.org:80'],
    ['-0.5', '-0.5'],
    ['+12', '+12'],
  ])('get a quote in front: %s is %s', (destination, expected) => {
    expect(cell(destination)).toBe(expected)
  })

  it('stay as they are with -E formulas=y', () => {
    expect(cell('=1+1', ['formulas=y'])).toBe('=1+1')
  })
})

describe('-T ek', () => {
  it('is pairs of lines that a bulk request takes', () => {
    const record = {
      ...lonePacket(hex(`06 ${'9f'.repeat(32)} 18 ${'aa'.repeat(144)}`), 'client'),
      time: {micros: 1_795_399_253_018_285, nanos: 0},
    }
    const lines = printed([record], {format: 'ek'}).split('\n')
    expect(lines.length).toBe(3)
    expect(JSON.parse(lines[0]!)).toEqual({index: {_index: 'toxtcp-2026-11-23'}})
    expect(JSON.parse(lines[1]!)).toMatchObject({
      timestamp: 1_795_399_253_018,
      time: '2026-11-23T02:00:53.018285Z',
      type: 'oob_send',
      oob_send_destination_pk: '9f'.repeat(32),
      inner_type: 'cookie_request',
      inner_state: 'sealed',
      cookie_request_pk: 'aa'.repeat(32),
    })
  })

  it('flattens addresses and findings, and leaves out what is unknown', () => {
    const forward = JSON.parse(
      printed([lonePacket(hex('0a 02 01020304 82a5 00'), 'client')], {format: 'ek'}).split('\n')[1]!,
    )
    expect(forward).toMatchObject({
      forward_request_ip_port_ip: '1.2.3.4',
      forward_request_ip_port_port: 33445,
      finding_code: ['forward-request-tox-rs'],
      finding_severity: ['warn'],
    })
    for (const name of ['time', 'timestamp', 'client', 'packets', 'inner']) expect(forward).not.toHaveProperty(name)
    for (const value of Object.values(forward)) expect(Array.isArray(value) || typeof value !== 'object').toBe(true)
  })
})
