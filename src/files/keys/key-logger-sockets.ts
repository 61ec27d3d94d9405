/**
 * The part of the key logger's C source that notes, once, that the program has a TCP connection: it stands between the
 * program and `connect`, `accept` and `accept4` of the C library. A program that connects and logs no key does not call
 * the libsodium that the key logger replaces.
 */
export const keyLoggerSockets = String.raw`
/* Note the first TCP connection over IP. The name server's does not count: the C library makes it itself. */
static void note_connection(int file)
{
    static int is_noted;
    struct sockaddr_storage own;
    socklen_t own_size = sizeof own;
    int type = 0, before = errno;
    socklen_t type_size = sizeof type;
    static const char line[] = "# first connection\n";

    if (!__atomic_load_n(&is_noted, __ATOMIC_RELAXED) && log_file >= 0 &&
        !getsockopt(file, SOL_SOCKET, SO_TYPE, &type, &type_size) && type == SOCK_STREAM &&
        !getsockname(file, (struct sockaddr *)&own, &own_size) &&
        (own.ss_family == AF_INET || own.ss_family == AF_INET6) &&
        !__atomic_exchange_n(&is_noted, 1, __ATOMIC_RELAXED) && write(log_file, line, sizeof line - 1) < 0)
        is_noted = 0;
    errno = before;
}

/* Under names of their own: the headers of glibc declare the real ones with types that only glibc has. */
int noted_connect(int file, const void *address, socklen_t size) __asm__("connect");
int noted_connect(int file, const void *address, socklen_t size)
{
    static int (*next)(int, const void *, socklen_t);

    if (!next) next = (int (*)(int, const void *, socklen_t))real("connect");
    note_connection(file);
    return next(file, address, size);
}

int noted_accept(int file, void *address, socklen_t *size) __asm__("accept");
int noted_accept(int file, void *address, socklen_t *size)
{
    static int (*next)(int, void *, socklen_t *);

    if (!next) next = (int (*)(int, void *, socklen_t *))real("accept");
    int accepted = next(file, address, size);
    if (accepted >= 0) note_connection(accepted);
    return accepted;
}

int noted_accept4(int file, void *address, socklen_t *size, int flags) __asm__("accept4");
int noted_accept4(int file, void *address, socklen_t *size, int flags)
{
    static int (*next)(int, void *, socklen_t *, int);

    if (!next) next = (int (*)(int, void *, socklen_t *, int))real("accept4");
    int accepted = next(file, address, size, flags);
    if (accepted >= 0) note_connection(accepted);
    return accepted;
}
`
