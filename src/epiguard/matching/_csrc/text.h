/* Texts of code points, and the small foldings of _texts.py and _slips.py. */
#ifndef EPIGUARD_TEXT_H
#define EPIGUARD_TEXT_H

#include <stdint.h>
#include <string.h>

#include "memory.h"

/* Code points; whoever made it owns them. */
typedef struct {
    const uint32_t *at;
    size_t length;
} epg_text;

static inline int epg_same(epg_text a, epg_text b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.at, b.at, a.length * sizeof *a.at) == 0);
}

/* A part of a text; both places are inside it. */
static inline epg_text epg_part(epg_text text, size_t start, size_t end)
{
    return (epg_text){text.at == NULL ? NULL : text.at + start, end - start};
}

static inline int epg_is_digit(uint32_t unit)
{
    return unit >= '0' && unit <= '9';
}

int epg_has(epg_text text, uint32_t unit);
size_t epg_count(epg_text text, uint32_t unit);
int epg_ends_with(epg_text text, epg_text end);
int epg_begins_with(epg_text text, epg_text start);

/* Read UTF-8 into `units`, which has room for `size`; returns the length. Bytes that are none become U+FFFD. */
size_t epg_from_utf8(const uint8_t *bytes, size_t size, uint32_t *units);

/* What two texts one slip apart share: see one_slip in _texts.py. */
typedef enum {
    SLIP_NONE,           /* none, or more than one slip apart */
    SLIP_KNOWN_WITHOUT,  /* the known text without the character at `at` */
    SLIP_WRITTEN,        /* the written text */
    SLIP_KNOWN           /* the known text */
} epg_slip;

epg_slip epg_one_slip(epg_text written, epg_text known, size_t *at);

/* Slips between two texts, up to two; 3 where it is more. */
size_t epg_slips_between(epiguard_memory *memory, epg_text one, epg_text other);

/* 0, 1, or -1 for two different compounds. */
int epg_compounds_apart(epg_text one, epg_text other);

/* Whether a plate begins with its province. */
static inline int epg_has_province(epg_text plate)
{
    return plate.length > 0 && plate.at[0] >= 128;
}

/* A plate without its province, look-alikes folded; made anew. */
epg_text epg_plate_body(epiguard_memory *memory, epg_text plate);

/* The parts of a name: up to as many as there is room for; returns how many. `parts` needs room for
 * length / 2 + 1. */
size_t epg_name_parts(epg_text name, epg_text *parts);

#endif
