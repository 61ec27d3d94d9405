import type {PastedForm} from './pasted-forms.js'

/** Rows as in `pastedForms`: strings beside other strings, and what assemblers, debuggers and sniffers print. */
export const toolPastedForms: readonly PastedForm[] = [
  [
    'Python recvfrom',
    String.raw`(b'\x04\x00\x00\x00\x01\nA\x9e\xff', ('127.0.0.1', 33445))`,
    'a string with escaped bytes',
  ],
  [
    'Python dict',
    String.raw`{'type': 'ping', 'data': b'\x04\x00\x00\x00\x01\nA\x9e\xff'}`,
    'a string with escaped bytes',
  ],
  [
    'JSON with a type',
    String.raw`{"type": "ping", "data": "\u0004\u0000\u0000\u0000\u0001\nA\u009e\u00ff"}`,
    'a string with escaped bytes',
  ],
  [
    'JSON with a name in escapes',
    String.raw`{"name": "Z\u00fcrich", "payload": "\u0004\u0000\u0000\u0000\u0001\nA\u009e\u00ff"}`,
    'a string with escaped bytes',
  ],
  [
    'Python logging with a name',
    String.raw`INFO:root:from "alice": b'\x04\x00\x00\x00\x01\nA\x9e\xff'`,
    'a string with escaped bytes',
  ],
  ['Ruby hash', String.raw`{:type=>"ping", :data=>"\x04\x00\x00\x00\x01\nA\x9E\xFF"}`, 'a string with escaped bytes'],
  [
    'Rust struct with bytes::Bytes',
    String.raw`Packet { kind: "ping", data: b"\x04\0\0\0\x01\nA\x9e\xff" }`,
    'a string with escaped bytes',
  ],
  [
    'strace sendto',
    String.raw`sendto(5, "\4\0\0\0\1\nA\236\377", 9, MSG_NOSIGNAL, {sa_family=AF_INET, sin_port=htons(33445), sin_addr=inet_addr("127.0.0.1")}, 16) = 9`,
    'a string with escaped bytes',
  ],
  [
    'gdb vector of unsigned char',
    String.raw`$1 = {4 '\004', 0 '\000', 0 '\000', 0 '\000', 1 '\001', 10 '\n', 65 'A', 158 '\236', 255 '\377'}`,
    'a string with escaped bytes',
  ],
  [
    'gdb array of unsigned char with repeats',
    String.raw`$1 = {4 '\004', 0 '\000' <repeats 3 times>, 1 '\001', 10 '\n', 65 'A', 158 '\236', 255 '\377'}`,
    'a string with escaped bytes',
  ],
  [
    'GoogleTest',
    String.raw`{ '\x4' (4), '\0', '\0', '\0', '\x1' (1), '\n' (10, 0xA), 'A' (65, 0x41), '\x9E' (158), '\xFF' (255) }`,
    'a string with escaped bytes',
  ],
]
