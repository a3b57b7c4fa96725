#include "memory.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 1 << 15, ALIGNED = 16 };

struct epiguard_block {
    epiguard_block *before;
};

void epg_leave(epiguard_memory *memory, epiguard_status status)
{
    longjmp(memory->out, (int)status);
}

void *epg_take(epiguard_memory *memory, size_t count, size_t size)
{
    if (count > (SIZE_MAX / 2) / size) {
        epg_leave(memory, EPIGUARD_NO_MEMORY);
    }
    const size_t wanted = (count * size + ALIGNED - 1) / ALIGNED * ALIGNED;
    if (wanted > memory->left) {
        const size_t room = wanted > BLOCK / 4 ? wanted : BLOCK;
        epiguard_block *block = malloc(room + ALIGNED);
        if (block == NULL) {
            epg_leave(memory, EPIGUARD_NO_MEMORY);
        }
        block->before = memory->blocks;
        memory->blocks = block;
        uint8_t *start = (uint8_t *)block + ALIGNED;
        if (room == wanted) { /* a block of its own: what is left of the one before is still good */
            return start;
        }
        memory->next = start;
        memory->left = room;
    }
    void *taken = memory->next;
    memory->next += wanted;
    memory->left -= wanted;
    return taken;
}

void *epg_grown(epiguard_memory *memory, void *items, size_t count, size_t *room, size_t size)
{
    if (count < *room) {
        return items;
    }
    const size_t more = *room ? 2 * *room : 32;
    void *made = epg_take(memory, more, size);
    if (count > 0) {
        memcpy(made, items, count * size);
    }
    *room = more;
    return made;
}

void epg_give_back(epiguard_memory *memory)
{
    free(memory->foreign);
    memory->foreign = NULL;
    while (memory->blocks != NULL) {
        epiguard_block *block = memory->blocks;
        memory->blocks = block->before;
        free(block);
    }
    memory->next = NULL;
    memory->left = 0;
}
