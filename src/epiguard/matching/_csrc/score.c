#include "search.h"

#include <stdlib.h>

enum { LARGEST_HOUSE = 12, LARGEST_HOME = 64 };

static int by_number(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

int epg_by_row(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

void epg_put(epg_search *search, epg_bag *bag, uint32_t row)
{
    bag->rows = epg_grown(search->memory, bag->rows, bag->count, &bag->room, sizeof *bag->rows);
    bag->rows[bag->count++] = row;
}

static void read_one(epg_search *search, uint32_t row, epg_record *record)
{
    uint64_t own = row;
    const epg_index *part = epg_part_of(&search->index, &own);
    epg_read_record(search->memory, part, epg_record_at(part, own), record);
}

/* Bearers of the very telephone or plate. */
static void find_holders(epg_search *search, size_t which, unsigned family, epg_text key, unsigned tag, epg_text written)
{
    if (written.length == 0) {
        return;
    }
    const epg_rows rows = epg_find(&search->index, family, family == F_PHONE ? epg_phone(key) : epg_key_of(key));
    for (size_t i = 0; i < rows.count && i < MOST_HOLDERS; i++) {
        const uint32_t row = epg_row(rows, i);
        if (row >= search->index.residents) {
            continue;
        }
        epg_record *record = &search->holders[which][search->holder_count[which]];
        read_one(search, row, record);
        if (epg_record_has(record, tag, written)) {
            search->holder_rows[which][search->holder_count[which]++] = row;
        }
    }
}

int epg_has_phone(epg_search *search, uint32_t row, size_t slips)
{
    read_one(search, row, &search->one);
    size_t place = 0;
    for (const epg_item *phone; (phone = epg_next(&search->one, T_PHONE, &place)) != NULL;) {
        if (epg_same(phone->text, search->reading.phone) ||
            (slips > 0 && epg_slips_between(search->memory, search->reading.phone, phone->text) <= slips)) {
            return 1;
        }
    }
    return 0;
}

void epg_open_asked(epg_search *search, const epiguard_question *question)
{
    const epg_span image = {question->image, question->image_size};
    search->overlay.memory = search->form.memory = search->memory;
    const epiguard_status status = epg_open_with(&search->index, image, question->overlay, &search->overlay);
    if (status != EPIGUARD_OK) {
        epg_leave(search->memory, status);
    }
}

void epg_begin(epg_search *search, const epiguard_question *question)
{
    epiguard_memory *memory = search->memory;
    epg_open_asked(search, question);
    const epg_span packed = {question->reading, question->reading_size};
    const epiguard_status status = epg_read_reading(memory, packed, question->custom, &search->reading);
    if (status != EPIGUARD_OK) {
        epg_leave(memory, status);
    }
    const epg_reading *reading = &search->reading;
    search->prior = question->prior;
    search->stranger = question->stranger;
    search->exact = question->exact;
    search->custom = question->custom;
    search->fields = CUSTOM + question->custom;
    search->present[NAME] = reading->name.length > 0;
    search->present[SEX] = reading->sex > 0;
    search->present[BIRTH] = reading->birth.length > 0;
    search->present[IDENTITY] = reading->identity.length > 0 || reading->document.length > 0;
    search->present[PHONE] = reading->phone.length > 0;
    search->present[HOME] = reading->building.length > 0 || reading->room.length > 0 || reading->home_card_count > 0;
    search->present[PLATE] = reading->plate.length > 0;
    search->present[CARD] = reading->card_folded.length > 0;
    search->form.index = &search->index;
    search->form.reading = reading;
    search->form.plate_body = epg_plate_body(memory, reading->plate);
    search->form.parts = epg_take(memory, reading->name.length / 2 + 2, sizeof *search->form.parts);
    search->form.part_count = epg_name_parts(reading->name, search->form.parts);
    if (reading->name.length > 0) {
        search->form.namesakes = epg_count_of(&search->index, F_NAME, epg_key_of(reading->name));
    }
    search->rejected = epg_take(memory, question->rejected_count + 1, sizeof *search->rejected);
    for (size_t i = 0; i < question->rejected_count; i++) {
        const epg_span id = question->rejected[i];
        const uint64_t row = epg_row_of(&search->index, id.at, id.size);
        if (row < search->index.residents) {
            search->rejected[search->rejected_count++] = row;
        }
    }
    qsort(search->rejected, search->rejected_count, sizeof *search->rejected, by_number);
    find_holders(search, 0, F_PHONE, reading->phone, T_PHONE, reading->phone);
    find_holders(search, 1, F_PLATE, search->form.plate_body, T_PLATE, reading->plate);
}

static int lives_with(const epg_index *index, const epg_record *one, const epg_record *other)
{
    size_t place = 0;
    for (const epg_item *group; (group = epg_next(one, T_GROUP, &place)) != NULL;) {
        if (epg_record_has(other, T_GROUP, group->text)) {
            return 1;
        }
    }
    if (one->building.length == 0 || !epg_same(one->building, other->building) || !epg_same(one->room, other->room) ||
        !epg_same(one->unit, other->unit) || !epg_same(one->compound, other->compound)) {
        return 0;
    }
    const epg_text none = {NULL, 0};
    return one->room.length > 0 ||
           epg_count_of(index, F_DOOR, epg_door(one->compound, one->building, none)) <= LARGEST_HOUSE;
}

void epg_household_of(epg_search *search, uint32_t row, epg_bag *bag)
{
    const epg_index *index = &search->index;
    epg_record mine = {0}, *other = &search->form.other;
    read_one(search, row, &mine);
    epg_bag near = {0};
    if (mine.building.length > 0) {
        const epg_rows door = epg_find(index, F_DOOR, epg_door(mine.compound, mine.building, mine.room));
        for (size_t i = 0; i < door.count && i < LARGEST_HOME; i++) {
            epg_put(search, &near, epg_row(door, i));
        }
    }
    size_t place = 0;
    for (const epg_item *group; (group = epg_next(&mine, T_GROUP, &place)) != NULL;) {
        const epg_rows rows = epg_find(index, F_GROUP, epg_key_of(group->text));
        for (size_t i = 0; i < rows.count && i < LARGEST_HOME; i++) {
            epg_put(search, &near, epg_row(rows, i));
        }
    }
    epg_put(search, bag, row);
    for (size_t i = 0; i < near.count; i++) {
        if (near.rows[i] == row || near.rows[i] >= index->residents) {
            continue;
        }
        read_one(search, near.rows[i], other);
        if (lives_with(index, &mine, other)) {
            epg_put(search, bag, near.rows[i]);
        }
    }
}

static int in_family(const epg_search *search, size_t which, uint32_t row, const epg_record *record)
{
    for (size_t i = 0; i < search->holder_count[which]; i++) {
        if (search->holder_rows[which][i] != row && lives_with(&search->index, record, &search->holders[which][i])) {
            return 1;
        }
    }
    return 0;
}

/* Of what says the same twice, let only the heavier side count; what differs counts always. */
static void count_once(const epg_index *index, uint8_t *kinds, int32_t *weights, size_t whole, const size_t *parts,
                       size_t count)
{
    int32_t together = 0;
    for (size_t i = 0; i < count; i++) {
        together += weights[parts[i]] > 0 ? weights[parts[i]] : 0;
    }
    if (weights[whole] >= together) {
        for (size_t i = 0; i < count; i++) {
            if (weights[parts[i]] > 0 && index->level[kinds[parts[i]]] != DIFFERS) {
                weights[parts[i]] = 0;
            }
        }
    } else if (index->level[kinds[whole]] != DIFFERS) {
        weights[whole] = 0;
    }
}

static epg_grade grade_of(epg_search *search, size_t field, uint32_t row, int family, int *birth_known)
{
    epg_form *form = &search->form;
    const epg_record *record = &search->one;
    switch (field) {
    case NAME: return epg_compare_name(form, record);
    case SEX: return epg_compare_sex(form, record);
    case BIRTH: return epg_compare_birth(form, record);
    case IDENTITY: return epg_compare_identity(form, record, birth_known);
    case PHONE: return epg_compare_phone(form, record, family && in_family(search, 0, row, record));
    case HOME: return epg_compare_home(form, record);
    case PLATE: return epg_compare_plate(form, record, family && in_family(search, 1, row, record));
    default: return epg_compare_card(form, record);
    }
}

void epg_grades_of(epg_search *search, uint32_t row, uint8_t *kinds, int32_t *weights)
{
    static const size_t told[] = {BIRTH, SEX}, home[] = {HOME};
    const epg_reading *reading = &search->reading;
    int birth_known = 0;
    read_one(search, row, &search->one);
    for (size_t field = 0; field < search->fields; field++) {
        epg_grade grade = {K_ABSENT, 0};
        if (field < CUSTOM && search->present[field]) {
            grade = grade_of(search, field, row, 1, &birth_known);
        }
        kinds[field] = (uint8_t)grade.kind;
        weights[field] = grade.weight;
    }
    for (size_t i = 0; i < reading->custom_count; i++) {
        const unsigned field = reading->custom[i].field;
        const epg_grade grade =
            epg_compare_custom(&search->form, &search->one, field, reading->custom[i].text, search->exact[field]);
        kinds[CUSTOM + field] = (uint8_t)grade.kind;
        weights[CUSTOM + field] = grade.weight;
    }
    if (birth_known && weights[IDENTITY] > 0) {
        count_once(&search->index, kinds, weights, IDENTITY, told, 2);
    }
    if (weights[CARD] > 0 && kinds[HOME] == K_CARD_FOR_ROOM) {
        count_once(&search->index, kinds, weights, CARD, home, 1);
    }
}

int epg_is_near(epg_search *search, size_t field, uint32_t row)
{
    const epg_reading *reading = &search->reading;
    int birth_known;
    epg_grade grade = {K_ABSENT, 0};
    if (row >= search->index.residents) {
        return 0;
    }
    read_one(search, row, &search->one);
    if (field < CUSTOM) {
        grade = grade_of(search, field, row, 0, &birth_known);
    }
    for (size_t i = 0; i < reading->custom_count; i++) {
        const unsigned number = reading->custom[i].field;
        if (CUSTOM + number == field) {
            grade = epg_compare_custom(&search->form, &search->one, number, reading->custom[i].text,
                                       search->exact[number]);
        }
    }
    const unsigned level = search->index.level[grade.kind];
    return level != DIFFERS && level != ABSENT;
}

/* --- who was found --- */

static size_t slot_of(const epg_search *search, uint32_t row)
{
    size_t slot = (row * 0x9E3779B1u) & (search->slot_count - 1);
    while (search->slots[slot] != 0 && search->scored[search->slots[slot] - 1].row != row) {
        slot = (slot + 1) & (search->slot_count - 1);
    }
    return slot;
}

int epg_known(const epg_search *search, uint32_t row)
{
    return search->slot_count > 0 && search->slots[slot_of(search, row)] != 0;
}

static void more_slots(epg_search *search)
{
    search->slot_count = search->slot_count ? 2 * search->slot_count : 128;
    search->slots = epg_take(search->memory, search->slot_count, sizeof *search->slots);
    memset(search->slots, 0, search->slot_count * sizeof *search->slots);
    for (size_t i = 0; i < search->scored_count; i++) {
        search->slots[slot_of(search, search->scored[i].row)] = (uint32_t)i + 1;
    }
}

static int is_rejected(const epg_search *search, uint32_t row)
{
    const uint64_t wanted = row;
    return search->rejected_count > 0 &&
           bsearch(&wanted, search->rejected, search->rejected_count, sizeof wanted, by_number) != NULL;
}

static void score(epg_search *search, uint32_t row)
{
    epiguard_memory *memory = search->memory;
    if (2 * (search->scored_count + 1) > search->slot_count) {
        more_slots(search);
    }
    search->scored =
        epg_grown(memory, search->scored, search->scored_count, &search->scored_room, sizeof *search->scored);
    epg_scored *made = &search->scored[search->scored_count];
    made->row = row;
    made->weights = epg_take(memory, search->fields, sizeof *made->weights);
    made->kinds = epg_take(memory, search->fields, sizeof *made->kinds);
    epg_grades_of(search, row, made->kinds, made->weights);
    int64_t weight = search->prior;
    for (size_t field = 0; field < search->fields; field++) {
        weight += made->weights[field];
    }
    made->weight = (int32_t)weight;
    search->best = search->scored_count == 0 || made->weight > search->best ? made->weight : search->best;
    search->slots[slot_of(search, row)] = (uint32_t)++search->scored_count;
}

void epg_add(epg_search *search, epg_bag *bag)
{
    if (bag->count > 1) {
        qsort(bag->rows, bag->count, sizeof *bag->rows, epg_by_row);
    }
    for (size_t i = 0; i < bag->count && search->scored_count < MOST_SCORED; i++) {
        const uint32_t row = bag->rows[i];
        if (row < search->index.residents && (i == 0 || row != bag->rows[i - 1]) && !epg_known(search, row) &&
            !is_rejected(search, row)) {
            score(search, row);
        }
    }
}

int epg_speaks_for_any(const epg_search *search, size_t field)
{
    for (size_t i = 0; i < search->scored_count; i++) {
        const epg_scored *each = &search->scored[i];
        if (each->weights[field] > 0 && each->kinds[field] != K_FAMILY_PHONE && each->kinds[field] != K_FAMILY_PLATE) {
            return 1;
        }
    }
    return 0;
}
