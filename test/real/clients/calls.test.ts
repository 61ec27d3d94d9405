import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {toxtcpHere} from '../../commands/program.js'
import {type Friends, startFriends} from '../toxcore/friends.js'
import {missing} from '../toxcore/present.js'
import type {RemoteClient} from '../toxcore/remote.js'

const reason = missing()
if (reason) console.warn(`test/real/clients/calls.test.ts is skipped: ${reason}`)

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-real-calls-'))
const [fileBytes, seekTo] = [10_000, 4_000]

/** The call is over. TOXAV_FRIEND_CALL_STATE_FINISHED. */
const finished = 2
/** Sends and receives audio and video. */
const everything = 4 + 8 + 16 + 32

describe.skipIf(reason !== undefined)('calls between two clients at a proxy that intercepts', () => {
  let friends: Friends

  const ended = (client: RemoteClient) => client.next('call_state', ({state}) => state === finished)
  /** Sends frames until one arrived: lossy packets may be lost. */
  const sends = async (from: RemoteClient, to: RemoteClient, what: 'sound' | 'picture') => {
    const arrived = to.next(what)
    let isThere = false
    void arrived.then(() => {
      isThere = true
    })
    while (!isThere) {
      from.send({do: what, friend: 0})
      await from.next('call_error')
    }
    await arrived
  }

  beforeAll(async () => {
    friends = await startFriends(folder, [], {calls: true, seekTo})
    const {alice, bob} = friends
    alice.send({do: 'name', text: 'Alice'})
    bob.send({do: 'name', text: 'Bob'})
    await bob.next('name', ({text}) => text === 'Alice')
    await alice.next('name', ({text}) => text === 'Bob')
    const call = async (from: RemoteClient, to: RemoteClient, video: number) => {
      from.send({do: 'call', friend: 0, audio: 48, video})
      expect(await to.next('called')).toMatchObject({audio: true, video: video > 0})
    }
    await call(alice, bob, 0)
    bob.send({do: 'control_call', friend: 0, control: 'cancel'})
    await ended(alice)
    await call(bob, alice, 0)
    bob.send({do: 'control_call', friend: 0, control: 'cancel'})
    await ended(alice)
    await call(alice, bob, 1000)
    bob.send({do: 'answer', friend: 0, audio: 48, video: 1000})
    await alice.next('call_state', ({state}) => state === everything)
    await sends(alice, bob, 'sound')
    await sends(bob, alice, 'sound')
    await sends(alice, bob, 'picture')
    for (const control of ['pause', 'resume'] as const) {
      bob.send({do: 'control_call', friend: 0, control})
      await alice.next('call_state', ({state}) => state === (control === 'pause' ? 0 : everything))
    }
    alice.send({do: 'control_call', friend: 0, control: 'mute_audio'})
    await bob.next('call_state', ({state}) => state === everything - 16)
    alice.send({do: 'control_call', friend: 0, control: 'cancel'})
    await ended(bob)
    alice.send({do: 'file', friend: 0, size: fileBytes})
    expect((await bob.next('file')).size).toBe(fileBytes - seekTo)
    await friends.leave()
  }, 180_000)

  afterAll(async () => {
    await friends?.stop()
    rmSync(folder, {recursive: true})
  })

  const dialogueOf = (text: string): string[] =>
    text
      .split('\n')
      .map(line => line.replace(/^ *[\d.]+ {2}/, ''))
      .filter(line => / (?:calls?|takes|refuses|begins|file)\b/.test(line))

  const dialogue = [
    'Alice > Bob  calls: sends audio, receives audio and video',
    'Bob > Alice  refuses the call',
    'Bob > Alice  calls: sends audio, receives audio and video',
    'Bob > Alice  takes the call back',
    'Alice > Bob  calls: sends audio and video, receives audio and video',
    'Bob > Alice  takes the call: sends audio and video, receives audio and video',
    'Alice > Bob  begins to send sound',
    'Bob > Alice  begins to send sound',
    'Alice > Bob  begins to send pictures',
    'Bob > Alice  pauses the call',
    'Bob > Alice  goes on with the call: sends audio and video, receives audio and video',
    'Alice > Bob  changes the call: sends audio and video, receives video',
    'Alice > Bob  ends the call',
    'Alice > Bob  offers file 1 "file", 10,000 bytes',
    'Bob > Alice  seeks file 1 "file" to byte 4,000',
    'Bob > Alice  accepts file 1 "file"',
    'Alice > Bob  file 1 "file": 50 %',
    'Alice > Bob  file 1 "file": 75 %',
    'Alice > Bob  file 1 "file": complete, 10,000 bytes, sent from byte 4,000 on',
  ]

  test('are a dialogue while they happen', () => {
    expect(dialogueOf(friends.proxy.stdout)).toEqual(dialogue)
  })

  test('are the same dialogue in the recording, whose packets break no rule of calls', async () => {
    const read = await toxtcpHere(['read', friends.recording, ...friends.keys, '--conversation'])
    expect(read.status).toBe(0)
    expect(dialogueOf(read.stdout)).toEqual(dialogue)
    const found = ['msi', 'audio_frame', 'video_frame', 'bandwidth', 'file_control', 'file_data'].join(' or ')
    const json = await toxtcpHere([
      'read',
      friends.recording,
      ...friends.keys,
      '-Y',
      found,
      '-T',
      'fields',
      '-e',
      'finding.code',
    ])
    expect(json.stdout.split('\n').filter(line => line.includes('inner'))).toEqual([])
    expect(json.stdout.split('\n').length).toBeGreaterThan(20)
  })
})
