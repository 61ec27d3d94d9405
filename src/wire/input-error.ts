/**
 * A mistake of the user or of the input: one sentence, perhaps where, and a hint that works. Printed without a stack;
 * exit status 2.
 */
export class InputError extends Error {
  override readonly name = 'InputError'

  /**
   * @param message one sentence with the value at fault, no final full stop.
   * @param hint what to do instead; may be several lines, printed indented below (a caret picture, a list of names).
   */
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message)
  }
}
