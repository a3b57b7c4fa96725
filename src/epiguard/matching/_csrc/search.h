/* A search: whom a form may mean, in stages, and what follows from whom was found (_reference/_search.py,
 * _leads.py, _decide.py, _engine.py). */
#ifndef EPIGUARD_SEARCH_H
#define EPIGUARD_SEARCH_H

#include "compare.h"
#include "overlay.h"

/* What is asked of an index. */
typedef struct {
    const uint8_t *image;
    size_t image_size;
    const uint8_t *reading; /* packed, see _reading.py */
    size_t reading_size;
    int64_t prior, stranger; /* in milli-bits */
    const uint8_t *exact;    /* one byte for each custom field */
    size_t custom;
    size_t limit;
    const epg_span *rejected; /* ids of residents that are out, UTF-8 */
    size_t rejected_count;
    epg_span overlay; /* what changed since the index was built, or nothing */
} epiguard_question;

/* Bytes to be freed by free(). */
typedef struct {
    uint8_t *bytes;
    size_t size;
} epiguard_answer;

/* Search, weigh and decide; the answer is packed as in _raw.py. */
epiguard_status epiguard_find(const epiguard_question *question, epiguard_answer *answer);

/* Compare one resident; packed as an answer with that one candidate. */
epiguard_status epiguard_grades(const epiguard_question *question, uint64_t row, epiguard_answer *answer);

/* The rows of a resident's household, 64 bits each, little-endian. */
epiguard_status epiguard_household(const epiguard_question *question, uint64_t row, epiguard_answer *answer);

/* --- inside --- */

enum { FEW = 64, FEW_TO_CHECK = 1024, FIRST_OF_MANY = 16, MOST_SCORED = 4096, SETTLED = 12000, MOST_HOLDERS = 16 };

/* A resident with the grade of each field. */
typedef struct {
    uint32_t row;
    int32_t weight;
    uint8_t *kinds;
    int32_t *weights;
} epg_scored;

/* Lists of rows of one field, what says most first. */
typedef struct {
    epg_rows *lists;
    size_t count, room;
} epg_lists;

/* Rows, in any order, some of them perhaps twice. */
typedef struct {
    uint32_t *rows;
    size_t count, room;
} epg_bag;

typedef struct {
    epiguard_memory *memory;
    epg_index index;
    epg_overlay overlay;
    epg_reading reading;
    epg_form form;
    epg_record one; /* the resident who is being compared */
    int64_t prior, stranger;
    const uint8_t *exact;
    size_t custom, fields;
    int present[FORM_COUNT];
    uint64_t *rejected;
    size_t rejected_count;
    epg_record holders[2][MOST_HOLDERS]; /* of the very telephone, of the very plate */
    uint32_t holder_rows[2][MOST_HOLDERS];
    size_t holder_count[2];
    epg_scored *scored;
    size_t scored_count, scored_room;
    uint32_t *slots; /* where in `scored` a row is, and 1; 0 for nowhere */
    size_t slot_count;
    int32_t best;
} epg_search;

/* phones.c */
/* Whoever has a telephone that is one slip, or up to two, away from a whole one. */
void epg_near_phones(epg_search *search, epg_text written, size_t slips, epg_bag *found);
/* Whoever stands under a telephone's key, or of many the first. */
void epg_put_few(epg_search *search, uint64_t key, epg_bag *found);
/* Whoever has a number that a pattern may be; nobody if it has too many gaps. */
void epg_filled_phones(epg_search *search, epg_text pattern, epg_bag *found);

/* leads.c */
void epg_name_lists(epg_search *search, epg_lists *lists);
void epg_home_lists(epg_search *search, epg_lists *lists, epg_lists *near);
void epg_birth_lists(epg_search *search, epg_lists *lists, epg_lists *near);
void epg_add_list(epg_search *search, epg_lists *lists, epg_rows rows);
/* Rows under texts a slip away, one behind the other, as a list. */
epg_rows epg_near(epg_search *search, unsigned family, epg_text text, const char *alphabet, size_t start, size_t few,
                  size_t first);
/* The rows of lists of two fields. */
void epg_in_two(epg_search *search, const epg_lists *fields, size_t count, epg_bag *found);
void epg_put(epg_search *search, epg_bag *bag, uint32_t row);
int epg_by_row(const void *a, const void *b);

/* score.c */
void epg_begin(epg_search *search, const epiguard_question *question);
void epg_open_asked(epg_search *search, const epiguard_question *question);
void epg_grades_of(epg_search *search, uint32_t row, uint8_t *kinds, int32_t *weights);
int epg_is_near(epg_search *search, size_t field, uint32_t row);
/* Whether a resident has a telephone that is so many slips from the written one, up to two, or fewer. */
int epg_has_phone(epg_search *search, uint32_t row, size_t slips);
int epg_known(const epg_search *search, uint32_t row);
void epg_add(epg_search *search, epg_bag *bag);
void epg_household_of(epg_search *search, uint32_t row, epg_bag *bag);
int epg_speaks_for_any(const epg_search *search, size_t field);

/* stages.c */
void epg_run(epg_search *search);

#endif
