export {InputError} from './wire/input-error.js'
