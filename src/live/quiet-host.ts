import type {UserOutput} from '../terminal/user-output.js'
import type {InspectionHost} from './inspection-host.js'

/** A host that inspects nothing, and prints the sentences for the user. */
export const quietHost = ({note}: Pick<UserOutput, 'note'>): InspectionHost => ({
  inspection: {push: () => true, idle: () => Promise.resolve()},
  note: sentence => note(sentence),
  stopping: () => {},
  end: () => Promise.resolve(0),
  cancel: () => {},
})
