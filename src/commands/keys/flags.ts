import * as Flags from '@oclif/core/flags'
import {keyForms} from '../../actions/keys/key-forms.js'

/** Flags of the commands that write keys. */
export const writeFlags = {
  out: Flags.string({char: 'o', helpValue: 'FILE', description: 'the file to write, readable by its owner only'}),
  form: Flags.option({
    options: keyForms,
    default: 'hex',
    helpValue: 'FORM',
    description:
      'raw: 64 bytes, as used by tox-bootstrapd and tox-node; hex: text, one secret key per line; keylog: a key log',
  })(),
  force: Flags.boolean({description: 'replace an existing file'}),
}

/** Flags of all commands about keys. */
export const showFlags = {
  reveal: Flags.boolean({description: 'print secret keys'}),
  json: Flags.boolean({description: 'print one JSON object'}),
}
