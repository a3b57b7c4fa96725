/* How one resident compares with a form, field by field: the twins of _reference/_names.py, _numbers.py,
 * _homes.py and _marks.py. */
#ifndef EPIGUARD_COMPARE_H
#define EPIGUARD_COMPARE_H

#include "record.h"

/* What a comparison needs to know besides the resident. */
typedef struct {
    epiguard_memory *memory;
    const epg_index *index;
    const epg_reading *reading;
    epg_text plate_body;   /* of the form's plate */
    epg_text *parts;       /* of the form's name */
    size_t part_count;
    uint64_t namesakes; /* how many bear the very name that is written */
    uint32_t *room;        /* for a plate's body, or a name's parts */
    size_t room_size;
    epg_record other;      /* for those at the same door */
} epg_form;

epg_grade epg_compare_name(epg_form *form, const epg_record *record);
epg_grade epg_compare_sex(epg_form *form, const epg_record *record);
epg_grade epg_compare_birth(epg_form *form, const epg_record *record);
epg_grade epg_compare_identity(epg_form *form, const epg_record *record, int *birth_known);
epg_grade epg_compare_phone(epg_form *form, const epg_record *record, int family);
epg_grade epg_compare_home(epg_form *form, const epg_record *record);
epg_grade epg_compare_plate(epg_form *form, const epg_record *record, int family);
epg_grade epg_compare_card(epg_form *form, const epg_record *record);
epg_grade epg_compare_custom(epg_form *form, const epg_record *record, unsigned field, epg_text written, int exact);

/* Where along a resident ID a fragment may lie: up to as many as there are, `?` where it says nothing. */
enum { IDENTITY_LENGTH = 18, MOST_PLACED = 16 };
size_t epg_laid(epg_text text, uint32_t placed[MOST_PLACED][IDENTITY_LENGTH]);

/* What is better of a field's several values. */
static inline epg_grade epg_better(epg_grade best, epg_grade grade)
{
    return best.kind == K_ABSENT || grade.weight > best.weight ? grade : best;
}

#endif
