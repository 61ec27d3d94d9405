import type {PastedForm} from './pasted-forms.js'

/** Rows as in `pastedForms`: bytes in chats and sentences, of loggers of small devices, in spreadsheets. */
export const prosePastedForms: readonly PastedForm[] = [
  [
    'Zephyr LOG_HEXDUMP',
    '[00:00:01.234,000] <dbg> net_tox: recv: received\n                                      04 00 00 00 01 0a 41 9e  ff                      |......A. .       ',
    'rows of hex and text',
  ],
  [
    'Zephyr hexdump below a word',
    'recv\n04 00 00 00 01 0a 41 9e  ff                      |......A. .       ',
    'rows of hex and text',
  ],
  ['sentence with a comma', 'The relay sends 04 00 00 00 01 0a 41 9e ff, then closes.', 'hex'],
  ['question', 'why does it answer with 04:00:00:00:01:0a:41:9e:ff?', 'hex'],
  ['ESP-IDF buffer', 'I (1234) tox: 04 00 00 00 01 0a 41 9e ff ', 'a log line'],
  [
    'ESP-IDF hexdump',
    'I (328) tox: 0x3ffb1234   04 00 00 00 01 0a 41 9e  ff                       |......A..|',
    'a hex dump',
  ],
  ['Slack bullet', '• 04 00 00 00 01 0a 41 9e ff', 'hex'],
  ['WeeChat', '12:34:56 @iphy | 04 00 00 00 01 0a 41 9e ff', 'a log line'],
  ['Telegram export', 'iphy, [29.11.2026 09:10]\n04 00 00 00 01 0a 41 9e ff', 'hex'],
  [
    'spreadsheet with places',
    '0\t04\n1\t00\n2\t00\n3\t00\n4\t01\n5\t0a\n6\t41\n7\t9e\n8\tff',
    'rows with their numbers',
  ],
  [
    'Rust tracing with a span',
    '2026-11-29T09:10:11.123456Z DEBUG relay{id=3}: tox::relay: received bytes=[4, 0, 0, 0, 1, 10, 65, 158, 255]',
    'an array inside a line',
  ],
  ['YAML list', '- 4\n- 0\n- 0\n- 0\n- 1\n- 10\n- 65\n- 158\n- 255', 'a list of YAML'],
  [
    'openssl s_client -debug',
    'write to 0x55 [0x56] (9 bytes => 9 (0x9))\n0000 - 04 00 00 00 01 0a 41 9e-ff                        ......A..',
    'a hex dump',
  ],
  ['Arduino Serial.print HEX', '4 0 0 0 1 A 41 9E FF', 'hex digits'],
  [
    'pytest assertion',
    "E       AssertionError: assert b'\\x04\\x00\\x00\\x00\\x01\\nA\\x9e\\xff' == b''",
    'a string with escaped bytes',
  ],
  ['mitmproxy hex view', '0000000000 04 00 00 00 01 0a 41 9e ff                       ......A..', 'hex'],
  ['Verilog sized literals', "8'h04, 8'h00, 8'h00, 8'h00, 8'h01, 8'h0a, 8'h41, 8'h9e, 8'hff", 'hex'],
  ['Verilog $readmemh', '@00000000 04 00 00 00 01 0a 41 9e ff', 'hex'],
  ['BBCode', '[code]04 00 00 00 01 0a 41 9e ff[/code]', 'hex'],
  ['WhatsApp', '[29.11.26, 09:10:11] Iphy: 04 00 00 00 01 0a 41 9e ff', 'a log line'],
  ['Signal with a time', 'Iphy · 09:10\n04 00 00 00 01 0a 41 9e ff', 'hex'],
  ['Discord', 'Iphy — Today at 9:10 AM\n04 00 00 00 01 0a 41 9e ff', 'hex'],
  ['sentence with a time', 'so I see 04 00 00 00 01 0a 41 9e ff and nothing else at 09:10', 'hex'],
  [
    'YAML list with its name',
    'data:\n  - 4\n  - 0\n  - 0\n  - 0\n  - 1\n  - 10\n  - 65\n  - 158\n  - 255',
    'a list of YAML',
  ],
  ['CSV with places', '1,04\n2,00\n3,00\n4,00\n5,01\n6,0a\n7,41\n8,9e\n9,ff', 'rows with their numbers'],
  ['ncat -x with a gap', '[0000]   04 00 00 00 01 0A 41 9E   FF                     ......A. .', 'a hex dump'],
]
