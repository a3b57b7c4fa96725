/* Memory that one call takes piece by piece and gives back at once, and the one way out where there is none. */
#ifndef EPIGUARD_MEMORY_H
#define EPIGUARD_MEMORY_H

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel.h"

typedef struct epiguard_block epiguard_block;

/* The kernel's callers set `out` by setjmp, and give everything back whichever way a call ends. */
typedef struct {
    epiguard_block *blocks;
    uint8_t *next;
    size_t left;
    void *foreign; /* one block of malloc() that is held for a moment */
    jmp_buf out;
} epiguard_memory;

/* `count` items of `size` bytes, aligned for any number; not cleared. Leaves by `out` where there are none. */
void *epg_take(epiguard_memory *memory, size_t count, size_t size);

/* Make room for one more in a growing array, and return the array. */
void *epg_grown(epiguard_memory *memory, void *items, size_t count, size_t *room, size_t size);

/* Give everything back. */
void epg_give_back(epiguard_memory *memory);

#if defined(__GNUC__)
__attribute__((noreturn))
#endif
void epg_leave(epiguard_memory *memory, epiguard_status status);

#endif
