/* Who stands under the keys of all texts that are a slip away from a text.
 *
 * Plain C11, without Python. The specification is _reference_slips.py, the keys are those of _keys.py and the
 * table is a family's of _image.py. Every offset that a table tells is checked before it is used.
 */
#ifndef EPIGUARD_SLIPS_H
#define EPIGUARD_SLIPS_H

#include <stddef.h>
#include <stdint.h>

#include "kernel.h"

/* A family's table: little-endian, as it lies in the index. */
typedef struct epiguard_second epiguard_second;

typedef struct {
    const uint8_t *starts; /* u32 each: where a bucket begins, and where the last one ends */
    size_t start_count;
    const uint8_t *marks; /* u16 each: fingerprints */
    const uint8_t *rows;  /* `width` bytes each */
    size_t entries;
    size_t width;
    uint64_t residents; /* rows from here on are left out */
    uint64_t family;
    const epiguard_second *second; /* another table that is looked into as well, or NULL */
} epiguard_table;

/* The second table, and how the rows of both are numbered together: UINT64_MAX for a row that is left out. */
struct epiguard_second {
    const epiguard_table *table;
    uint64_t (*row_of)(const void *numbers, int second, uint64_t row);
    const void *numbers;
};

/* What to look up: slips are made between `start` and `end`, with the letters of the alphabet. */
typedef struct {
    const uint32_t *text;
    size_t length;
    size_t start, end; /* start <= end <= length */
    const uint32_t *alphabet;
    size_t letters;
} epiguard_slips;

/* Of a key under which more than `few` stand, only the `first` are taken. */
typedef struct {
    size_t few, first;
} epiguard_follow;

/* Rows found: ascending, each once. Free with free(). */
typedef struct {
    uint64_t *rows;
    size_t count, room;
} epiguard_rows;

epiguard_status epiguard_slip_rows(const epiguard_slips *what, const epiguard_table *table,
                                   epiguard_follow follow, epiguard_rows *found);

#endif
