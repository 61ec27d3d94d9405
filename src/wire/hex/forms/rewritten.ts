/** Text in a form that is read, made from a rarer one; undefined where it does not have that form. */
export type Rewriting = (text: string) => string | undefined

/** A rarer form, and what the user sees of it; undefined: the name of the form that it becomes. */
export type RewrittenForm = readonly [about: string | undefined, rewritten: Rewriting]

/** The same text with a pattern replaced; undefined where the pattern is not in it. */
export const replacing =
  (pattern: RegExp, by: string): Rewriting =>
  text => {
    const replaced = text.replace(pattern, by)
    return replaced === text ? undefined : replaced
  }
