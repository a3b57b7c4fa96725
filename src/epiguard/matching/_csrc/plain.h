/* Reads what is plainly written on a form, field by field; the rest is left to _reading.py, the specification.
 *
 * Nothing is kept and nothing is taken: all room is the caller's.
 */
#ifndef EPIGUARD_PLAIN_H
#define EPIGUARD_PLAIN_H

#include "index.h"

enum { PLAIN_FIELDS = 8, PLAIN_ROOM = 1 << 14, FIRST_FORM = 0x4E00, LAST_FORM = 0x9FA5 };

/* What was read, packed as in _reading.py. */
typedef struct {
    uint8_t bytes[PLAIN_ROOM];
    size_t size;
} epiguard_plain;

/* Read a form.
 *
 * `fields` are the texts in the order of FORM_FIELDS, of length 0 where nothing was written. `forms` holds the
 * simplified form of each character from FIRST_FORM to LAST_FORM, 16 bits each, or is empty: then no name is read.
 * Returns the fields that are not plain, a bit for each.
 */
unsigned epiguard_read_plain(const epiguard_text fields[PLAIN_FIELDS], epg_span forms, epiguard_plain *read);

enum { PLAIN_CELLS = 1 + PLAIN_FIELDS };

/* Read a row of a register, each cell of it plain: the id, then the fields in the order of FORM_FIELDS.
 *
 * Returns whether it is; then `row` holds the record in its portable form (_records.py).
 */
int epiguard_read_row(const epiguard_text cells[PLAIN_CELLS], epg_span forms, epiguard_plain *row);

/* --- inside --- */

enum { PLAIN_LENGTH = 128 };

/* A field with widths folded; what is in it needs no table to be normalised (Unicode NFKC). */
typedef struct {
    uint32_t units[PLAIN_LENGTH];
    size_t length;
} epg_folded;

/* The parts of a door, as canonical texts. */
typedef struct {
    epg_text compound, building, unit, room;
    uint32_t numbers[3][8];
} epg_home;

int epg_fold(epiguard_text field, epg_folded *folded);
/* A name in Chinese characters without anything around it, in its simplified form. */
int epg_plain_name(epg_folded *name, epg_span forms);
/* A door with a compound's name before it or none, with counters (3号楼2单元502室) or hyphens (3-2-502). */
int epg_plain_home(const epg_folded *field, epg_home *home);
/* A mainland mobile number, written whole: `digits` has its eleven. */
int epg_plain_mobile(const epg_folded *field, uint32_t digits[11]);
/* Whether eighteen characters are a valid resident ID (GB 11643). */
int epg_is_resident_id(const uint32_t *number);
/* Whether eight digits are a day between 1850 and 2100. */
int epg_is_date(const uint32_t *digits);
/* UTF-8, and where it ends. */
uint8_t *epg_put_utf8(uint8_t *at, epg_text text);

#endif
