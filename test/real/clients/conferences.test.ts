import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {toxtcpHere} from '../../commands/program.js'
import {type Friends, startFriends} from '../toxcore/friends.js'
import {missing} from '../toxcore/present.js'
import type {RemoteClient} from '../toxcore/remote.js'

const reason = missing()
if (reason) console.warn(`test/real/clients/conferences.test.ts is skipped: ${reason}`)

const folder = mkdtempSync(join(tmpdir(), 'toxtcp-real-conferences-'))

const texts = ['from Alice', 'from Carol', 'from Bob']

describe.skipIf(reason !== undefined)('a conference of three clients, of whom two are no friends', () => {
  let friends: Friends
  let carol: RemoteClient
  let keys: readonly string[]

  beforeAll(async () => {
    friends = await startFriends(folder)
    const {alice, bob} = friends
    const third = await friends.another('carol')
    carol = third.client
    keys = [...friends.keys, ...third.keys]
    bob.send({do: 'befriend', address: carol.address})
    await carol.next('request')
    await Promise.all([bob.next('friend', ({friend, online}) => friend === 1 && online), carol.next('friend')])
    alice.send({do: 'conference', friend: 0})
    await bob.next('joined')
    bob.send({do: 'invite', friend: 1})
    await carol.next('joined')
    const members = [alice, carol, bob]
    for (const [index, text] of texts.entries()) {
      members[index]!.send({do: 'say', text})
      // Its own client reports it, too.
      for (const member of members) while ((await member.next('conference_message')).text !== text);
    }
    await carol.quit()
    await friends.leave()
  }, 180_000)

  afterAll(async () => {
    await carol?.quit()
    await friends?.stop()
    rmSync(folder, {recursive: true})
  })

  const read = async (...more: string[]): Promise<string[]> => {
    const {stdout, status} = await toxtcpHere(['read', friends.recording, ...keys, ...more])
    expect(status).toBe(0)
    return stdout.split('\n').filter(Boolean)
  }
  /**
   * Who says what in the first conference of the dialogue, without times. A hop between clients of which neither was seen
   * to have the text before is in a conference of its own: that depends on the order in which the members pass it on.
   */
  const said = async (...filter: string[]): Promise<string[]> => {
    const lines = await read('--conversation', ...filter)
    return lines
      .filter(line => / > conference 1 {2}from /.test(line))
      .map(line => line.trim().split('  ').slice(1).join('  '))
  }
  const all = texts.map(text => expect.stringMatching(new RegExp(`^[^ ]+ > conference 1  ${text}$`)))

  test('is a dialogue with each text once, though members pass it on', async () => {
    expect((await read('-Y', 'conference_text && from == client')).length).toBeGreaterThan(2 * texts.length)
    expect(await said()).toEqual(all)
  })

  test('is the same one where nobody, or one member alone, is seen to be invited', async () => {
    const [connection] = await read(
      '-Y',
      'conference_invite && from == client',
      ...['-T', 'fields'],
      '-e',
      'connection',
    )
    const seen = await said('-Y', `conference_text || conference_invitation && connection == ${connection}`)
    const members = texts.map(text => expect.stringMatching(new RegExp(`^member \\d+ > conference 1  ${text}$`)))
    expect(seen).toEqual(members)
    expect(await said('-Y', 'conference_text')).toEqual(members)
  })
})
