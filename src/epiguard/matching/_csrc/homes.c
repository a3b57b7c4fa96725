#include "compare.h"
#include "overlay.h"

enum { MOST_DOORS = 64, ROOMS = 200, ROOMS_A_DIGIT_OFF = 16, BUILDINGS_A_DIGIT_OFF = 8 };

static epg_rows at_door(const epg_index *index, const epg_record *home)
{
    return epg_find(index, F_DOOR, epg_door(home->compound, home->building, home->room));
}

/* The unit or the compound that was met first. */
static epg_text kept(epiguard_memory *memory, epg_text text)
{
    uint32_t *units = epg_take(memory, text.length + 1, sizeof *units);
    if (text.length > 0) {
        memcpy(units, text.at, text.length * sizeof *units);
    }
    return (epg_text){units, text.length};
}

/* The same door, unless what was written fits several: then only as far as written. */
static epg_grade same_door(epg_form *form, const epg_record *home)
{
    const epg_index *index = form->index;
    const epg_reading *reading = form->reading;
    const epg_rows rows = reading->compound.length > 0
                              ? at_door(index, home)
                              : epg_find(index, F_DOOR_OPEN, epg_pair(home->building, home->room));
    if (rows.count > MOST_DOORS) {
        const int whole = reading->compound.length > 0 && reading->unit.length > 0;
        return epg_weigh(index, whole ? K_SAME_DOOR : K_OPEN_DOOR, rows.count);
    }
    uint64_t sharing = 0;
    int several = 0;
    epg_text unit = {NULL, 0}, compound = {NULL, 0};
    epg_record *other = &form->other;
    for (size_t i = 0; i < rows.count; i++) {
        const uint32_t row = epg_row(rows, i);
        if (row >= index->residents) {
            continue;
        }
        uint64_t own = row;
        const epg_index *part = epg_part_of(index, &own);
        epg_read_record(form->memory, part, epg_record_at(part, own), other);
        /* An entry of another key may have the same fingerprint. */
        if (!epg_same(other->building, home->building) || !epg_same(other->room, home->room) ||
            epg_compounds_apart(reading->compound, other->compound) != 0) {
            continue;
        }
        if (reading->unit.length > 0 && other->unit.length > 0 && !epg_same(other->unit, reading->unit)) {
            continue;
        }
        sharing++;
        several |= unit.length > 0 && other->unit.length > 0 && !epg_same(unit, other->unit);
        several |= epg_compounds_apart(compound, other->compound) != 0;
        unit = unit.length > 0 || other->unit.length == 0 ? unit : kept(form->memory, other->unit);
        compound =
            compound.length > 0 || other->compound.length == 0 ? compound : kept(form->memory, other->compound);
    }
    return epg_weigh(index, several ? K_OPEN_DOOR : K_SAME_DOOR, sharing);
}

static epg_grade other_building(epg_form *form, const epg_record *home)
{
    const epg_index *index = form->index;
    const epg_reading *reading = form->reading;
    const int turned = epg_same(reading->building, home->room) && epg_same(reading->room, home->building);
    const int moved = reading->unit.length > 0 && epg_same(reading->building, home->unit) &&
                      epg_same(reading->unit, home->building) && epg_same(reading->room, home->room);
    if (turned || moved) {
        return epg_weigh(index, K_PARTS_SWAPPED, at_door(index, home).count);
    }
    size_t at;
    if (reading->room.length == 0 || !epg_same(reading->room, home->room) ||
        epg_one_slip(reading->building, home->building, &at) == SLIP_NONE) {
        return epg_plain(index, K_OTHER_HOME);
    }
    return epg_weigh(index, K_BUILDING_SLIP, (uint64_t)at_door(index, home).count * BUILDINGS_A_DIGIT_OFF);
}

static epg_grade compare(epg_form *form, const epg_record *home)
{
    const epg_index *index = form->index;
    const epg_reading *reading = form->reading;
    if (reading->building.length == 0) {
        return epg_same(reading->room, home->room) ? epg_weigh(index, K_ROOM, index->population / ROOMS)
                                                   : epg_plain(index, K_OTHER_HOME);
    }
    const int apart = epg_compounds_apart(reading->compound, home->compound);
    if (apart < 0) {
        return epg_plain(index, K_OTHER_HOME);
    }
    if (!epg_same(reading->building, home->building)) {
        return other_building(form, home);
    }
    const int units_agree =
        reading->unit.length == 0 || home->unit.length == 0 || epg_same(reading->unit, home->unit);
    if (epg_same(reading->room, home->room)) {
        if (!units_agree) {
            return epg_weigh(index, K_OTHER_UNIT, at_door(index, home).count);
        }
        return apart ? epg_weigh(index, K_COMPOUND_SLIP, at_door(index, home).count) : same_door(form, home);
    }
    if (reading->room.length == 0 || home->room.length == 0) {
        if (!units_agree) {
            return epg_plain(index, K_OTHER_HOME);
        }
        return epg_weigh(index, K_BUILDING,
                         epg_count_of(index, F_BUILDING, epg_pair(home->compound, home->building)));
    }
    size_t at;
    if (epg_one_slip(reading->room, home->room, &at) == SLIP_NONE) {
        return epg_plain(index, K_OTHER_ROOM);
    }
    return epg_weigh(index, K_ROOM_SLIP, (uint64_t)at_door(index, home).count * ROOMS_A_DIGIT_OFF);
}

epg_grade epg_compare_home(epg_form *form, const epg_record *record)
{
    const epg_reading *reading = form->reading;
    epg_grade best = {K_ABSENT, 0};
    if (record->building.length > 0 && (reading->building.length > 0 || reading->room.length > 0)) {
        best = compare(form, record);
    }
    size_t place = 0;
    for (const epg_item *card; reading->home_card_count && (card = epg_next(record, T_CARD, &place)) != NULL;) {
        for (size_t i = 0; i < reading->home_card_count; i++) {
            if (epg_same(card->folded, reading->home_cards[i])) {
                const uint64_t sharing = epg_count_of(form->index, F_CARD, epg_key_of(card->folded));
                best = epg_better(best, epg_weigh(form->index, K_CARD_FOR_ROOM, sharing));
                break;
            }
        }
    }
    return best;
}
