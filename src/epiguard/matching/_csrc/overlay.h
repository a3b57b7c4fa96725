/* Two indexes as one: what was built, and those who came, changed or went since (_overlay.py, _reference/_overlaid.py).
 *
 * Rows are numbered together, in the order of the persons' ids: the same numbers that a fresh build would give.
 */
#ifndef EPIGUARD_OVERLAY_H
#define EPIGUARD_OVERLAY_H

#include "index.h"

/* Room for both, and for the rows that were put together last, of each family. */
struct epg_overlay {
    epg_index older, newer;
    epg_span out, places, counts; /* see _overlay.py */
    epiguard_memory *memory;      /* NULL where nothing is looked up by a key */
    struct {
        uint64_t key;
        epg_rows rows;
        int known;
    } last[FAMILY_COUNT];
};

/* Open an index, and with `overlay`, which may be empty, what changed since. */
epiguard_status epg_open_with(epg_index *index, epg_span image, epg_span overlay, epg_overlay *room);

/* The index that a row is in, and its number there. */
const epg_index *epg_part_of(const epg_index *index, uint64_t *row);

/* The one index, or both; returns how many. */
size_t epg_parts(const epg_index *index, const epg_index *parts[2]);

/* What lies under a key in both, numbered together. */
epg_rows epg_find_in_both(const epg_overlay *overlay, unsigned family, uint64_t mixed);

/* The table of a family, together with that of the newer index. */
void epg_join_tables(const epg_index *index, unsigned family, epiguard_table *table, epiguard_second *second);

/* The row of a resident by id, or what there is no row of. */
uint64_t epg_row_in_both(const epg_overlay *overlay, epg_span person);

/* How many were counted under a number, where that is another number than in the older index; else -1. */
int64_t epg_counted_since(const epg_overlay *overlay, uint32_t what);

#endif
