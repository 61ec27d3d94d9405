import koffi from 'koffi'
import {bytesAt, file, type Pointer} from './library.js'

/** What a client does in a call. Bit rates in kbit/s; 0: that medium is not sent. */
export type CallCommand =
  | {readonly do: 'call' | 'answer'; readonly friend: number; readonly audio: number; readonly video: number}
  | {readonly do: 'control_call'; readonly friend: number; readonly control: keyof typeof callControls}
  /** 20 ms of a tone, or a gray picture of 64 x 64. */
  | {readonly do: 'sound' | 'picture'; readonly friend: number}

/** What its application sees of calls. `error` is libtoxav's enum value, 0 for success. */
export type CallEvent =
  | {readonly event: 'called'; readonly friend: number; readonly audio: boolean; readonly video: boolean}
  /** Bits of TOXAV_FRIEND_CALL_STATE; 1 error, 2 finished. */
  | {readonly event: 'call_state'; readonly friend: number; readonly state: number}
  | {readonly event: 'call_error'; readonly error: number}
  | {readonly event: 'sound'; readonly friend: number; readonly samples: number}
  | {readonly event: 'picture'; readonly friend: number; readonly width: number; readonly height: number}

/** TOXAV_CALL_CONTROL. */
const callControls = {resume: 0, pause: 1, cancel: 2, mute_audio: 3} as const

const rate = 48_000
const samples = (rate * 20) / 1000
const side = 64
/** Opus and VP8 take their time: as clients do. */
const turnMilliseconds = 10

/** The calls of a client. @param tox the client. @param say reports what its application would see. */
export function startCalls(tox: Pointer, say: (event: CallEvent) => void): (command: CallCommand) => void {
  const library = koffi.load(file)
  const av: Pointer = library.func('void *toxav_new(void *tox, void *error)')(tox, null)
  if (!av) throw new Error('toxav_new failed')
  const iterate = library.func('void toxav_iterate(void *av)')
  const start = (name: string) =>
    library.func(`bool ${name}(void *av, uint32_t friend, uint32_t audio, uint32_t video, _Out_ int *error)`)
  const [call, answer] = [start('toxav_call'), start('toxav_answer')]
  const control = library.func('bool toxav_call_control(void *av, uint32_t friend, int control, _Out_ int *error)')
  const sendSound = library.func(
    'bool toxav_audio_send_frame(void *av, uint32_t friend, const int16_t *pcm, size_t count, uint8_t channels, uint32_t rate, _Out_ int *error)',
  )
  const sendPicture = library.func(
    'bool toxav_video_send_frame(void *av, uint32_t friend, uint16_t width, uint16_t height, const uint8_t *y, const uint8_t *u, const uint8_t *v, _Out_ int *error)',
  )
  const on = (name: string, args: string, run: (...args: never[]) => void) => {
    const pointer = koffi.register(
      run,
      koffi.pointer(koffi.proto(`void ${name}_cb(void *av, uint32_t friend, ${args})`)),
    )
    library.func(`void toxav_callback_${name}(void *av, void *callback, void *user)`)(av, pointer, null)
  }
  on('call', 'bool audio, bool video, void *user', (_av: Pointer, friend: number, audio: boolean, video: boolean) =>
    say({event: 'called', friend, audio, video}),
  )
  on('call_state', 'uint32_t state, void *user', (_av: Pointer, friend: number, state: number) =>
    say({event: 'call_state', friend, state}),
  )
  on(
    'audio_receive_frame',
    'const int16_t *pcm, size_t count, uint8_t channels, uint32_t rate, void *user',
    (_av: Pointer, friend: number, pcm: Pointer, count: number) => {
      bytesAt(pcm, count)
      say({event: 'sound', friend, samples: count})
    },
  )
  on(
    'video_receive_frame',
    'uint16_t width, uint16_t height, const uint8_t *y, const uint8_t *u, const uint8_t *v, int32_t ys, int32_t us, int32_t vs, void *user',
    (_av: Pointer, friend: number, width: number, height: number) => say({event: 'picture', friend, width, height}),
  )
  const turn = () => {
    iterate(av)
    setTimeout(turn, turnMilliseconds).unref()
  }
  turn()
  const tone = Int16Array.from({length: samples}, (_, index) =>
    Math.round(8000 * Math.sin((index * 2 * Math.PI * 440) / rate)),
  )
  const [luma, chroma] = [new Uint8Array(side * side).fill(128), new Uint8Array((side * side) / 4).fill(128)]
  return command => {
    const error: [number] = [0]
    const {friend} = command
    switch (command.do) {
      case 'call':
        call(av, friend, command.audio, command.video, error)
        break
      case 'answer':
        answer(av, friend, command.audio, command.video, error)
        break
      case 'control_call':
        control(av, friend, callControls[command.control], error)
        break
      case 'sound':
        sendSound(av, friend, tone, samples, 1, rate, error)
        break
      case 'picture':
        sendPicture(av, friend, side, side, luma, chroma, chroma, error)
        break
    }
    say({event: 'call_error', error: error[0]})
  }
}
