/* One resident's record, taken apart (_records.py), and what was read of a form (_reading.py). */
#ifndef EPIGUARD_RECORD_H
#define EPIGUARD_RECORD_H

#include "index.h"

/* The tags of _records.py. */
enum epiguard_tag {
    T_PERSON, T_NAME, T_BIRTH_SEX, T_IDENTITY, T_PHONE, T_COMPOUND, T_BUILDING, T_UNIT, T_ROOM, T_PLATE,
    T_CARD, T_DOCUMENT, T_GROUP, T_CUSTOM, T_FOLDED,
};

/* A name, telephone, plate, card, document, group or custom field. */
typedef struct {
    unsigned tag;
    unsigned field;  /* the number of a custom field */
    epg_text text;
    epg_text folded; /* of a card */
} epg_item;

/* A record, with room that is used again for the next one. */
typedef struct {
    epg_item *items;
    size_t count, item_room;
    uint32_t *units;
    size_t unit_room;
    epg_text identity, birth, compound, building, unit, room;
    unsigned sex; /* 0, 1 for M, 2 for F */
} epg_record;

/* The next tag and its content; 0 where the record ends. What reaches beyond the end is cut off. */
int epg_next_field(epg_span *left, unsigned *tag, epg_span *content);

/* Take a record apart. `index` is NULL for the portable form, in which a compound is its name. */
void epg_read_record(epiguard_memory *memory, const epg_index *index, epg_span packed, epg_record *record);

static inline const epg_item *epg_next(const epg_record *record, unsigned tag, size_t *place)
{
    while (*place < record->count) {
        const epg_item *item = record->items + (*place)++;
        if (item->tag == tag) {
            return item;
        }
    }
    return NULL;
}

/* Whether a record has a text of a tag. */
int epg_record_has(const epg_record *record, unsigned tag, epg_text text);

enum { MOST_SPELT = 8, MOST_HOME_CARDS = 4 };

/* What was read of a form; see Reading. */
typedef struct {
    epg_text name, birth, identity, document, phone, compound, building, unit, room, plate, card, card_folded;
    epg_text sounds[MOST_SPELT], home_cards[MOST_HOME_CARDS];
    size_t sound_count, home_card_count;
    unsigned sex;
    int identity_valid;
    epg_item *custom;
    size_t custom_count;
} epg_reading;

/* Unpack a reading: EPIGUARD_BAD_VALUE where it is none, or has a custom field from `custom` on. */
epiguard_status epg_read_reading(epiguard_memory *memory, epg_span packed, size_t custom, epg_reading *reading);

#endif
