#include "overlay.h"

#include <limits.h>

enum {
    HEADER = 64,
    ENTRY = 24,
    LAYOUT = 2,
    WEIGHTS_ID = 3,
    FAMILIES_FROM = 100,
    SECTIONS = 10,
    POWER_COUNT = 1000,
    FIRST_CHARACTER = 0x3400,
    LAST_CHARACTER = 0x9FFF,
    CHARACTER_COUNT = LAST_CHARACTER - FIRST_CHARACTER + 1,
    SMALLEST_POPULATION = 1000,
    MOST_WEIGHT = 1000000,
    LONE_NAME = 2000,
};

static int read_weights(epg_index *index, epg_span weights)
{
    const size_t numbers = 3 * (size_t)KIND_COUNT + FORM_COUNT + 1;
    if (weights.size != 4 * numbers) {
        return 0;
    }
    const uint8_t *at = weights.at;
    for (size_t i = 0; i < KIND_COUNT; i++) {
        const int32_t base = (int32_t)epg_u32(at + 4 * i);
        const uint32_t level = epg_u32(at + 4 * (KIND_COUNT + i)), field = epg_u32(at + 4 * (2 * KIND_COUNT + i));
        if (base > MOST_WEIGHT || base < -MOST_WEIGHT || level > ABSENT || field > FORM_COUNT) {
            return 0;
        }
        index->base[i] = base;
        index->level[i] = (uint8_t)level;
        index->field_of[i] = (uint8_t)field;
    }
    for (size_t i = 0; i <= FORM_COUNT; i++) {
        const uint32_t worst = epg_u32(at + 4 * (3 * KIND_COUNT + i));
        if (worst >= KIND_COUNT) {
            return 0;
        }
        index->worst_of[i] = (uint8_t)worst;
    }
    return 1;
}

static int read_table(epg_index *index, unsigned family, epg_span starts, epg_span marks, epg_span rows)
{
    const size_t entries = marks.size / 2, count = starts.size / 4;
    const size_t width = entries ? rows.size / entries : 3;
    if (marks.size % 2 || starts.size % 4 || count < 2 || rows.size != width * entries || width < 3 || width > 4) {
        return 0;
    }
    unsigned bits = 0;
    while ((count - 1) >> bits > 1) {
        bits++;
    }
    if ((size_t)1 << bits != count - 1 || bits > 40) {
        return 0;
    }
    const int of_compounds = family == F_COMPOUND || family == F_COMPOUND_SLIP;
    index->bits[family] = bits;
    index->tables[family] = (epiguard_table){
        .starts = starts.at,
        .start_count = count,
        .marks = marks.at,
        .rows = rows.at,
        .entries = entries,
        .width = width,
        .residents = of_compounds ? index->compound_count : index->residents,
        .family = family,
    };
    return 1;
}

epiguard_status epg_open(epg_index *index, const uint8_t *image, size_t size)
{
    enum { ALL = SECTIONS + 3 * FAMILY_COUNT };
    epg_span found[ALL] = {{NULL, 0}};
    if (size < HEADER || memcmp(image, "EPGMATCH", 8) != 0 || epg_u32(image + 8) != LAYOUT ||
        epg_u64(image + 16) != size) {
        return EPIGUARD_DAMAGED;
    }
    const uint64_t count = epg_u32(image + 12);
    if (count > (size - HEADER) / ENTRY) {
        return EPIGUARD_DAMAGED;
    }
    for (uint64_t i = 0; i < count; i++) {
        const uint8_t *entry = image + HEADER + i * ENTRY;
        const uint32_t number = epg_u32(entry);
        const uint64_t offset = epg_u64(entry + 8), length = epg_u64(entry + 16);
        if (offset > size || length > size - offset) {
            return EPIGUARD_DAMAGED;
        }
        const uint64_t place = number < SECTIONS ? number : (uint64_t)number - FAMILIES_FROM + SECTIONS;
        if (place < ALL) {
            found[place] = (epg_span){image + offset, (size_t)length};
        }
    }
    for (size_t i = 1; i < ALL; i++) {
        if (found[i].at == NULL) {
            return EPIGUARD_DAMAGED;
        }
    }
    index->residents = epg_u64(image + 24);
    index->overlay = NULL;
    index->powers = found[2];
    index->characters = found[4];
    index->compound_ends = found[5];
    index->compounds = found[6];
    index->counts = found[7];
    index->offsets = found[8];
    index->records = found[9];
    if (index->residents >= UINT32_MAX || index->powers.size != 8 * POWER_COUNT ||
        index->compound_ends.size < 4 || index->compound_ends.size % 4 || index->counts.size % 8 ||
        index->characters.size < 4 * CHARACTER_COUNT || !read_weights(index, found[WEIGHTS_ID])) {
        return EPIGUARD_DAMAGED;
    }
    index->compound_count = index->compound_ends.size / 4 - 1;
    index->wide = index->offsets.size == 8 * (index->residents + 1);
    if (!index->wide && index->offsets.size != 4 * (index->residents + 1)) {
        return EPIGUARD_DAMAGED;
    }
    for (unsigned family = 0; family < FAMILY_COUNT; family++) {
        const epg_span *three = found + SECTIONS + 3 * family;
        if (!read_table(index, family, three[0], three[1], three[2])) {
            return EPIGUARD_DAMAGED;
        }
    }
    epg_set_residents(index, index->residents);
    return EPIGUARD_OK;
}

void epg_set_residents(epg_index *index, uint64_t residents)
{
    index->residents = residents;
    index->population = residents > SMALLEST_POPULATION ? residents : SMALLEST_POPULATION;
    index->log_population = epg_milli_log2(index, index->population);
}

int epg_compare_spans(epg_span a, epg_span b)
{
    const size_t shorter = a.size < b.size ? a.size : b.size;
    const int order = shorter ? memcmp(a.at, b.at, shorter) : 0;
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

epg_key epg_pair(epg_text one, epg_text other)
{
    epg_key key = epg_key_of(one);
    epg_key_unit(&key, '|');
    epg_key_add(&key, other);
    return key;
}

epg_key epg_door(epg_text compound, epg_text building, epg_text room)
{
    epg_key key = epg_pair(compound, building);
    epg_key_unit(&key, '|');
    epg_key_add(&key, room);
    return key;
}

epg_key epg_phone(epg_text digits)
{
    const size_t start = digits.length > PHONE_TAIL ? digits.length - PHONE_TAIL : 0;
    epg_key key = epg_key_of(epg_part(digits, 0, start));
    unsigned tail = 0;
    for (size_t i = start; i < digits.length; i++) {
        tail = tail * 10 + (digits.at[i] + 2) % 10; /* a digit, for a digit */
    }
    key.tail = tail + 1;
    return key;
}

epg_key epg_custom(unsigned number, epg_text text)
{
    epg_key key = {0, 0, 0};
    if (number >= 100) {
        epg_key_unit(&key, '0' + number / 100);
    }
    if (number >= 10) {
        epg_key_unit(&key, '0' + number / 10 % 10);
    }
    epg_key_unit(&key, '0' + number % 10);
    epg_key_unit(&key, '|');
    epg_key_add(&key, text);
    return key;
}

uint64_t epg_mixed(unsigned family, epg_key key)
{
    if (key.tail > 0) {
        const epg_key head = {key.number, key.length, 0};
        return epg_phone_mixed(epg_mixed(family, head), key.tail - 1);
    }
    uint64_t mix = key.number + ((uint64_t)family + 1) * 0x9E3779B97F4A7C15u + key.length * 0xD1B54A32D192ED03u;
    mix = (mix ^ (mix >> 30)) * 0xBF58476D1CE4E5B9u;
    mix = (mix ^ (mix >> 27)) * 0x94D049BB133111EBu;
    return mix ^ (mix >> 31);
}

epg_rows epg_find(const epg_index *index, unsigned family, epg_key key)
{
    const uint64_t mixed = epg_mixed(family, key);
    return index->overlay == NULL ? epg_find_mixed(index, family, mixed)
                                  : epg_find_in_both(index->overlay, family, mixed);
}

size_t epg_bucket(const epg_index *index, unsigned family, uint64_t mixed, size_t *end)
{
    const epiguard_table *table = &index->tables[family];
    const unsigned bits = index->bits[family];
    const size_t bucket = bits ? (size_t)(mixed >> (64 - bits)) : 0;
    const size_t first = epg_u32(table->starts + 4 * bucket), last = epg_u32(table->starts + 4 * (bucket + 1));
    *end = last < table->entries ? last : table->entries;
    return first < *end ? first : *end;
}

epg_rows epg_find_mixed(const epg_index *index, unsigned family, uint64_t mixed)
{
    const epiguard_table *table = &index->tables[family];
    const uint32_t mark = (uint32_t)mixed & 0xFFFF;
    size_t end, first = epg_bucket(index, family, mixed, &end), stop = end;
    while (first < stop) {
        const size_t middle = first + (stop - first) / 2;
        if (epg_u16(table->marks + 2 * middle) < mark) {
            first = middle + 1;
        } else {
            stop = middle;
        }
    }
    /* Most keys are of one or few; a key of many is followed by halving. */
    size_t last = first, step = 1;
    while (last < end && epg_u16(table->marks + 2 * last) == mark && step <= 16) {
        last++;
        step++;
    }
    if (step > 16) {
        stop = end;
        while (last < stop) {
            const size_t middle = last + (stop - last) / 2;
            if (epg_u16(table->marks + 2 * middle) <= mark) {
                last = middle + 1;
            } else {
                stop = middle;
            }
        }
    }
    return (epg_rows){table->rows + table->width * first, last - first, (unsigned)table->width};
}

int epg_among(epg_rows rows, uint32_t row)
{
    size_t first = 0, stop = rows.count;
    while (first < stop) {
        const size_t middle = first + (stop - first) / 2;
        if (epg_row(rows, middle) < row) {
            first = middle + 1;
        } else {
            stop = middle;
        }
    }
    return first < rows.count && epg_row(rows, first) == row;
}

int32_t epg_milli_log2(const epg_index *index, uint64_t number)
{
    if (number == 0) {
        return 0;
    }
    int32_t whole = 63;
    while (!(number >> 63)) {
        number <<= 1;
        whole--;
    }
    size_t first = 0, stop = POWER_COUNT; /* the first power that is more */
    while (first < stop) {
        const size_t middle = first + (stop - first) / 2;
        if (epg_u64(index->powers.at + 8 * middle) <= number) {
            first = middle + 1;
        } else {
            stop = middle;
        }
    }
    return whole * POWER_COUNT + (first > 0 ? (int32_t)first - 1 : 0);
}

uint64_t epg_power_of_two(const epg_index *index, int64_t milli)
{
    int64_t whole = milli / POWER_COUNT, step = milli % POWER_COUNT;
    if (step < 0) {
        step += POWER_COUNT;
        whole--;
    }
    const int64_t shift = 24 - whole; /* 2 ** 63 to 2 ** 40, and one more for what is rounded up */
    return shift < 64 ? epg_u64(index->powers.at + 8 * step) >> shift : 0;
}

epg_grade epg_plain(const epg_index *index, int kind)
{
    return (epg_grade){kind, index->base[kind]};
}

int32_t epg_worst(const epg_index *index, size_t field)
{
    return index->base[index->worst_of[field < FORM_COUNT ? field : FORM_COUNT]];
}

/* Kinds whose weight does not depend on how many share it (Kind.chance). */
static int by_chance(int kind)
{
    return kind == K_PHONE_SLIP || kind == K_PHONE_TWO_SLIPS || kind == K_PLATE_LOOKS || kind == K_PLATE_SLIP;
}

epg_grade epg_weigh(const epg_index *index, int kind, uint64_t sharing)
{
    const int level = index->level[kind];
    if (level == DIFFERS || level == ABSENT || by_chance(kind)) {
        return epg_plain(index, kind);
    }
    const int32_t alone = (kind == K_SAME_NAME || kind == K_NAME_PINYIN) && sharing <= 1 ? LONE_NAME : 0;
    const int32_t weight =
        index->base[kind] + index->log_population - epg_milli_log2(index, sharing ? sharing : 1) + alone;
    const int32_t least = level == AGREES ? 0 : epg_worst(index, index->field_of[kind]);
    return (epg_grade){kind, weight > least ? weight : least};
}

int32_t epg_share(const epg_index *index, uint64_t sharing)
{
    const int32_t says = index->log_population - epg_milli_log2(index, sharing ? sharing : 1);
    return says > 0 ? says : 0;
}

uint64_t epg_counted(const epg_index *index, uint32_t what)
{
    const int64_t since = index->overlay == NULL ? -1 : epg_counted_since(index->overlay, what);
    if (since >= 0) {
        return (uint64_t)since;
    }
    size_t first = 0, stop = index->counts.size / 8;
    while (first < stop) {
        const size_t middle = first + (stop - first) / 2;
        if (epg_u32(index->counts.at + 8 * middle) < what) {
            first = middle + 1;
        } else {
            stop = middle;
        }
    }
    const uint8_t *at = index->counts.at + 8 * first;
    return first < index->counts.size / 8 && epg_u32(at) == what ? epg_u32(at + 4) : 0;
}

/* A character's row: two counts and as many codes; NULL for none. */
static const uint8_t *character_row(epg_span characters, uint32_t unit)
{
    if (unit < FIRST_CHARACTER || unit > LAST_CHARACTER) {
        return NULL;
    }
    const size_t places = 4 * (size_t)CHARACTER_COUNT, numbers = (characters.size - places) / 2;
    const uint64_t place = epg_u32(characters.at + 4 * (size_t)(unit - FIRST_CHARACTER));
    if (place + 2 > numbers) {
        return NULL;
    }
    const uint8_t *row = characters.at + places + 2 * place;
    return place + 2 + epg_u16(row) + epg_u16(row + 2) <= numbers ? row : NULL;
}

epg_codes epg_sounds(epg_span characters, uint32_t unit)
{
    const uint8_t *row = character_row(characters, unit);
    return row == NULL ? (epg_codes){NULL, 0} : (epg_codes){row + 4, epg_u16(row)};
}

epg_codes epg_looks(epg_span characters, uint32_t unit)
{
    const uint8_t *row = character_row(characters, unit);
    return row == NULL ? (epg_codes){NULL, 0} : (epg_codes){row + 4 + 2 * epg_u16(row), epg_u16(row + 2)};
}

int epg_code_among(epg_codes codes, uint32_t code)
{
    for (size_t i = 0; i < codes.count; i++) {
        if (epg_u16(codes.at + 2 * i) == code) {
            return 1;
        }
    }
    return 0;
}

static epg_span between(epg_span all, uint64_t start, uint64_t end)
{
    end = end < all.size ? end : all.size;
    return start < end ? (epg_span){all.at + start, (size_t)(end - start)} : (epg_span){all.at, 0};
}

epg_span epg_record_at(const epg_index *index, uint64_t row)
{
    if (row >= index->residents) {
        return (epg_span){index->records.at, 0};
    }
    const uint8_t *at = index->offsets.at + (index->wide ? 8 : 4) * row;
    return index->wide ? between(index->records, epg_u64(at), epg_u64(at + 8))
                       : between(index->records, epg_u32(at), epg_u32(at + 4));
}

epg_span epg_compound_at(const epg_index *index, uint64_t number)
{
    if (number >= index->compound_count) {
        return (epg_span){index->compounds.at, 0};
    }
    const uint8_t *at = index->compound_ends.at + 4 * number;
    return between(index->compounds, epg_u32(at), epg_u32(at + 4));
}

epg_span epg_person(epg_span record)
{
    if (record.size == 0 || record.at[0] >> 4 != 0) {
        return (epg_span){record.at, 0};
    }
    const size_t length = record.at[0] & 15;
    if (length < 15) {
        return between(record, 1, 1 + length);
    }
    return record.size < 3 ? (epg_span){record.at, 0} : between(record, 3, 3 + (uint64_t)epg_u16(record.at + 1));
}

uint64_t epg_row_of(const epg_index *index, const uint8_t *person, size_t size)
{
    const epg_span wanted = {person, size};
    if (index->overlay != NULL) {
        const uint64_t row = epg_row_in_both(index->overlay, wanted);
        return row < index->residents ? row : index->residents;
    }
    uint64_t first = 0, stop = index->residents;
    while (first < stop) {
        const uint64_t middle = first + (stop - first) / 2;
        if (epg_compare_spans(epg_person(epg_record_at(index, middle)), wanted) < 0) {
            first = middle + 1;
        } else {
            stop = middle;
        }
    }
    const epg_span id = epg_person(epg_record_at(index, first));
    return first < index->residents && epg_compare_spans(id, wanted) == 0 ? first : index->residents;
}
