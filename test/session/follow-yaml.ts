/** What one side sent at once. */
export interface Said {
  /** 0: the client. */
  readonly peer: 0 | 1
  readonly micros: number
  readonly hex: string
}

/** Text as `tshark -z follow,tcp,yaml` saves a stream: with peers and timestamps. */
export const followYaml = (all: readonly Said[]): string =>
  [
    'peers:',
    ...['127.0.0.1', '::1'].flatMap((host, peer) => [
      `  - peer: ${peer}`,
      `    host: ${host}`,
      `    port: ${peer === 0 ? 40_000 : 33_445}`,
    ]),
    'packets:',
    ...all.flatMap(({peer, micros, hex}, index) => [
      `  - packet: ${index + 1}`,
      `    peer: ${peer}`,
      `    timestamp: ${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}000`,
      '    data: !!binary |',
      ...(
        Buffer.from(hex, 'hex')
          .toString('base64')
          .match(/.{1,76}/g) ?? ['']
      ).map(line => `      ${line}`),
    ]),
    '',
  ].join('\n')
