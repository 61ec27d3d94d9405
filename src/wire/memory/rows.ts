/**
 * An integer of a row of numbers. V8 reads any number of a Float64Array as one with a fraction. Stored as it is in an
 * object, it changes the form of all objects with the same fields, and each of them is converted when it is read: up to
 * half of the time in which a capture is listed.
 */
export function integerAt(rows: Float64Array, at: number): number {
  const value = rows[at]!
  const integer = value | 0
  return integer === value ? integer : value
}
