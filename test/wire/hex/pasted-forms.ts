/** Bytes that every row stands for: a ping with all kinds of values. */
export const pastedBytes = '04000000010a419eff'

/** Where a text comes from, the text, and what it is understood as. */
export type PastedForm = readonly [origin: string, text: string, about: string]

/** One row a form: texts as the programs and languages print them. */
export const pastedForms: readonly PastedForm[] = [
  ['hex', '04000000010a419eff', 'hex'],
  ['hex with colons, as tshark prints fields', '04:00:00:00:01:0a:41:9e:ff', 'hex'],
  ['hex with dashes, as .NET BitConverter prints', '04-00-00-00-01-0A-41-9E-FF', 'hex'],
  ['a shell string for printf', '\\x04\\x00\\x00\\x00\\x01\\x0a\\x41\\x9e\\xff', 'hex'],
  ['MySQL', '0x04000000010A419EFF', 'hex'],
  ['Rust {:?}', '[4, 0, 0, 0, 1, 10, 65, 158, 255]', 'a decimal array'],
  [
    'Rust {:#?}',
    '[\n    4,\n    0,\n    0,\n    0,\n    1,\n    10,\n    65,\n    158,\n    255,\n]',
    'a decimal array',
  ],
  ['Rust {:x?}', '[4, 0, 0, 0, 1, a, 41, 9e, ff]', 'a hex array'],
  ['Rust {:02x?}', '[04, 00, 00, 00, 01, 0a, 41, 9e, ff]', 'a hex array'],
  ['Rust {:#04x?}', '[0x04, 0x00, 0x00, 0x00, 0x01, 0x0a, 0x41, 0x9e, 0xff]', 'an array of source code'],
  ['Rust bytes::Bytes', String.raw`b"\x04\0\0\0\x01\nA\x9e\xff"`, 'a string with escaped bytes'],
  ['Go %v', '[4 0 0 0 1 10 65 158 255]', 'a decimal array'],
  ['Go %x', '04000000010a419eff', 'hex'],
  ['Go % x', '04 00 00 00 01 0a 41 9e ff', 'hex'],
  ['Go %#v', '[]byte{0x4, 0x0, 0x0, 0x0, 0x1, 0xa, 0x41, 0x9e, 0xff}', 'an array of source code'],
  ['Go %q', String.raw`"\x04\x00\x00\x00\x01\nA\x9e\xff"`, 'a string with escaped bytes'],
  ['Java Arrays.toString', '[4, 0, 0, 0, 1, 10, 65, -98, -1]', 'an array of signed bytes'],
  [
    'Java source',
    '{(byte)0x04, 0x00, 0x00, 0x00, 0x01, 0x0a, 0x41, (byte)0x9e, (byte)0xff}',
    'an array of source code',
  ],
  ['Python bytes', String.raw`b'\x04\x00\x00\x00\x01\nA\x9e\xff'`, 'a string with escaped bytes'],
  ['Python bytearray', String.raw`bytearray(b'\x04\x00\x00\x00\x01\nA\x9e\xff')`, 'a string with escaped bytes'],
  ['Python list', '[4, 0, 0, 0, 1, 10, 65, 158, 255]', 'a decimal array'],
  ['Python array', "array('B', [4, 0, 0, 0, 1, 10, 65, 158, 255])", 'a decimal array'],
  ['NumPy', '[  4   0   0   0   1  10  65 158 255]', 'a decimal array'],
  ['NumPy repr', 'array([  4,   0,   0,   0,   1,  10,  65, 158, 255], dtype=uint8)', 'a decimal array'],
  ['Node.js Buffer', '<Buffer 04 00 00 00 01 0a 41 9e ff>', 'a Buffer of Node.js'],
  ['Node.js Buffer in JSON', '{"type":"Buffer","data":[4,0,0,0,1,10,65,158,255]}', 'a decimal array'],
  ['JavaScript Uint8Array', 'Uint8Array(9) [\n    4, 0, 0, 0, 1,\n   10, 65, 158, 255\n]', 'a decimal array'],
  ['JavaScript join', '4,0,0,0,1,10,65,158,255', 'decimal numbers'],
  ['Erlang binary', '<<4,0,0,0,1,10,65,158,255>>', 'a decimal array'],
  ['Elixir hex', '<<0x04, 0x00, 0x00, 0x00, 0x01, 0x0A, 0x41, 0x9E, 0xFF>>', 'an array of source code'],
  ['Erlang 16#', '<<16#04,0,0,0,1,16#0A,16#41,16#9E,16#FF>>', 'an array of source code'],
  ['octal escapes of C', String.raw`"\004\000\000\000\001\nA\236\377"`, 'a string with escaped bytes'],
  ['octal escapes bare', String.raw`\004\000\000\000\001\012\101\236\377`, 'a string with escaped bytes'],
  ['\\u00 escapes of JSON', String.raw`"\u0004\u0000\u0000\u0000\u0001\nA\u009e\u00ff"`, 'a string with escaped bytes'],
  ['SQL standard', "X'04000000010A419EFF'", 'a literal of SQL'],
  ['SQLite in a statement', "INSERT INTO t VALUES (x'04000000010a419eff');", 'a literal of SQL'],
  ['PostgreSQL bytea', String.raw`'\x04000000010a419eff'`, 'a literal of SQL'],
  ['URL', '%04%00%00%00%01%0AA%9E%FF', 'text with percent signs'],
  ['base64', 'BAAAAAEKQZ7/', 'base64'],
  ['base64 for URLs', 'BAAAAAEKQZ7_', 'base64 for URLs'],
  ['gdb x/9xb', '0x7ffe3a0:\t0x04\t0x00\t0x00\t0x00\t0x01\t0x0a\t0x41\t0x9e\n0x7ffe3a8:\t0xff', 'a hex dump'],
  ['gdb print of an array', String.raw`$1 = "\004\000\000\000\001\nA\236\377"`, 'a string with escaped bytes'],
  [
    'gdb print with repeats',
    String.raw`$1 = "\004", '\000' <repeats 3 times>, "\001\nA\236\377"`,
    'a string with escaped bytes',
  ],
  ['lldb memory read', '0x7ffe3a0: 04 00 00 00 01 0a 41 9e ff                       .....?A..', 'a hex dump'],
  ['tshark -T json', '"tcp.payload": "04:00:00:00:01:0a:41:9e:ff",', '"tcp.payload" of JSON'],
  [
    'JSON with several members',
    '{"frame.number": "12", "port": "33445", "payload": "04000000010a419eff"}',
    '"payload" of JSON',
  ],
  ['JSON with an array', '{"payload": [4, 0, 0, 0, 1, 10, 65, 158, 255]}', 'a decimal array'],
  [
    'tcpdump -X with its heading',
    '02:00:53.018 IP 10.0.0.1.5 > 10.0.0.2.6: Flags [P.], length 9\n' +
      '\t0x0000:  0400 0000 010a 419e ff                   ......A..',
    'a hex dump',
  ],
  [
    'HxD',
    'Offset(h) 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F\n\n' +
      '00000000  04 00 00 00 01 0A 41 9E FF                       ......Ažÿ',
    'a hex dump',
  ],
  [
    'PowerShell Format-Hex',
    '           00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F\n\n' +
      '00000000   04 00 00 00 01 0A 41 9E FF                       ......A.ÿ',
    'a hex dump',
  ],
  [
    'hexyl',
    '┌────────┬─────────────────────────┬─────────────────────────┬────────┬────────┐\n' +
      '│00000000│ 04 00 00 00 01 0a 41 9e ┊ ff                      │•⋄⋄⋄•_A×┊×       │\n' +
      '└────────┴─────────────────────────┴─────────────────────────┴────────┴────────┘',
    'a hex dump',
  ],
  ['a log with a time and a count', '2026-11-23 02:00:53.018 DEBUG recv 9 bytes: 04000000010a419eff', 'a log line'],
  ['a log in colours', '\u001b[32mINFO\u001b[0m data: 04 00 00 00 01 0a 41 9e ff', 'a log line'],
  ['a log with a name', 'data=04:00:00:00:01:0a:41:9e:ff', 'a log line'],
  ['a log of a call', 'recv(9): 04 00 00 00 01 0a 41 9e ff', 'a log line'],
  ['a log with a length before', 'len=9 04 00 00 00 01 0a 41 9e ff', 'a log line'],
  ['a log whose count may be hex', 'send 09 bytes 04 00 00 00 01 0a 41 9e ff', 'a log line'],
  ['a log in brackets', '[2026-11-23 02:00:53 +0000] [12] DEBUG: payload=0x04000000010a419eff', 'a log line'],
  ['a log that goes on', '[INFO] packet 04000000010a419eff (client 3)', 'a log line'],
  ['a log in JSON', '{"level":"debug","time":1795399253,"msg":"recv","hex":"04000000010a419eff"}', '"hex" of JSON'],
  ['a log with an array', 'TRACE tox::relay: received data=[4, 0, 0, 0, 1, 10, 65, 158, 255]', 'a decimal array'],
]
