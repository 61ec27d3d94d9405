import {readSecretFile} from '../files/secret-file.js'
import {type Access, type Login, parseAllowed} from '../proxy/explicit/access.js'
import {omitFlag} from '../wire/advice.js'
import {InputError} from '../wire/input-error.js'
import type {ProxySettings} from './settings.js'

/** Most bytes of a user name and of a password. RFC 1929. */
const loginBytes = 255

/** Who may use a SOCKS5 and HTTP proxy, and for what. @throws InputError */
export async function accessOf({allow, auth, upstream}: ProxySettings): Promise<Access> {
  const flag = allow && allow.length > 0 ? '--allow' : auth !== undefined ? '--auth' : undefined
  if (flag !== undefined && upstream !== undefined)
    throw new InputError(
      `${flag} is given with --upstream`,
      omitFlag('--upstream', `${flag} is about SOCKS5 and HTTP clients, which name a destination:`),
      'bad-option',
    )
  return {
    ...(allow && allow.length > 0 && {allowed: allow.map(parseAllowed)}),
    ...(auth !== undefined && {login: await loginOf(auth)}),
  }
}

async function loginOf(text: string): Promise<Login> {
  const colon = text.indexOf(':')
  const [name, file] = [text.slice(0, Math.max(0, colon)), text.slice(colon + 1)]
  const user = Buffer.from(name)
  if (user.length < 1 || user.length > loginBytes || file === '')
    throw new InputError(
      '--auth is not USER:FILE',
      'the file holds the password: --auth alice:password.txt',
      'bad-option',
    )
  const content = Buffer.from(await readSecretFile(file, loginBytes + 2))
  const password = content.subarray(0, content.length - (/\r?\n$/.exec(content.toString('latin1'))?.[0].length ?? 0))
  if (password.length < 1 || password.length > loginBytes)
    throw new InputError(
      `the password in ${file} has ${password.length} bytes`,
      `a password has 1 to ${loginBytes} bytes`,
      'bad-option',
    )
  return {user, password}
}
