import * as Flags from '@oclif/core/flags'
import type {KeyForm} from '../../actions/keys.js'

const forms = ['raw', 'hex', 'keylog'] as const satisfies readonly KeyForm[]

/** Flags of the commands that write keys. */
export const writeFlags = {
  out: Flags.string({char: 'o', helpValue: 'FILE', description: 'the file to write; only its owner may read it'}),
  form: Flags.option({
    options: forms,
    default: 'hex',
    helpValue: 'FORM',
    description:
      'raw: 64 bytes, as tox-bootstrapd and tox-node keep them; hex: text, a secret key a line; keylog: a key log',
  })(),
  force: Flags.boolean({description: 'replace a file that is there'}),
}

/** Flags of all commands about keys. */
export const showFlags = {
  reveal: Flags.boolean({description: 'show secret keys'}),
  json: Flags.boolean({description: 'print one JSON object'}),
}
