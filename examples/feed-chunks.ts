// Gives a session the bytes of a connection as they come, as a program does that has them from somewhere else.
import {readFileSync} from 'node:fs'
import {detached, KeyLogReader, Keyring, loadSodium, Session, ToxRecord} from 'toxtcp/session'

const [client = 'client.bin', relay = 'relay.bin', keylog = 'keys.log'] = process.argv.slice(2)
const keyring = new Keyring(await loadSodium())
for (const item of new KeyLogReader(keylog).push(readFileSync(keylog, 'utf8'))) keyring.add(item, keylog)

const session = new Session(keyring, source => {
  const record = new ToxRecord(detached(source))
  console.log(record.from, record.type ?? record.kind)
})
session.open(0, {clientEnd: 0, ends: {client: null, relay: null}, hasOrder: false}, null)
session.feed({connection: 0, end: 0, time: null, bytes: readFileSync(client)})
session.feed({connection: 0, end: 1, time: null, bytes: readFileSync(relay)})
session.end()
