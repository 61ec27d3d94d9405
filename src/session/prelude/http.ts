import {type DialogueStep, latin1, printable} from './step.js'

/** Bytes of a request or response head that are looked at. */
const headBytes = 8192
const connect = 'CONNECT '

/** `CONNECT host:port HTTP/1.1`, headers, an empty line; answer `HTTP/1.x 200`. */
export function httpStep(client: Uint8Array, relay: Uint8Array): DialogueStep | 'more' | undefined {
  const start = blankStart(client)
  const request = client.subarray(start)
  const beginning = latin1(request, connect.length)
  if (beginning.length < connect.length && connect.startsWith(beginning)) return 'more'
  if (beginning !== connect) return undefined
  const asked = headEnd(request)
  const skipped = provisional(relay)
  if (typeof skipped !== 'number') return skipped
  const response = relay.subarray(skipped)
  const answered = headEnd(response)
  if (asked === undefined || answered === undefined) return undefined
  if (asked === 'more' || answered === 'more') return 'more'
  const status = /^HTTP\/1\.[01] (\d\d\d)[ ]?([^\r\n]*)/.exec(latin1(response, headBytes))
  if (!status) return undefined
  const destination = printable(latin1(request, asked).split(' ')[1] ?? '')
  const isGranted = status[1]!.startsWith('2')
  const body = isGranted ? 0 : bodySize(response, answered)
  return {
    proxy: 'http',
    destination,
    bytes: [start + asked, skipped + answered + body],
    ...(!isGranted && {refusal: `HTTP status ${`${status[1]} ${status[2]!.replace(/[^ -~]/g, '?')}`.trim()}`}),
  }
}

/** Bytes of line ends before a request that are passed over. */
const mostBlank = 4

/** Line ends before a request, which RFC 9112 section 2.2 lets a receiver ignore. */
function blankStart(bytes: Uint8Array): number {
  let at = 0
  while (at < mostBlank && (bytes[at] === 13 || bytes[at] === 10)) at++
  return at
}

/** Bytes of the answers of status 1xx that come before the real one. */
function provisional(relay: Uint8Array): number | 'more' | undefined {
  let at = 0
  while (/^HTTP\/1\.[01] 1/.test(latin1(relay.subarray(at), 10))) {
    const end = headEnd(relay.subarray(at))
    if (typeof end !== 'number') return end
    at += end
  }
  return at
}

// RFC 9112 section 2.2 lets a receiver take a bare line feed for the end of a line; c-toxcore ends its request line
// with one.
const blankLine = /\r?\n\r?\n/

function headEnd(bytes: Uint8Array): number | 'more' | undefined {
  const blank = blankLine.exec(latin1(bytes, headBytes))
  if (blank) return blank.index + blank[0].length
  return bytes.length >= headBytes ? undefined : 'more'
}

/** Bytes that follow the head of a refusal, as far as they are there: by its length, by chunks, else to the end. */
function bodySize(response: Uint8Array, head: number): number {
  const left = response.length - head
  const headers = latin1(response, head)
  const length = /\ncontent-length:[ \t]*(\d+)/i.exec(headers)
  if (length) return Math.min(left, Number(length[1]))
  if (!/\ntransfer-encoding:[^\n]*chunked/i.test(headers)) return /\nconnection:[ \t]*close/i.test(headers) ? left : 0
  const end = /(?:^|\r\n)0+\r\n\r\n/.exec(latin1(response.subarray(head), headBytes))
  return end ? end.index + end[0].length : left
}
