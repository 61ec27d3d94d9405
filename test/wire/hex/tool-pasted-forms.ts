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
  ['IDA dup', '.data:00404000 packet db 4, 3 dup(0), 1, 0Ah, 41h, 9Eh, 0FFh', 'bytes of an assembler'],
  [
    'IDA dup, a directive a line',
    '.data:00404000 packet          db 4\n.data:00404001                 db 3 dup(0)\n.data:00404004                 db 1, 0Ah, 41h\n.data:00404007 db 9Eh, 0FFh',
    'bytes of an assembler',
  ],
  ['MASM dup and a character', 'buf db 04h, 3 dup (0), 1, 0Ah, "A", 9Eh, 0FFh', 'bytes of an assembler'],
  ['IDA character', "db 4,0,0,0,1,0Ah,'A',9Eh,0FFh", 'bytes of an assembler'],
  ['NASM times', 'db 4\ntimes 3 db 0\ndb 1, 10, 65, 158, 255', 'bytes of an assembler'],
  ['gas .zero', '\t.byte 4\n\t.zero 3\n\t.byte 1, 10, 65, 158, 255', 'bytes of an assembler'],
  [
    'gcc -S',
    'packet:\n\t.string\t"\\004"\n\t.string\t""\n\t.string\t""\n\t.ascii\t"\\001\\nA\\236\\377"',
    'bytes of an assembler',
  ],
  ['xxd -e, a row without its characters', '00000000: 00000004 9e410a01       ff', 'a dump of little-endian words'],
  ['xxd -e -g 2', '00000000: 0004 0000 0a01 9e41   ff                 ......A..', 'a dump of little-endian words'],
  ['valgrind with a short address', '==1== 0x4: 04 00 00 00 01 0a 41 9e ff', 'a hex dump'],
  [
    'objdump -s',
    '\np.o:     file format elf64-x86-64\n\nContents of section .data:\n 0000 04000000 010a419e ff                 ......A..       ',
    'a hex dump',
  ],
  [
    'readelf -x',
    "\nHex dump of section '.data':\n  0x00000000 04000000 010a419e ff                ......A..\n",
    'a hex dump',
  ],
  [
    'objdump -D',
    '\np.bin:     file format binary\n\n\nDisassembly of section .data:\n\n00000000 <.data>:\n   0:\t04 00                \tadd    $0x0,%al\n   2:\t00 00                \tadd    %al,(%eax)\n   4:\t01 0a                \tadd    %ecx,(%edx)\n   6:\t41                   \tinc    %ecx\n   7:\t9e                   \tsahf\n   8:\tff                   \t.byte 0xff',
    'a hex dump',
  ],
  [
    'Python list of bin()',
    "['0b100', '0b0', '0b0', '0b0', '0b1', '0b1010', '0b1000001', '0b10011110', '0b11111111']",
    'binary digits',
  ],
  [
    'Zig, slices that differ',
    'slices differ. first difference occurs at index 0 (0x0)\n\n============ expected this output: =============  len: 9 (0x9)\n\n04 00 00 00 01 0A 41 9E  FF                       ......A..',
    'hex',
  ],
  [
    'ngrep -x',
    'T 127.0.0.1:40000 -> 127.0.0.1:33445 [AP] #4\n  04 00 00 00 01 0a 41 9e    ff                           ......A..        ',
    'hex',
  ],
  [
    'ngrep -x with its headings',
    'interface: lo (127.0.0.0/255.0.0.0)\nfilter: ( tcp port 33445 ) and ((ip || ip6) || (vlan && (ip || ip6)))\n####\nT 127.0.0.1:40000 -> 127.0.0.1:33445 [AP] #4\n  04 00 00 00 01 0a 41 9e    ff                           ......A..        ',
    'hex',
  ],
  [
    'gdb x/9tb',
    '0x7ffff7a01000:\t00000100\t00000000\t00000000\t00000000\t00000001\t00001010\t01000001\t10011110\n0x7ffff7a01008:\t11111111',
    'binary digits',
  ],
  ['nc -o', '> 00000000 04 00 00 00 01 0a 41 9e ff                       # ......A..', 'a hex dump'],
  ['Cheat Engine', '00401000 - 04 00 00 00 01 0A 41 9E - FF', 'a hex dump'],
  ['Dr. Watson', '0012ff00  04 00 00 00 01 0a 41 9e - ff                       ......A..', 'a hex dump'],
  ['debug of DOS, without its characters', '0B2C:0100  04 00 00 00 01 0A 41 9E-FF', 'a hex dump'],
  [
    'Snort',
    '02:00:53.018293 127.0.0.1:40000 -> 127.0.0.1:33445\nTCP TTL:64 TOS:0x0 ID:1 IpLen:20 DgmLen:61 DF\n04 00 00 00 01 0A 41 9E FF                       ......A..\n\n=+=+=+=+=+=+=+=+',
    'hex',
  ],
  ['a router, a tab after the offset', '0x0000\t 0400 0000 010a 419e ff', 'a hex dump'],
  ['Xcode', '0x600000 04 00 00 00 01 0a 41 9e ff', 'a hex dump'],
  [
    'rizin px',
    '- offset -  0 1  2 3  4 5  6 7  8 9  A B  C D  E F  0123456789ABCDEF\n0x00000000 0400 0000 010a 419e ff                   ......A..',
    'a hex dump',
  ],
  ['rows with a gap and their characters, after a heading', 'packet:\n04 00 00 00 01 0a 41 9e  ff   ......A..', 'hex'],
  ['a row with a gap and its characters', '04 00 00 00 01 0a 41 9e  ff                       ......A..', 'hex'],
  [
    'pwndbg hexdump',
    '+0000 0x7fffffffe300  04 00 00 00  01 0a 41 9e  ff                        │....│..A.│.│',
    'a hex dump',
  ],
]
