#include "overlay.h"

#include "memory.h"

enum { NUMBER = 4, HEAD = 16, WIDTH = 4 };

static const uint64_t NOWHERE = UINT64_MAX;

static uint64_t number_at(epg_span numbers, size_t place)
{
    return epg_u32(numbers.at + NUMBER * place);
}

/* How many of sorted numbers are below a number. */
static size_t count_below(epg_span numbers, uint64_t number)
{
    size_t first = 0, stop = numbers.size / NUMBER;
    while (first < stop) {
        const size_t middle = first + (stop - first) / 2;
        if (number_at(numbers, middle) < number) {
            first = middle + 1;
        } else {
            stop = middle;
        }
    }
    return first;
}

static uint64_t of_older(const epg_overlay *overlay, uint64_t row)
{
    const size_t gone = count_below(overlay->out, row);
    if (row >= overlay->older.residents ||
        (gone < overlay->out.size / NUMBER && number_at(overlay->out, gone) == row)) {
        return NOWHERE;
    }
    return row - gone + count_below(overlay->places, row + 1);
}

static uint64_t of_newer(const epg_overlay *overlay, uint64_t row)
{
    if (row >= overlay->newer.residents) {
        return NOWHERE;
    }
    const uint64_t place = number_at(overlay->places, (size_t)row);
    return place - count_below(overlay->out, place) + row;
}

static uint64_t renumbered(const void *overlay, int newer, uint64_t row)
{
    return newer ? of_newer(overlay, row) : of_older(overlay, row);
}

const epg_index *epg_part_of(const epg_index *index, uint64_t *row)
{
    const epg_overlay *overlay = index->overlay;
    if (overlay == NULL) {
        return index;
    }
    size_t first = 0, stop = (size_t)overlay->newer.residents;
    while (first < stop) {
        const size_t middle = first + (stop - first) / 2;
        if (of_newer(overlay, middle) < *row) {
            first = middle + 1;
        } else {
            stop = middle;
        }
    }
    if (first < overlay->newer.residents && of_newer(overlay, first) == *row) {
        *row = first;
        return &overlay->newer;
    }
    const uint64_t kept = *row - first;
    size_t gone = 0;
    stop = overlay->out.size / NUMBER;
    while (gone < stop) {
        const size_t middle = gone + (stop - gone) / 2;
        if (number_at(overlay->out, middle) <= kept + middle) {
            gone = middle + 1;
        } else {
            stop = middle;
        }
    }
    *row = kept + gone;
    return &overlay->older;
}

size_t epg_parts(const epg_index *index, const epg_index *parts[2])
{
    parts[0] = index->overlay == NULL ? index : &index->overlay->older;
    parts[1] = index->overlay == NULL ? NULL : &index->overlay->newer;
    return index->overlay == NULL ? 1 : 2;
}

/* The next row of rows, numbered together; what there is no row of where they end. */
static uint64_t next_of(const epg_overlay *overlay, int newer, epg_rows rows, size_t *place)
{
    while (*place < rows.count) {
        const uint64_t row = renumbered(overlay, newer, epg_row(rows, (*place)++));
        if (row != NOWHERE) {
            return row;
        }
    }
    return NOWHERE;
}

epg_rows epg_find_in_both(const epg_overlay *overlay, unsigned family, uint64_t mixed)
{
    /* The room is this search's own: comparing asks for the same keys again and again. */
    epg_overlay *room = (epg_overlay *)overlay;
    if (room->last[family].known && room->last[family].key == mixed) {
        return room->last[family].rows;
    }
    const epg_rows older = epg_find_mixed(&overlay->older, family, mixed);
    const epg_rows newer = epg_find_mixed(&overlay->newer, family, mixed);
    uint8_t *made = epg_take(overlay->memory, older.count + newer.count + 1, WIDTH);
    size_t in_older = 0, in_newer = 0, count = 0;
    uint64_t one = next_of(overlay, 0, older, &in_older), other = next_of(overlay, 1, newer, &in_newer);
    while (one != NOWHERE || other != NOWHERE) {
        const uint64_t row = one < other ? one : other;
        for (unsigned i = 0; i < WIDTH; i++) {
            made[WIDTH * count + i] = (uint8_t)(row >> (8 * i));
        }
        count++;
        if (one < other) {
            one = next_of(overlay, 0, older, &in_older);
        } else {
            other = next_of(overlay, 1, newer, &in_newer);
        }
    }
    room->last[family].key = mixed;
    room->last[family].rows = (epg_rows){made, count, WIDTH};
    room->last[family].known = 1;
    return room->last[family].rows;
}

void epg_join_tables(const epg_index *index, unsigned family, epiguard_table *table, epiguard_second *second)
{
    const epg_overlay *overlay = index->overlay;
    if (overlay == NULL) {
        *table = index->tables[family];
        return;
    }
    *table = overlay->older.tables[family];
    *second = (epiguard_second){&overlay->newer.tables[family], renumbered, overlay};
    table->second = second;
}

uint64_t epg_row_in_both(const epg_overlay *overlay, epg_span person)
{
    const uint64_t newer = epg_row_of(&overlay->newer, person.at, person.size);
    return newer < overlay->newer.residents ? of_newer(overlay, newer)
                                            : of_older(overlay, epg_row_of(&overlay->older, person.at, person.size));
}

int64_t epg_counted_since(const epg_overlay *overlay, uint32_t what)
{
    for (size_t i = 0; i < overlay->counts.size / (2 * NUMBER); i++) {
        if (number_at(overlay->counts, 2 * i) == what) {
            return (int64_t)number_at(overlay->counts, 2 * i + 1);
        }
    }
    return -1;
}

epiguard_status epg_open_with(epg_index *index, epg_span image, epg_span overlay, epg_overlay *room)
{
    epiguard_status status = epg_open(index, image.at, image.size);
    if (status != EPIGUARD_OK || overlay.size == 0) {
        return status;
    }
    if (overlay.size < HEAD) {
        return EPIGUARD_DAMAGED;
    }
    epg_span *parts[3] = {&room->out, &room->places, &room->counts};
    size_t at = HEAD;
    for (size_t i = 0; i < 3; i++) {
        const size_t size = (i == 2 ? 2 : 1) * NUMBER * (size_t)epg_u32(overlay.at + NUMBER * i);
        if (size > overlay.size - at) {
            return EPIGUARD_DAMAGED;
        }
        *parts[i] = (epg_span){overlay.at + at, size};
        at += size;
    }
    room->older = *index;
    status = epg_open(&room->newer, overlay.at + at, overlay.size - at);
    const uint64_t out = room->out.size / NUMBER;
    if (status != EPIGUARD_OK || out > index->residents || room->places.size != NUMBER * room->newer.residents ||
        index->residents + room->newer.residents >= UINT32_MAX) {
        return EPIGUARD_DAMAGED;
    }
    index->overlay = room;
    epg_set_residents(index, index->residents - out + room->newer.residents);
    return EPIGUARD_OK;
}
