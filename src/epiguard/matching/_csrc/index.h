/* An index as it lies in a file or in memory: sections, tables, weights, characters (_image.py, _view.py).
 *
 * Nothing in it is trusted: what an offset tells is checked before it is used.
 */
#ifndef EPIGUARD_INDEX_H
#define EPIGUARD_INDEX_H

#include "kinds.h"
#include "slips.h"
#include "text.h"

enum { FORM_COUNT = CUSTOM };

typedef struct {
    const uint8_t *at;
    size_t size;
} epg_span;

typedef struct epg_overlay epg_overlay;

typedef struct {
    uint64_t residents, population;
    epiguard_table tables[FAMILY_COUNT];
    unsigned bits[FAMILY_COUNT];
    epg_span powers, characters, compound_ends, compounds, counts, offsets, records;
    size_t compound_count;
    int wide; /* offsets of records are of 64 bits */
    int32_t base[KIND_COUNT];
    uint8_t level[KIND_COUNT], field_of[KIND_COUNT], worst_of[FORM_COUNT + 1];
    int32_t log_population;
    const epg_overlay *overlay; /* who came, changed or went since, or NULL (overlay.h) */
} epg_index;

static inline uint32_t epg_u16(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

static inline uint32_t epg_u32(const uint8_t *at)
{
    return epg_u16(at) | epg_u16(at + 2) << 16;
}

static inline uint64_t epg_u64(const uint8_t *at)
{
    return (uint64_t)epg_u32(at) | (uint64_t)epg_u32(at + 4) << 32;
}

/* Find the sections and check what they must have for anything to be read. */
epiguard_status epg_open(epg_index *index, const uint8_t *image, size_t size);

/* Say how many residents there are, and with it how much a share of them weighs. */
void epg_set_residents(epg_index *index, uint64_t residents);

/* The order of bytes. */
int epg_compare_spans(epg_span a, epg_span b);

/* --- keys --- */

/* A text's number while it is made, character by character (_keys.py). */
typedef struct {
    uint64_t number;
    uint64_t length;
    unsigned tail; /* of a telephone whose head the number is of, and 1; else 0 */
} epg_key;

static inline void epg_key_unit(epg_key *key, uint32_t unit)
{
    key->number = key->number * 0x9E3779B97F4A7C15u + unit + 1;
    key->length++;
}

static inline void epg_key_add(epg_key *key, epg_text text)
{
    for (size_t i = 0; i < text.length; i++) {
        epg_key_unit(key, text.at[i]);
    }
}

static inline epg_key epg_key_of(epg_text text)
{
    epg_key key = {0, 0, 0};
    epg_key_add(&key, text);
    return key;
}

/* compound|building|room, and building|room */
epg_key epg_door(epg_text compound, epg_text building, epg_text room);
epg_key epg_pair(epg_text one, epg_text other);
/* number|text */
epg_key epg_custom(unsigned number, epg_text text);
/* A telephone: its head, and its tail. */
epg_key epg_phone(epg_text digits);

enum { PHONE_TAIL = 4, PHONE_TAILS = 10000, PHONE_HEADS = 65536 / PHONE_TAILS };

/* The key of a telephone of its head's and its tail. */
static inline uint64_t epg_phone_mixed(uint64_t head, unsigned tail)
{
    return (head & ~(uint64_t)0xFFFF) + head % PHONE_HEADS * PHONE_TAILS + tail;
}

uint64_t epg_mixed(unsigned family, epg_key key);

/* Rows, as they lie in a table: sorted. Rows beyond the register, which only a damaged file has, are passed
 * over by whoever reads them. */
typedef struct {
    const uint8_t *at;
    size_t count;
    unsigned width;
} epg_rows;

epg_rows epg_find(const epg_index *index, unsigned family, epg_key key);
/* The same of one index alone, by the number that epg_mixed() makes. */
epg_rows epg_find_mixed(const epg_index *index, unsigned family, uint64_t mixed);
/* Where in a table a key's bucket begins and ends. */
size_t epg_bucket(const epg_index *index, unsigned family, uint64_t mixed, size_t *end);

static inline size_t epg_count_of(const epg_index *index, unsigned family, epg_key key)
{
    return epg_find(index, family, key).count;
}

static inline uint32_t epg_row(epg_rows rows, size_t place)
{
    const uint8_t *at = rows.at + place * rows.width;
    return rows.width == 3 ? epg_u16(at) | (uint32_t)at[2] << 16 : epg_u32(at);
}

/* Whether a row is among the rows. */
int epg_among(epg_rows rows, uint32_t row);

/* --- weights --- */

typedef struct {
    int kind;
    int32_t weight;
} epg_grade;

int32_t epg_milli_log2(const epg_index *index, uint64_t number);
uint64_t epg_power_of_two(const epg_index *index, int64_t milli);
epg_grade epg_plain(const epg_index *index, int kind);
epg_grade epg_weigh(const epg_index *index, int kind, uint64_t sharing);
int32_t epg_worst(const epg_index *index, size_t field);
int32_t epg_share(const epg_index *index, uint64_t sharing);
uint64_t epg_counted(const epg_index *index, uint32_t what);

/* --- characters --- */

/* 16-bit numbers in the table of characters. */
typedef struct {
    const uint8_t *at;
    size_t count;
} epg_codes;

epg_codes epg_sounds(epg_span characters, uint32_t unit);
epg_codes epg_looks(epg_span characters, uint32_t unit);
int epg_code_among(epg_codes codes, uint32_t code);

/* --- records --- */

epg_span epg_record_at(const epg_index *index, uint64_t row);
epg_span epg_compound_at(const epg_index *index, uint64_t number);
/* The row of a resident by the UTF-8 of the id, or `residents`. */
uint64_t epg_row_of(const epg_index *index, const uint8_t *person, size_t size);
/* The id of a resident. */
epg_span epg_person(epg_span record);

#endif
