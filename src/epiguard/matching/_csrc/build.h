/* Builds the sections of an index that grow with the register (_reference/_build.py). */
#ifndef EPIGUARD_BUILD_H
#define EPIGUARD_BUILD_H

#include "record.h"

/* Bytes that were made; free with epiguard_free_sections(). */
typedef struct {
    uint8_t *bytes;
    size_t size;
} epiguard_bytes;

enum {
    S_COMPOUND_OFFSETS,
    S_COMPOUNDS,
    S_COUNTS,
    S_RECORD_OFFSETS,
    S_RECORDS,
    S_TABLES, /* three of each family from here on: buckets, fingerprints, rows */
    SECTION_COUNT = S_TABLES + 3 * FAMILY_COUNT
};

/* Build the sections of records in their portable form, in any order.
 *
 * EPIGUARD_BAD_VALUE where two are of one person, or there are too many. */
epiguard_status epiguard_build(const epg_span *records, size_t count, epg_span characters,
                               epiguard_bytes sections[SECTION_COUNT]);

void epiguard_free_sections(epiguard_bytes sections[SECTION_COUNT]);

#endif
