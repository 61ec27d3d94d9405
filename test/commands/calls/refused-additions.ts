import {formatsTaking, textFormatNames} from '../../../src/view/formats.js'
import type {Addition} from '../../../src/view/forms/format.js'

/** What is said of a flag that adds to a format what it does not take. Every format may take more one day. */
export const needs = (flag: string, addition: Addition, format: string): string =>
  `${flag} needs ${formatsTaking(addition, textFormatNames)}, and the format is ${format}`
