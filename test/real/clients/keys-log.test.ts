import {execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, readFileSync, rmSync, statSync, watch, writeFileSync} from 'node:fs'
import {type AddressInfo, connect, createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Readable} from 'node:stream'
import {fileURLToPath} from 'node:url'
import {afterAll, describe, expect, test} from 'vitest'
import {toxtcp} from '../../commands/program.js'
import {found, secretsOfLog} from '../../commands/secrets/secrets.js'
import {missing} from '../toxcore/present.js'
import {startRelay} from '../toxcore/relay.js'
import {RemoteClient} from '../toxcore/remote.js'

const reason = missing()
if (reason) console.warn(`test/real/clients/keys-log.test.ts is skipped: ${reason}`)

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-keys-log-'))
afterAll(() => rmSync(folder, {recursive: true}))

const program = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))
const logging = (log: string, ...flags: string[]): string[] => [
  process.execPath,
  program,
  'keys',
  'log',
  '--out',
  log,
  ...flags,
  '--',
]

const linesOf = (log: string, label: string): string[] =>
  readFileSync(log, 'utf8')
    .split('\n')
    .filter(line => line.startsWith(`${label} `))

/**
 * C programs with one TCP connection, to the port that they are given or on one that they print. They run until their
 * input ends, and end with status 3.
 */
const programOf = (connect: string): string => `
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int count, char **words)
{
    struct sockaddr_in end = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof end;
    int file = socket(AF_INET, SOCK_STREAM, 0);
    char byte;

    end.sin_port = htons(count > 1 ? atoi(words[1]) : 0);
    ${connect}
    return read(0, &byte, 1) == 0 ? 3 : 1;
}`
const programs = {
  connects: programOf('if (connect(file, (struct sockaddr *)&end, size)) return 1;'),
  accepts: programOf(String.raw`
    if (bind(file, (struct sockaddr *)&end, size) || listen(file, 1)) return 1;
    if (getsockname(file, (struct sockaddr *)&end, &size)) return 1;
    printf("%d\n", ntohs(end.sin_port));
    fflush(stdout);
    if (accept(file, NULL, NULL) < 0) return 1;`),
}

/** A C program that makes a key pair and a shared key, and ends. */
const deriving = `
int crypto_box_keypair(unsigned char *, unsigned char *);
int crypto_box_beforenm(unsigned char *, const unsigned char *, const unsigned char *);

int main(void)
{
    unsigned char public_key[32], secret_key[32], shared_key[32];

    return crypto_box_keypair(public_key, secret_key) || crypto_box_beforenm(shared_key, public_key, secret_key);
}`

/** The same as c-toxcore makes key pairs after 0.2.18. */
const derivingNewer = `
int crypto_scalarmult_curve25519_base(unsigned char *, const unsigned char *);
int crypto_box_beforenm(unsigned char *, const unsigned char *, const unsigned char *);

int main(void)
{
    unsigned char public_key[32], secret_key[32] = {7}, shared_key[32];

    return crypto_scalarmult_curve25519_base(public_key, secret_key) ||
           crypto_box_beforenm(shared_key, public_key, secret_key);
}`

/** Resolves to what a stream has said once that contains the words. */
function saying(stream: Readable, words: string): Promise<string> {
  let said = ''
  return new Promise(done => {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes(words)) done(said)
    })
  })
}

/** Resolves once the log has a line with the label. */
function logged(log: string, label: string): Promise<void> {
  return new Promise(done => {
    const look = () => {
      if (linesOf(log, label).length === 0) return
      watcher.close()
      done()
    }
    const watcher = watch(log, look)
    look()
  })
}

describe.skipIf(reason !== undefined)('keys log', () => {
  test('logs the session of a relay and of its clients as the same lines', async () => {
    const logs = ['relay', 'alice', 'bob'].map(name => join(folder, `${name}.keys`)) as [string, string, string]
    const relay = await startRelay(logging(logs[0]))
    const node = {host: relay.host, port: relay.port, key: relay.publicKey, relay: true}
    const clients = await Promise.all([
      RemoteClient.start({nodes: [node]}, logging(logs[1], '--secrets')),
      RemoteClient.start({nodes: [node]}, logging(logs[2])),
    ])
    try {
      await Promise.all(logs.map(log => logged(log, 'TOX_TCP_SESSION')))
    } finally {
      await Promise.all(clients.map(client => client.quit()))
      await relay.stop()
    }
    for (const log of logs) expect(statSync(log).mode & 0o777).toBe(0o600)
    const sessions = new Set(linesOf(logs[0], 'TOX_TCP_SESSION'))
    for (const log of logs.slice(1)) {
      const own = linesOf(log, 'TOX_TCP_SESSION')
      expect(own.length).toBeGreaterThan(0)
      expect(own.some(line => sessions.has(line))).toBe(true)
      expect(linesOf(log, 'TOX_SHARED_KEY').length).toBeGreaterThan(0)
    }
    expect(linesOf(logs[1], 'TOX_SECRET_KEY').length).toBeGreaterThan(0)
    expect(linesOf(logs[2], 'TOX_SECRET_KEY')).toEqual([])
    const shown = await toxtcp(['keys', 'show', logs[0], '--json'])
    expect(shown.status).toBe(0)
  }, 60_000)

  test('prints none of the keys that it logs', async () => {
    const built = join(folder, 'derives')
    writeFileSync(`${built}.c`, deriving)
    execFileSync('cc', ['-o', built, `${built}.c`, '-l:libsodium.so.23'])
    const log = join(folder, 'derives.keys')
    const {status, stdout, stderr} = await toxtcp(['keys', 'log', '--secrets', '--out', log, '--', built])
    const secrets = secretsOfLog(log)
    expect(secrets.length).toBeGreaterThan(1)
    expect(status).toBe(0)
    expect(stderr).not.toBe('')
    expect(found(secrets, new Map([['all that it prints', Buffer.from(stdout + stderr)]]))).toEqual([])
  })

  test.each([
    ['crypto_box_keypair', deriving],
    ['crypto_scalarmult_curve25519_base', derivingNewer],
  ])('logs a key pair that %s makes once, and its shared keys with its public key', async (name, source) => {
    const built = join(folder, name)
    writeFileSync(`${built}.c`, source)
    execFileSync('cc', ['-o', built, `${built}.c`, '-l:libsodium.so.23'])
    const log = `${built}.keys`
    const {status} = await toxtcp(['keys', 'log', '--secrets', '--out', log, '--', built])
    expect(status).toBe(0)
    const pairs = linesOf(log, 'TOX_SECRET_KEY')
    expect(pairs.length).toBe(1)
    const [, publicKey] = pairs[0]!.split(' ')
    expect(linesOf(log, 'TOX_SHARED_KEY').map(line => line.split(' ').slice(1, 3))).toEqual([[publicKey, publicKey]])
  })

  test('is loaded where the path of the cache has a blank, which LD_PRELOAD cannot name', async () => {
    const env = {XDG_CACHE_HOME: join(folder, 'a b')}
    const {status, stderr} = await toxtcp(['keys', 'log', '--out', join(folder, 'blank.keys'), '--', '/bin/true'], {
      env,
    })
    expect(status).toBe(0)
    expect(stderr).toContain('/bin/true logged no key: it made no TCP connection')
    expect(stderr).not.toContain('ld.so')
  })

  test('says why a program logged no key, and ends with its status', async () => {
    const log = join(folder, 'none.keys')
    const {status, stderr} = await toxtcp(['keys', 'log', '--out', log, '--', '/bin/sh', '-c', 'exit 7'])
    expect(status).toBe(7)
    expect(stderr).toContain('/bin/sh logged no key: it made no TCP connection')
  })

  test.concurrent.each(['connects', 'accepts'] as const)(
    'says while a program that %s without libsodium still runs that it logs no key, and what to do',
    async how => {
      const built = join(folder, how)
      writeFileSync(`${built}.c`, programs[how])
      execFileSync('cc', ['-o', built, `${built}.c`])
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      const log = join(folder, `${how}.keys`)
      const port = how === 'connects' ? [String((server.address() as AddressInfo).port)] : []
      const child = spawn(process.execPath, [...logging(log).slice(1), built, ...port])
      const ended = once(child, 'exit')
      const said = saying(child.stderr, 'logs keys\n')
      if (how === 'accepts') connect(Number(await saying(child.stdout, '\n')), '127.0.0.1').unref()
      expect(await said).toContain(
        `${built} has connected and logged no key: it does not use libsodium as a shared library\n` +
          'a build that does, as those of Debian do, logs keys\n',
      )
      expect(readFileSync(log, 'utf8')).toMatch(/^# key logger in process \d+\n# first connection\n$/)
      expect(child.exitCode).toBeNull()
      child.stdin.end()
      expect(await ended).toEqual([3, null])
      server.close()
    },
    60_000,
  )
})
