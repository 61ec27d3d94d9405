import {mkdtempSync, readFileSync, rmSync, symlinkSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, it, onTestFinished} from 'vitest'
import {fileError} from '../../src/files/errors/file-error.js'

it('a symbolic link whose target is missing is named as one, not suggested in place of itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'toxtcp-link-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  const link = join(folder, 'capture.pcap')
  symlinkSync('moved away.pcap', link)
  const read = () => {
    try {
      return readFileSync(link)
    } catch (error) {
      throw fileError(error, 'read', link)
    }
  }
  expect(read).toThrow(
    expect.objectContaining({
      message: `cannot read ${link}: there is no such file or directory`,
      hint: "it is a symbolic link to 'moved away.pcap', which is missing",
    }),
  )
})
