import koffi from 'koffi'

/** Opaque `Tox *` or `struct Tox_Options *`. */
export type Pointer = unknown

export const file = 'libtoxcore.so.2'

/**
 * The functions of Debian's libtoxcore 0.2.18 that the harness needs, as C declares them in tox/tox.h (error pointers
 * are passed as null).
 */
interface Toxcore {
  optionsNew(error: null): Pointer
  optionsFree(options: Pointer): void
  setUdp(options: Pointer, enabled: boolean): void
  setIpv6(options: Pointer, enabled: boolean): void
  setTcpPort(options: Pointer, port: number): void
  setLocalDiscovery(options: Pointer, enabled: boolean): void
  setProxyType(options: Pointer, type: number): void
  /** The options keep pointers to this and the next one's bytes: they must live until toxNew. Ended by a zero. */
  setProxyHost(options: Pointer, host: Uint8Array): void
  setProxyPort(options: Pointer, port: number): void
  setSavedataType(options: Pointer, type: number): void
  setSavedataData(options: Pointer, data: Uint8Array, length: number): void
  toxNew(options: Pointer, error: [number]): Pointer
  kill(tox: Pointer): void
  iterate(tox: Pointer, user: null): void
  interval(tox: Pointer): number
  bootstrap(tox: Pointer, host: string, port: number, key: Uint8Array, error: null): boolean
  addTcpRelay(tox: Pointer, host: string, port: number, key: Uint8Array, error: null): boolean
  address(tox: Pointer, out: Uint8Array): void
  dhtKey(tox: Pointer, out: Uint8Array): void
  udpPort(tox: Pointer, error: null): number
  addFriend(tox: Pointer, address: Uint8Array, message: Uint8Array, length: number, error: [number]): number
  addFriendSilently(tox: Pointer, key: Uint8Array, error: [number]): number
  sendMessage(tox: Pointer, friend: number, type: number, text: Uint8Array, length: number, error: [number]): number
  setName(tox: Pointer, text: Uint8Array, length: number, error: null): boolean
  setStatusMessage(tox: Pointer, text: Uint8Array, length: number, error: null): boolean
  setUserStatus(tox: Pointer, status: number): void
  setTyping(tox: Pointer, friend: number, isTyping: boolean, error: null): boolean
  sendFile(
    tox: Pointer,
    friend: number,
    kind: number,
    size: number,
    id: null,
    name: Uint8Array,
    nameLength: number,
    error: [number],
  ): number
  sendChunk(
    tox: Pointer,
    friend: number,
    file: number,
    position: number,
    data: Uint8Array | null,
    length: number,
    error: [number],
  ): boolean
  seekFile(tox: Pointer, friend: number, file: number, position: number, error: null): boolean
  controlFile(tox: Pointer, friend: number, file: number, control: number, error: null): boolean
  /** Packet ids 160 to 191, sent until they arrive. */
  sendLossless(tox: Pointer, friend: number, data: Uint8Array, length: number, error: [number]): boolean
  /** Packet ids 200 to 254, sent once. */
  sendLossy(tox: Pointer, friend: number, data: Uint8Array, length: number, error: [number]): boolean
  newConference(tox: Pointer, error: null): number
  invite(tox: Pointer, friend: number, conference: number, error: [number]): boolean
  join(tox: Pointer, friend: number, cookie: Uint8Array, length: number, error: [number]): number
  say(tox: Pointer, conference: number, type: number, text: Uint8Array, length: number, error: [number]): boolean
  onSelfStatus(tox: Pointer, callback: bigint): void
  onFriendStatus(tox: Pointer, callback: bigint): void
  onFriendRequest(tox: Pointer, callback: bigint): void
  onMessage(tox: Pointer, callback: bigint): void
  onFriendName(tox: Pointer, callback: bigint): void
  onFriendStatusMessage(tox: Pointer, callback: bigint): void
  onFriendUserStatus(tox: Pointer, callback: bigint): void
  onFriendTyping(tox: Pointer, callback: bigint): void
  onFile(tox: Pointer, callback: bigint): void
  onFileChunk(tox: Pointer, callback: bigint): void
  onChunkRequest(tox: Pointer, callback: bigint): void
  onFileControl(tox: Pointer, callback: bigint): void
  onLossless(tox: Pointer, callback: bigint): void
  onLossy(tox: Pointer, callback: bigint): void
  onInvite(tox: Pointer, callback: bigint): void
  onJoined(tox: Pointer, callback: bigint): void
  onConferenceMessage(tox: Pointer, callback: bigint): void
  onConferenceTitle(tox: Pointer, callback: bigint): void
  onMemberName(tox: Pointer, callback: bigint): void
}

const declarations: Record<keyof Toxcore, string> = {
  optionsNew: 'void *tox_options_new(void *error)',
  optionsFree: 'void tox_options_free(void *options)',
  setUdp: 'void tox_options_set_udp_enabled(void *options, bool enabled)',
  setIpv6: 'void tox_options_set_ipv6_enabled(void *options, bool enabled)',
  setLocalDiscovery: 'void tox_options_set_local_discovery_enabled(void *options, bool enabled)',
  setTcpPort: 'void tox_options_set_tcp_port(void *options, uint16_t port)',
  setProxyType: 'void tox_options_set_proxy_type(void *options, int type)',
  setProxyHost: 'void tox_options_set_proxy_host(void *options, const uint8_t *host)',
  setProxyPort: 'void tox_options_set_proxy_port(void *options, uint16_t port)',
  setSavedataType: 'void tox_options_set_savedata_type(void *options, int type)',
  setSavedataData: 'void tox_options_set_savedata_data(void *options, const uint8_t *data, size_t length)',
  toxNew: 'void *tox_new(const void *options, _Out_ int *error)',
  kill: 'void tox_kill(void *tox)',
  iterate: 'void tox_iterate(void *tox, void *user)',
  interval: 'uint32_t tox_iteration_interval(const void *tox)',
  bootstrap: 'bool tox_bootstrap(void *tox, const char *host, uint16_t port, const uint8_t *key, void *error)',
  addTcpRelay: 'bool tox_add_tcp_relay(void *tox, const char *host, uint16_t port, const uint8_t *key, void *error)',
  address: 'void tox_self_get_address(const void *tox, uint8_t *out)',
  dhtKey: 'void tox_self_get_dht_id(const void *tox, uint8_t *out)',
  udpPort: 'uint16_t tox_self_get_udp_port(const void *tox, void *error)',
  addFriend:
    'uint32_t tox_friend_add(void *tox, const uint8_t *address, const uint8_t *message, size_t length, _Out_ int *error)',
  addFriendSilently: 'uint32_t tox_friend_add_norequest(void *tox, const uint8_t *key, _Out_ int *error)',
  sendMessage:
    'uint32_t tox_friend_send_message(void *tox, uint32_t friend, int type, const uint8_t *text, size_t length, _Out_ int *error)',
  setName: 'bool tox_self_set_name(void *tox, const uint8_t *text, size_t length, void *error)',
  setStatusMessage: 'bool tox_self_set_status_message(void *tox, const uint8_t *text, size_t length, void *error)',
  setUserStatus: 'void tox_self_set_status(void *tox, int status)',
  setTyping: 'bool tox_self_set_typing(void *tox, uint32_t friend, bool typing, void *error)',
  sendFile:
    'uint32_t tox_file_send(void *tox, uint32_t friend, uint32_t kind, uint64_t size, const uint8_t *id, const uint8_t *name, size_t length, _Out_ int *error)',
  sendChunk:
    'bool tox_file_send_chunk(void *tox, uint32_t friend, uint32_t file, uint64_t position, const uint8_t *data, size_t length, _Out_ int *error)',
  seekFile: 'bool tox_file_seek(void *tox, uint32_t friend, uint32_t file, uint64_t position, void *error)',
  controlFile: 'bool tox_file_control(void *tox, uint32_t friend, uint32_t file, int control, void *error)',
  sendLossless:
    'bool tox_friend_send_lossless_packet(void *tox, uint32_t friend, const uint8_t *data, size_t length, _Out_ int *error)',
  sendLossy:
    'bool tox_friend_send_lossy_packet(void *tox, uint32_t friend, const uint8_t *data, size_t length, _Out_ int *error)',
  newConference: 'uint32_t tox_conference_new(void *tox, void *error)',
  invite: 'bool tox_conference_invite(void *tox, uint32_t friend, uint32_t conference, _Out_ int *error)',
  join: 'uint32_t tox_conference_join(void *tox, uint32_t friend, const uint8_t *cookie, size_t length, _Out_ int *error)',
  onSelfStatus: 'void tox_callback_self_connection_status(void *tox, void *callback)',
  onFriendStatus: 'void tox_callback_friend_connection_status(void *tox, void *callback)',
  onFriendRequest: 'void tox_callback_friend_request(void *tox, void *callback)',
  onMessage: 'void tox_callback_friend_message(void *tox, void *callback)',
  onFriendName: 'void tox_callback_friend_name(void *tox, void *callback)',
  onFriendStatusMessage: 'void tox_callback_friend_status_message(void *tox, void *callback)',
  onFriendUserStatus: 'void tox_callback_friend_status(void *tox, void *callback)',
  onFriendTyping: 'void tox_callback_friend_typing(void *tox, void *callback)',
  onFile: 'void tox_callback_file_recv(void *tox, void *callback)',
  onFileChunk: 'void tox_callback_file_recv_chunk(void *tox, void *callback)',
  onChunkRequest: 'void tox_callback_file_chunk_request(void *tox, void *callback)',
  onFileControl: 'void tox_callback_file_recv_control(void *tox, void *callback)',
  onLossless: 'void tox_callback_friend_lossless_packet(void *tox, void *callback)',
  onLossy: 'void tox_callback_friend_lossy_packet(void *tox, void *callback)',
  say: 'bool tox_conference_send_message(void *tox, uint32_t conference, int type, const uint8_t *text, size_t length, _Out_ int *error)',
  onInvite: 'void tox_callback_conference_invite(void *tox, void *callback)',
  onJoined: 'void tox_callback_conference_connected(void *tox, void *callback)',
  onConferenceMessage: 'void tox_callback_conference_message(void *tox, void *callback)',
  onConferenceTitle: 'void tox_callback_conference_title(void *tox, void *callback)',
  onMemberName: 'void tox_callback_conference_peer_name(void *tox, void *callback)',
}

const callbackTypes = {
  onSelfStatus: 'void (void *tox, int status, void *user)',
  onFriendStatus: 'void (void *tox, uint32_t friend, int status, void *user)',
  onFriendRequest: 'void (void *tox, const uint8_t *key, const uint8_t *message, size_t length, void *user)',
  onMessage: 'void (void *tox, uint32_t friend, int type, const uint8_t *message, size_t length, void *user)',
  onFriendName: 'void (void *tox, uint32_t friend, const uint8_t *text, size_t length, void *user)',
  onFriendStatusMessage: 'void (void *tox, uint32_t friend, const uint8_t *text, size_t length, void *user)',
  onFriendUserStatus: 'void (void *tox, uint32_t friend, int status, void *user)',
  onFriendTyping: 'void (void *tox, uint32_t friend, bool typing, void *user)',
  onFile:
    'void (void *tox, uint32_t friend, uint32_t file, uint32_t kind, uint64_t size, const uint8_t *name, size_t length, void *user)',
  onFileChunk:
    'void (void *tox, uint32_t friend, uint32_t file, uint64_t position, const uint8_t *data, size_t length, void *user)',
  onChunkRequest: 'void (void *tox, uint32_t friend, uint32_t file, uint64_t position, size_t length, void *user)',
  onFileControl: 'void (void *tox, uint32_t friend, uint32_t file, int control, void *user)',
  onLossless: 'void (void *tox, uint32_t friend, const uint8_t *data, size_t length, void *user)',
  onLossy: 'void (void *tox, uint32_t friend, const uint8_t *data, size_t length, void *user)',
  onInvite: 'void (void *tox, uint32_t friend, int type, const uint8_t *cookie, size_t length, void *user)',
  onJoined: 'void (void *tox, uint32_t conference, void *user)',
  onConferenceMessage:
    'void (void *tox, uint32_t conference, uint32_t peer, int type, const uint8_t *text, size_t length, void *user)',
  onConferenceTitle:
    'void (void *tox, uint32_t conference, uint32_t peer, const uint8_t *text, size_t length, void *user)',
  onMemberName: 'void (void *tox, uint32_t conference, uint32_t peer, const uint8_t *text, size_t length, void *user)',
}

export type CallbackName = keyof typeof callbackTypes

/** Whether the shared library can be loaded on this machine. */
export const toxcoreLoads = (): boolean => {
  try {
    koffi.load(file)
    return true
  } catch {
    return false
  }
}

/** Load the library. @throws Error if it is not installed (Debian package libtoxcore2). */
export const loadToxcore = (): Toxcore => {
  const library = koffi.load(file)
  return Object.fromEntries(
    Object.entries(declarations).map(([name, declaration]) => [name, library.func(declaration)]),
  ) as unknown as Toxcore
}

/**
 * Make a C function pointer that lives as long as the process. Arguments arrive as C passes them; pointers to bytes are
 * read with bytesAt.
 */
export const callback = (name: CallbackName, run: (...args: never[]) => void): bigint =>
  koffi.register(run, koffi.pointer(koffi.proto(callbackTypes[name].replace('void (', `void ${name}_cb(`))))

/** Copy bytes out of C memory. */
export const bytesAt = (pointer: Pointer, length: number): Uint8Array =>
  length === 0 ? new Uint8Array() : Uint8Array.from(koffi.decode(pointer, 'uint8_t', length) as Iterable<number>)
