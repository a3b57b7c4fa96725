#include "compare.h"

enum { TAIL = 4, SHORTEST_CARD_SLIP = 5 };

static epg_text tail_of(epg_text text)
{
    return text.length > TAIL ? epg_part(text, text.length - TAIL, text.length) : text;
}

static epg_grade compare_plate(epg_form *form, epg_text plate)
{
    const epg_index *index = form->index;
    const epg_text written = form->reading->plate, mine = form->plate_body;
    const epg_text theirs = epg_plate_body(form->memory, plate);
    const int province = epg_has_province(written);
    int kind = K_OTHER_PLATE;
    size_t at;
    if (epg_same(written, plate)) {
        kind = K_SAME_PLATE;
    } else if (epg_same(mine, theirs)) {
        kind = province ? K_PLATE_LOOKS : K_NO_PROVINCE;
    } else if (epg_ends_with(theirs, mine) && !province) {
        return epg_weigh(index, K_PLATE_END, epg_count_of(index, F_PLATE_TAIL, epg_key_of(tail_of(theirs))));
    } else if (epg_one_slip(mine, theirs, &at) != SLIP_NONE) {
        kind = K_PLATE_SLIP;
    }
    return kind == K_OTHER_PLATE ? epg_plain(index, kind)
                                 : epg_weigh(index, kind, epg_count_of(index, F_PLATE, epg_key_of(theirs)));
}

epg_grade epg_compare_plate(epg_form *form, const epg_record *record, int family)
{
    epg_grade best = {K_ABSENT, 0};
    size_t place = 0;
    for (const epg_item *item; (item = epg_next(record, T_PLATE, &place)) != NULL;) {
        best = epg_better(best, compare_plate(form, item->text));
    }
    if (family && !epg_record_has(record, T_PLATE, form->reading->plate)) {
        const uint64_t sharing = epg_count_of(form->index, F_PLATE, epg_key_of(form->plate_body));
        best = epg_better(best, epg_weigh(form->index, K_FAMILY_PLATE, sharing));
    }
    return best;
}

epg_grade epg_compare_card(epg_form *form, const epg_record *record)
{
    const epg_reading *reading = form->reading;
    const epg_text mine = reading->card_folded;
    epg_grade best = {K_ABSENT, 0};
    size_t place = 0, at;
    for (const epg_item *item; (item = epg_next(record, T_CARD, &place)) != NULL;) {
        const epg_text theirs = item->folded;
        int kind = K_OTHER_CARD;
        if (epg_same(mine, theirs)) {
            kind = epg_same(reading->card, item->text) ? K_SAME_CARD : K_ZEROS;
        } else if (mine.length >= SHORTEST_CARD_SLIP && theirs.length >= SHORTEST_CARD_SLIP &&
                   epg_one_slip(mine, theirs, &at) != SLIP_NONE) {
            kind = K_CARD_SLIP;
        }
        best = epg_better(
            best, epg_weigh(form->index, kind, epg_count_of(form->index, F_CARD, epg_key_of(theirs))));
    }
    return best;
}

epg_grade epg_compare_custom(epg_form *form, const epg_record *record, unsigned field, epg_text written, int exact)
{
    const epg_index *index = form->index;
    epg_grade best = {K_ABSENT, 0};
    size_t place = 0, at;
    for (const epg_item *item; (item = epg_next(record, T_CUSTOM, &place)) != NULL;) {
        if (item->field != field) {
            continue;
        }
        const epg_text theirs = item->text;
        int kind = K_OTHER_CUSTOM;
        uint64_t sharing = 1;
        if (epg_same(written, theirs)) {
            kind = K_SAME_CUSTOM;
            sharing = epg_count_of(index, F_CUSTOM, epg_custom(field, theirs));
        } else if (!exact && written.length >= TAIL && epg_ends_with(theirs, written)) {
            kind = K_CUSTOM_END;
            sharing = epg_count_of(index, F_CUSTOM_TAIL, epg_custom(field, tail_of(theirs)));
        } else if (!exact && epg_one_slip(written, theirs, &at) != SLIP_NONE) {
            kind = K_CUSTOM_SLIP;
            sharing = epg_count_of(index, F_CUSTOM, epg_custom(field, theirs));
        }
        best = epg_better(best, epg_weigh(index, kind, sharing));
    }
    return best;
}
