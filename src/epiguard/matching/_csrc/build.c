#include "build.h"

#include <stdlib.h>

enum { PER_BUCKET = 16, PHONE_BITS = 8, TAIL = 4, REGIONS = 1000000, MOST_READINGS = 8, FEW_IN_A_BUCKET = 24 };

typedef struct {
    uint64_t key;
    uint32_t row;
} entry;

typedef struct {
    entry *items;
    size_t count, room;
} entries;

typedef struct {
    epg_span person, packed, compound;
} resident;

typedef struct {
    epiguard_memory memory; /* of one record: given back after each */
    epg_span characters;
    entries of[FAMILY_COUNT];
    resident *residents;
    epg_span *compounds;
    size_t count, compound_count;
    uint32_t *counted;
    size_t counted_count;
    entry *sorted;
    epiguard_bytes *sections;
} builder;

static void *allocate(builder *build, size_t count, size_t size)
{
    void *made = count > SIZE_MAX / 2 / size ? NULL : malloc(count * size + 1);
    if (made == NULL) {
        epg_leave(&build->memory, EPIGUARD_NO_MEMORY);
    }
    return made;
}

static uint8_t *make_section(builder *build, size_t which, size_t size)
{
    build->sections[which].bytes = allocate(build, size, 1);
    build->sections[which].size = size;
    return build->sections[which].bytes;
}

static uint8_t *put_number(uint8_t *at, uint64_t number, unsigned width)
{
    for (unsigned i = 0; i < width; i++) {
        *at++ = (uint8_t)(number >> (8 * i));
    }
    return at;
}

static int by_person(const void *a, const void *b)
{
    return epg_compare_spans(((const resident *)a)->person, ((const resident *)b)->person);
}

static int by_bytes(const void *a, const void *b)
{
    return epg_compare_spans(*(const epg_span *)a, *(const epg_span *)b);
}

static int by_number(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* --- keys --- */

static void stand_under(builder *build, unsigned family, epg_key key, uint32_t row)
{
    entries *of = &build->of[family];
    if (of->count == of->room) {
        const size_t room = of->room ? 2 * of->room : 64;
        entry *items = room > SIZE_MAX / 2 / sizeof *items ? NULL : realloc(of->items, room * sizeof *items);
        if (items == NULL) {
            epg_leave(&build->memory, EPIGUARD_NO_MEMORY);
        }
        of->items = items;
        of->room = room;
    }
    of->items[of->count++] = (entry){epg_mixed(family, key), row};
}

static epg_text tail_of(epg_text text)
{
    return text.length > TAIL ? epg_part(text, text.length - TAIL, text.length) : text;
}

/* What is left of a text when any one character is struck out; never blank. */
static void under_deletions(builder *build, unsigned family, epg_text text, uint32_t row)
{
    for (size_t at = 0; at < text.length && text.length > 1; at++) {
        if (at == 0 || text.at[at] != text.at[at - 1]) {
            epg_key left = epg_key_of(epg_part(text, 0, at));
            epg_key_add(&left, epg_part(text, at + 1, text.length));
            stand_under(build, family, left, row);
        }
    }
}

static void under_readings(builder *build, epg_text name, uint32_t row)
{
    epg_codes *each = epg_take(&build->memory, name.length + 1, sizeof *each);
    size_t *turn = epg_take(&build->memory, name.length + 1, sizeof *turn);
    for (size_t i = 0; i < name.length; i++) {
        each[i] = epg_sounds(build->characters, name.at[i]);
        turn[i] = 0;
        if (each[i].count == 0) {
            return;
        }
    }
    for (size_t made = 0, left = name.length; made < MOST_READINGS && left > 0; made++) {
        epg_key key = {0, 0, 0};
        for (size_t i = 0; i < name.length; i++) {
            epg_key_unit(&key, epg_u16(each[i].at + 2 * turn[i]));
        }
        stand_under(build, F_SOUND, key, row);
        left = name.length;
        while (left > 0 && ++turn[left - 1] == each[left - 1].count) {
            turn[--left] = 0;
        }
    }
}

static void under_name(builder *build, epg_text name, uint32_t row)
{
    stand_under(build, F_NAME, epg_key_of(name), row);
    under_readings(build, name, row);
    under_deletions(build, F_NAME_SLIP, name, row);
    epg_text *parts = epg_take(&build->memory, name.length / 2 + 2, sizeof *parts);
    const size_t count = epg_name_parts(name, parts);
    for (size_t i = 0; i < count && count > 1; i++) {
        stand_under(build, F_NAME_PART, epg_key_of(parts[i]), row);
    }
}

static void under_item(builder *build, const epg_item *item, uint32_t row)
{
    switch (item->tag) {
    case T_NAME:
        under_name(build, item->text, row);
        break;
    case T_PHONE:
        stand_under(build, F_PHONE, epg_phone(item->text), row);
        stand_under(build, F_PHONE_TAIL, epg_key_of(tail_of(item->text)), row);
        break;
    case T_PLATE: {
        const epg_text body = epg_plate_body(&build->memory, item->text);
        stand_under(build, F_PLATE, epg_key_of(body), row);
        stand_under(build, F_PLATE_TAIL, epg_key_of(tail_of(body)), row);
        break;
    }
    case T_CARD:
        stand_under(build, F_CARD, epg_key_of(item->folded), row);
        break;
    case T_DOCUMENT:
        stand_under(build, F_DOCUMENT, epg_key_of(item->text), row);
        break;
    case T_GROUP:
        stand_under(build, F_GROUP, epg_key_of(item->text), row);
        break;
    case T_CUSTOM:
        stand_under(build, F_CUSTOM, epg_custom(item->field, item->text), row);
        stand_under(build, F_CUSTOM_TAIL, epg_custom(item->field, tail_of(item->text)), row);
        break;
    default:
        break;
    }
}

static void under_all(builder *build, uint32_t row)
{
    epg_record record = {0};
    epg_read_record(&build->memory, NULL, build->residents[row].packed, &record);
    for (size_t i = 0; i < record.count; i++) {
        under_item(build, &record.items[i], row);
    }
    const epg_text number = record.identity;
    if (number.length > 0) {
        epg_key year = epg_key_of(epg_part(number, 6, 10));
        epg_key_add(&year, epg_part(number, 14, number.length));
        stand_under(build, F_ID_YEAR, year, row);
        stand_under(build, F_ID_DAY, epg_key_of(epg_part(number, 10, number.length)), row);
        uint32_t region = REGIONS;
        for (size_t i = 0, unit = REGIONS / 10; i < 6; i++, unit /= 10) {
            region += (uint32_t)unit * (number.at[i] - '0');
        }
        build->counted[build->counted_count++] = region;
    }
    if (record.sex > 0) {
        build->counted[build->counted_count++] = record.sex;
    }
    if (record.birth.length > 0) {
        stand_under(build, F_BIRTH, epg_key_of(record.birth), row);
    }
    if (record.building.length > 0) {
        stand_under(build, F_DOOR, epg_door(record.compound, record.building, record.room), row);
        stand_under(build, F_DOOR_OPEN, epg_pair(record.building, record.room), row);
        stand_under(build, F_BUILDING, epg_pair(record.compound, record.building), row);
    }
    epg_give_back(&build->memory);
}

static void under_compound(builder *build, uint32_t place)
{
    const epg_span bytes = build->compounds[place];
    uint32_t *units = epg_take(&build->memory, bytes.size + 1, sizeof *units);
    const epg_text name = {units, epg_from_utf8(bytes.at, bytes.size, units)};
    const size_t starts = name.length > 1 ? name.length - 1 : 1;
    for (size_t start = 0; start < starts; start++) {
        stand_under(build, F_COMPOUND, epg_key_of(epg_part(name, start, name.length)), place);
    }
    stand_under(build, F_COMPOUND_SLIP, epg_key_of(name), place);
    under_deletions(build, F_COMPOUND_SLIP, name, place);
    epg_give_back(&build->memory);
}

/* --- tables --- */

static int by_mark(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->key != y->key) {
        return x->key > y->key ? 1 : -1;
    }
    return (x->row > y->row) - (x->row < y->row);
}

/* The entries of a bucket, by fingerprint and row: buckets are short, or full of one key. */
static void sort_bucket(entry *items, size_t count)
{
    if (count > FEW_IN_A_BUCKET) {
        qsort(items, count, sizeof *items, by_mark);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        const entry moved = items[i];
        size_t at = i;
        while (at > 0 && by_mark(&items[at - 1], &moved) > 0) {
            items[at] = items[at - 1];
            at--;
        }
        items[at] = moved;
    }
}

static void make_table(builder *build, unsigned family)
{
    const entries *of = &build->of[family];
    const int of_compounds = family == F_COMPOUND || family == F_COMPOUND_SLIP;
    const size_t most = of_compounds ? build->compound_count : build->count;
    const unsigned width = most < 1u << 24 ? 3 : 4;
    unsigned bits = family == F_PHONE ? PHONE_BITS : 0;
    while (of->count / PER_BUCKET >> bits != 0) {
        bits++;
    }
    const size_t buckets = (size_t)1 << bits;
    size_t *starts = allocate(build, buckets + 1, sizeof *starts);
    build->memory.foreign = starts;
    memset(starts, 0, (buckets + 1) * sizeof *starts);
    for (size_t i = 0; i < of->count; i++) {
        starts[(bits ? of->items[i].key >> (64 - bits) : 0) + 1]++;
    }
    for (size_t i = 0; i < buckets; i++) {
        starts[i + 1] += starts[i];
    }
    build->sorted = allocate(build, of->count, sizeof *build->sorted);
    for (size_t i = 0; i < of->count; i++) {
        const uint64_t key = of->items[i].key;
        const uint64_t mark = key & 0xFFFF;
        build->sorted[starts[bits ? key >> (64 - bits) : 0]++] = (entry){mark, of->items[i].row};
    }
    uint8_t *at = make_section(build, S_TABLES + 3 * family, 4 * (buckets + 1));
    uint8_t *mark_at = make_section(build, S_TABLES + 3 * family + 1, 2 * of->count);
    uint8_t *row_at = make_section(build, S_TABLES + 3 * family + 2, width * of->count);
    size_t kept = 0;
    at = put_number(at, 0, 4);
    for (size_t bucket = 0, first = 0; bucket < buckets; first = starts[bucket++]) {
        const size_t end = starts[bucket]; /* placing the entries moved it to where the next begins */
        sort_bucket(build->sorted + first, end - first);
        for (size_t i = first; i < end; i++) {
            const entry *each = &build->sorted[i];
            if (i > first && by_mark(each - 1, each) == 0) {
                continue; /* it is there already */
            }
            mark_at = put_number(mark_at, each->key, 2);
            row_at = put_number(row_at, each->row, width);
            kept++;
        }
        at = put_number(at, kept, 4);
    }
    build->sections[S_TABLES + 3 * family + 1].size = 2 * kept;
    build->sections[S_TABLES + 3 * family + 2].size = width * kept;
    free(build->sorted);
    build->sorted = NULL;
    build->memory.foreign = NULL;
    free(starts);
}

/* --- what is not looked up by a key --- */

static void sort_residents(builder *build, const epg_span *records)
{
    build->residents = allocate(build, build->count, sizeof *build->residents);
    build->compounds = allocate(build, build->count, sizeof *build->compounds);
    for (size_t i = 0; i < build->count; i++) {
        epg_span left = records[i], content;
        resident *made = &build->residents[i];
        *made = (resident){epg_person(left), left, {NULL, 0}};
        for (unsigned tag; epg_next_field(&left, &tag, &content);) {
            if (tag == T_COMPOUND && made->compound.at == NULL) { /* a damaged record may have several */
                made->compound = content;
                build->compounds[build->compound_count++] = content;
            }
        }
    }
    if (build->count > 1) {
        qsort(build->residents, build->count, sizeof *build->residents, by_person);
    }
    for (size_t i = 1; i < build->count; i++) {
        if (by_person(&build->residents[i - 1], &build->residents[i]) == 0) {
            epg_leave(&build->memory, EPIGUARD_BAD_VALUE);
        }
    }
    if (build->compound_count > 1) {
        qsort(build->compounds, build->compound_count, sizeof *build->compounds, by_bytes);
        size_t kept = 1;
        for (size_t i = 1; i < build->compound_count; i++) {
            if (epg_compare_spans(build->compounds[i], build->compounds[kept - 1]) != 0) {
                build->compounds[kept++] = build->compounds[i];
            }
        }
        build->compound_count = kept;
    }
    if (build->compound_count >= 1u << 24 || build->count >= UINT32_MAX) {
        epg_leave(&build->memory, EPIGUARD_BAD_VALUE);
    }
}

static void write_compounds(builder *build)
{
    size_t size = 0;
    for (size_t i = 0; i < build->compound_count; i++) {
        size += build->compounds[i].size;
    }
    uint8_t *ends = make_section(build, S_COMPOUND_OFFSETS, 4 * (build->compound_count + 1));
    uint8_t *at = make_section(build, S_COMPOUNDS, size);
    const uint8_t *start = at;
    ends = put_number(ends, 0, 4);
    for (size_t i = 0; i < build->compound_count; i++) {
        memcpy(at, build->compounds[i].at, build->compounds[i].size);
        at += build->compounds[i].size;
        ends = put_number(ends, (uint64_t)(at - start), 4);
    }
}

static uint64_t number_of(const builder *build, epg_span compound)
{
    const epg_span *found =
        bsearch(&compound, build->compounds, build->compound_count, sizeof compound, by_bytes);
    return found == NULL ? 0 : (uint64_t)(found - build->compounds);
}

/* The records with a compound's number in place of its name, and where each begins. */
static void write_records(builder *build)
{
    size_t size = 0;
    for (size_t i = 0; i < build->count; i++) {
        const resident *each = &build->residents[i];
        const size_t head = each->compound.size < 15 ? 1 : 3;
        size += each->packed.size + (each->compound.at != NULL ? 4 - head - each->compound.size : 0);
    }
    const unsigned width = (uint64_t)size >> 32 ? 8 : 4;
    uint8_t *offsets = make_section(build, S_RECORD_OFFSETS, width * (build->count + 1));
    uint8_t *at = make_section(build, S_RECORDS, size);
    const uint8_t *start = at;
    offsets = put_number(offsets, 0, width);
    for (size_t i = 0; i < build->count; i++) {
        const resident *each = &build->residents[i];
        const uint8_t *from = each->packed.at, *end = from + each->packed.size;
        if (each->compound.at != NULL) {
            const uint8_t *name = each->compound.at - (each->compound.size < 15 ? 1 : 3);
            memcpy(at, from, (size_t)(name - from));
            at += name - from;
            *at++ = T_COMPOUND << 4 | 3;
            at = put_number(at, number_of(build, each->compound), 3);
            from = each->compound.at + each->compound.size;
        }
        memcpy(at, from, (size_t)(end - from));
        at += end - from;
        offsets = put_number(offsets, (uint64_t)(at - start), width);
    }
}

static void write_counts(builder *build)
{
    if (build->counted_count > 1) {
        qsort(build->counted, build->counted_count, sizeof *build->counted, by_number);
    }
    uint8_t *at = make_section(build, S_COUNTS, 8 * build->counted_count);
    const uint8_t *start = at;
    for (size_t i = 0, first = 0; i < build->counted_count; i++) {
        if (i + 1 == build->counted_count || build->counted[i + 1] != build->counted[i]) {
            at = put_number(put_number(at, build->counted[i], 4), i + 1 - first, 4);
            first = i + 1;
        }
    }
    build->sections[S_COUNTS].size = (size_t)(at - start);
}

static void build_all(builder *build, const epg_span *records)
{
    sort_residents(build, records);
    build->counted = allocate(build, 2 * build->count, sizeof *build->counted);
    for (size_t row = 0; row < build->count; row++) {
        under_all(build, (uint32_t)row);
    }
    for (size_t place = 0; place < build->compound_count; place++) {
        under_compound(build, (uint32_t)place);
    }
    write_compounds(build);
    write_records(build);
    write_counts(build);
    for (unsigned family = 0; family < FAMILY_COUNT; family++) {
        make_table(build, family);
        free(build->of[family].items);
        build->of[family].items = NULL;
    }
}

epiguard_status epiguard_build(const epg_span *records, size_t count, epg_span characters,
                               epiguard_bytes sections[SECTION_COUNT])
{
    memset(sections, 0, SECTION_COUNT * sizeof *sections);
    builder *build = calloc(1, sizeof *build);
    if (build == NULL) {
        return EPIGUARD_NO_MEMORY;
    }
    build->characters = characters;
    build->count = count;
    build->sections = sections;
    const int status = setjmp(build->memory.out);
    if (status == 0) {
        build_all(build, records);
    }
    epg_give_back(&build->memory);
    for (unsigned family = 0; family < FAMILY_COUNT; family++) {
        free(build->of[family].items);
    }
    free(build->residents);
    free(build->compounds);
    free(build->counted);
    free(build->sorted);
    free(build);
    if (status != 0) {
        epiguard_free_sections(sections);
    }
    return (epiguard_status)status;
}

void epiguard_free_sections(epiguard_bytes sections[SECTION_COUNT])
{
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        free(sections[i].bytes);
        sections[i] = (epiguard_bytes){NULL, 0};
    }
}
