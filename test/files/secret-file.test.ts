import {expect, test} from 'vitest'
import {readSecretFile} from '../../src/files/secret-file.js'

test('a device or a folder is not read as a password, and nobody is asked to change its mode', async () => {
  for (const path of ['/dev/null', '/tmp'])
    await expect(readSecretFile(path, 10)).rejects.toMatchObject({message: `${path} is not a regular file`})
})
