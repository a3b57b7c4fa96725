/* Lets the k-th write to a ledger's files fail, whatever program writes: loaded in front of the C library.
 *
 *     cc -shared -fPIC -O2 -o failing_writes.so failing_writes.c -ldl
 *     LD_PRELOAD=./failing_writes.so python ...
 *
 * A "write" is any call that changes such a file or asks for it to be on disk. The program says with fail_at()
 * which one is to fail and how; without that all succeed and are only counted.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static long seen, wanted;
static int error, half, lasting;

/* The k-th write from now on fails with an errno; what comes after it too, if lasting. With half, the first
 * half of what was to be written is. */
void fail_at(long k, int number, int first_half, int last) {
    seen = 0;
    wanted = k;
    error = number;
    half = first_half;
    lasting = last;
}

/* How many writes there were since. */
long writes_seen(void) { return seen; }

static int is_ours(int file) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return strstr(path, "site.db") != NULL;
}

static int fails(int file) {
    if (!is_ours(file)) return 0;
    seen++;
    return wanted && (seen == wanted || (lasting && seen > wanted));
}

#define REAL(name) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))

#define WRITING(name, offset_type)                                                   \
    ssize_t name(int file, const void *data, size_t size, offset_type offset) {      \
        if (fails(file)) {                                                           \
            if (half && size > 1 && seen == wanted)                                  \
                return REAL(name)(file, data, size / 2, offset);                     \
            errno = error;                                                           \
            return -1;                                                               \
        }                                                                            \
        return REAL(name)(file, data, size, offset);                                 \
    }

WRITING(pwrite, off_t)
WRITING(pwrite64, off64_t)

ssize_t write(int file, const void *data, size_t size) {
    if (fails(file)) {
        errno = error;
        return -1;
    }
    return REAL(write)(file, data, size);
}

#define SYNCING(name)                                                                \
    int name(int file) {                                                             \
        if (fails(file)) {                                                           \
            errno = error;                                                           \
            return -1;                                                               \
        }                                                                            \
        return REAL(name)(file);                                                     \
    }

SYNCING(fsync)
SYNCING(fdatasync)

#define SIZING(name, size_type)                                                      \
    int name(int file, size_type size) {                                             \
        if (fails(file)) {                                                           \
            errno = error;                                                           \
            return -1;                                                               \
        }                                                                            \
        return REAL(name)(file, size);                                               \
    }

SIZING(ftruncate, off_t)
SIZING(ftruncate64, off64_t)
