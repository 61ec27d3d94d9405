import {type ErrorCode, InputError} from './input-error.js'

/** A mistake as data: an error that one thread sends to another arrives as a plain `Error`. */
export interface SentMistake {
  readonly kind: 'mistake'
  readonly message: string
  readonly advice: InputError['advice']
  readonly code: ErrorCode
}

/** What to send of a mistake. */
export const sentMistake = ({message, advice, code}: InputError): SentMistake => ({
  kind: 'mistake',
  message,
  advice,
  code,
})

/** The mistake that was sent, with all that its hint holds. */
export const receivedMistake = ({message, advice, code}: SentMistake): InputError =>
  new InputError(message, advice, code)
