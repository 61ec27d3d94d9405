import {test} from 'vitest'

const isRoot = process.geteuid?.() === 0

/** A test that makes files of another user, which only root can do. Otherwise it is left out, and its title says why. */
export const testAsRoot = (title: string, run: () => void | Promise<void>): void =>
  test.skipIf(!isRoot)(isRoot ? title : `${title} (left out: it needs root, to make files of another user)`, run)
