#include <stdlib.h>

#include "search.h"

enum { MOST_COMPOUNDS = 16, MOST_AT_A_DOOR = 1024, SHORT = 1024, JOINED = 16384, MOST_READINGS = 8 };

void epg_add_list(epg_search *search, epg_lists *lists, epg_rows rows)
{
    lists->lists = epg_grown(search->memory, lists->lists, lists->count, &lists->room, sizeof *lists->lists);
    lists->lists[lists->count++] = rows;
}

static void add_key(epg_search *search, epg_lists *lists, unsigned family, epg_key key)
{
    epg_add_list(search, lists, epg_find(&search->index, family, key));
}

/* Rows that were put together, as a table has them: four bytes each, the smallest first. */
static epg_rows as_list(epg_search *search, const uint32_t *rows, size_t count)
{
    uint8_t *made = epg_take(search->memory, count + 1, 4);
    for (size_t i = 0; i < count; i++) {
        for (unsigned k = 0; k < 4; k++) {
            made[4 * i + k] = (uint8_t)(rows[i] >> (8 * k));
        }
    }
    return (epg_rows){made, count, 4};
}

epg_rows epg_near(epg_search *search, unsigned family, epg_text text, const char *alphabet, size_t start, size_t few,
                  size_t first)
{
    uint32_t letters[64];
    size_t count = 0;
    for (; alphabet[count] != '\0' && count < 64; count++) {
        letters[count] = (uint32_t)alphabet[count];
    }
    const epiguard_slips what = {text.at, text.length, start, text.length, letters, count};
    epiguard_rows found;
    epiguard_table table;
    epiguard_second second;
    epg_join_tables(&search->index, family, &table, &second);
    const epiguard_status status = epiguard_slip_rows(&what, &table, (epiguard_follow){few, first}, &found);
    if (status != EPIGUARD_OK) {
        epg_leave(search->memory, status);
    }
    search->memory->foreign = found.rows; /* given back even where there is no memory for the copy */
    uint32_t *rows = epg_take(search->memory, found.count + 1, sizeof *rows);
    for (size_t i = 0; i < found.count; i++) {
        rows[i] = (uint32_t)found.rows[i];
    }
    search->memory->foreign = NULL;
    free(found.rows);
    return as_list(search, rows, found.count);
}

/* --- names --- */

static epg_key replaced(epg_text name, size_t place, uint32_t other)
{
    epg_key key = epg_key_of(epg_part(name, 0, place));
    epg_key_unit(&key, other);
    epg_key_add(&key, epg_part(name, place + 1, name.length));
    return key;
}

/* The sounds of a name, the last character's changing fastest; none where a character has none. */
static void add_readings(epg_search *search, epg_lists *lists, epg_text name)
{
    epg_codes *each = epg_take(search->memory, name.length + 1, sizeof *each);
    size_t *turn = epg_take(search->memory, name.length + 1, sizeof *turn);
    for (size_t i = 0; i < name.length; i++) {
        each[i] = epg_sounds(search->index.characters, name.at[i]);
        turn[i] = 0;
        if (each[i].count == 0) {
            return;
        }
    }
    for (size_t made = 0; made < MOST_READINGS; made++) {
        epg_key key = {0, 0, 0};
        for (size_t i = 0; i < name.length; i++) {
            epg_key_unit(&key, epg_u16(each[i].at + 2 * turn[i]));
        }
        add_key(search, lists, F_SOUND, key);
        size_t i = name.length;
        while (i > 0 && ++turn[i - 1] == each[i - 1].count) {
            turn[--i] = 0;
        }
        if (i == 0) {
            return;
        }
    }
}

void epg_name_lists(epg_search *search, epg_lists *lists)
{
    const epg_reading *reading = &search->reading;
    const epg_text name = reading->name;
    const size_t n = name.length;
    add_key(search, lists, F_NAME, epg_key_of(name));
    if (reading->sound_count > 0) {
        for (size_t i = 0; i < reading->sound_count; i++) {
            add_key(search, lists, F_SOUND, epg_key_of(reading->sounds[i]));
        }
    } else {
        add_readings(search, lists, name);
    }
    if (n > 1) {
        epg_key turned = epg_key_of(epg_part(name, n - 1, n));
        epg_key_add(&turned, epg_part(name, 0, n - 1));
        add_key(search, lists, F_NAME, turned);
        turned = epg_key_of(epg_part(name, 1, n));
        epg_key_add(&turned, epg_part(name, 0, 1));
        add_key(search, lists, F_NAME, turned);
    }
    for (size_t place = 0; place < n; place++) {
        const epg_codes looks = epg_looks(search->index.characters, name.at[place]);
        for (size_t i = 0; i < looks.count; i++) {
            add_key(search, lists, F_NAME, replaced(name, place, epg_u16(looks.at + 2 * i)));
        }
    }
    add_key(search, lists, F_NAME_SLIP, epg_key_of(name));
    for (size_t place = 0; place < n && n > 1; place++) {
        if (place > 0 && name.at[place] == name.at[place - 1]) {
            continue; /* what is left is the same */
        }
        epg_key left = epg_key_of(epg_part(name, 0, place));
        epg_key_add(&left, epg_part(name, place + 1, n));
        add_key(search, lists, F_NAME, left);
        add_key(search, lists, F_NAME_SLIP, left);
    }
    for (size_t i = 0; i < search->form.part_count; i++) {
        const epg_text part = search->form.parts[i];
        add_key(search, lists, F_NAME_PART, epg_key_of(part));
        if (!epg_same(part, name)) {
            add_key(search, lists, F_NAME, epg_key_of(part));
        }
    }
}

/* --- birth dates --- */

static void add_birth(epg_search *search, epg_lists *lists, const uint32_t digits[8])
{
    add_key(search, lists, F_BIRTH, epg_key_of((epg_text){digits, 8}));
}

static void write_number(uint32_t *at, size_t width, unsigned number)
{
    while (width-- > 0) {
        at[width] = '0' + number % 10;
        number /= 10;
    }
}

void epg_birth_lists(epg_search *search, epg_lists *lists, epg_lists *near)
{
    const epg_text birth = search->reading.birth;
    if (epg_has(birth, '?')) {
        return;
    }
    uint32_t day[8];
    add_birth(search, lists, birth.at);
    memcpy(day, birth.at, sizeof day);
    memcpy(day + 4, birth.at + 6, 2 * sizeof *day);
    memcpy(day + 6, birth.at + 4, 2 * sizeof *day);
    add_birth(search, lists, day);
    static const struct {
        unsigned place, width, first, last;
    } parts[] = {{6, 2, 1, 31}, {4, 2, 1, 12}, {0, 4, 1900, 2029}};
    for (size_t part = 0; part < 3; part++) {
        for (unsigned number = parts[part].first; number <= parts[part].last; number++) {
            memcpy(day, birth.at, sizeof day);
            write_number(day + parts[part].place, parts[part].width, number);
            add_birth(search, near, day);
        }
    }
}

/* --- homes --- */

static void put_all(epg_search *search, epg_bag *bag, epg_rows rows, uint64_t most)
{
    for (size_t i = 0; i < rows.count; i++) {
        if (epg_row(rows, i) < most) {
            epg_put(search, bag, epg_row(rows, i));
        }
    }
}

static epg_text text_of(epg_search *search, epg_span bytes)
{
    uint32_t *units = epg_take(search->memory, bytes.size + 1, sizeof *units);
    return (epg_text){units, epg_from_utf8(bytes.at, bytes.size, units)};
}

static size_t sorted_once(epg_bag *bag)
{
    if (bag->count < 2) {
        return bag->count;
    }
    qsort(bag->rows, bag->count, sizeof *bag->rows, epg_by_row);
    size_t kept = 1;
    for (size_t i = 1; i < bag->count; i++) {
        if (bag->rows[i] != bag->rows[kept - 1]) {
            bag->rows[kept++] = bag->rows[i];
        }
    }
    return kept;
}

/* Names of compounds, in the order of their bytes. */
typedef struct {
    epg_span *names;
    size_t count, place;
} compounds;

/* The compounds of an index that have a key in common with the written one. */
static compounds compounds_in(epg_search *search, const epg_index *index, epg_text written)
{
    const size_t n = written.length;
    epg_bag bag = {0};
    const uint64_t most = index->compound_count;
    const struct {
        unsigned family;
        epg_key key;
    } whole[] = {{F_COMPOUND, epg_key_of(written)}, {F_COMPOUND_SLIP, epg_key_of(written)}};
    for (size_t i = 0; i < 2; i++) {
        const uint64_t mixed = epg_mixed(whole[i].family, whole[i].key);
        put_all(search, &bag, epg_find_mixed(index, whole[i].family, mixed), most);
    }
    for (size_t start = 1; start + 1 < n; start++) {
        const uint64_t mixed = epg_mixed(F_COMPOUND, epg_key_of(epg_part(written, start, n)));
        put_all(search, &bag, epg_find_mixed(index, F_COMPOUND, mixed), most);
    }
    for (size_t place = 0; place < n && n > 1; place++) {
        epg_key left = epg_key_of(epg_part(written, 0, place));
        epg_key_add(&left, epg_part(written, place + 1, n));
        put_all(search, &bag, epg_find_mixed(index, F_COMPOUND_SLIP, epg_mixed(F_COMPOUND_SLIP, left)), most);
    }
    compounds made = {NULL, sorted_once(&bag), 0};
    made.names = epg_take(search->memory, made.count + 1, sizeof *made.names);
    for (size_t i = 0; i < made.count; i++) {
        made.names[i] = epg_compound_at(index, bag.rows[i]);
    }
    return made;
}

/* The next name of one index or of both, each once; 0 where there is none. */
static int next_compound(compounds of[2], epg_span *name)
{
    const compounds *first = NULL;
    for (size_t i = 0; i < 2; i++) {
        if (of[i].place < of[i].count &&
            (first == NULL ||
             epg_compare_spans(of[i].names[of[i].place], first->names[first->place]) < 0)) {
            first = &of[i];
        }
    }
    if (first == NULL) {
        return 0;
    }
    *name = first->names[first->place];
    for (size_t i = 0; i < 2; i++) {
        of[i].place += of[i].place < of[i].count && epg_compare_spans(of[i].names[of[i].place], *name) == 0;
    }
    return 1;
}

/* The compounds of the register that the written one may be, and none at all; returns how many. */
static size_t compounds_of(epg_search *search, epg_text found[MOST_COMPOUNDS + 1])
{
    const epg_text written = search->reading.compound;
    if (written.length == 0) {
        return 0;
    }
    const epg_index *parts[2];
    const size_t part_count = epg_parts(&search->index, parts);
    compounds of[2] = {{NULL, 0, 0}, {NULL, 0, 0}};
    for (size_t i = 0; i < part_count; i++) {
        of[i] = compounds_in(search, parts[i], written);
    }
    size_t count = 0;
    for (epg_span name; count < MOST_COMPOUNDS && next_compound(of, &name);) {
        const epg_text compound = text_of(search, name);
        if (epg_compounds_apart(written, compound) >= 0) {
            found[count++] = compound;
        }
    }
    found[count++] = (epg_text){NULL, 0};
    return count;
}

/* A door of a compound, or of any where `compound` is NULL. */
static epg_rows at_door(epg_search *search, const epg_text *compound, epg_text building, epg_text room)
{
    return compound != NULL ? epg_find(&search->index, F_DOOR, epg_door(*compound, building, room))
                            : epg_find(&search->index, F_DOOR_OPEN, epg_pair(building, room));
}

/* Everybody at the door of a building that is one slip away. */
static epg_rows near_buildings(epg_search *search, const epg_text *compound, epg_text building, epg_text room)
{
    const size_t n = building.length;
    uint32_t *made = epg_take(search->memory, n + 2, sizeof *made);
    epg_bag bag = {0};
    const uint64_t most = search->index.residents;
    for (size_t i = 0; i <= n; i++) {
        memcpy(made, building.at, i * sizeof *made);
        for (uint32_t digit = '0'; digit <= '9'; digit++) {
            made[i] = digit;
            if (i < n && digit != building.at[i]) {
                memcpy(made + i + 1, building.at + i + 1, (n - i - 1) * sizeof *made);
                put_all(search, &bag, at_door(search, compound, (epg_text){made, n}, room), most);
            }
            memcpy(made + i + 1, building.at + i, (n - i) * sizeof *made);
            put_all(search, &bag, at_door(search, compound, (epg_text){made, n + 1}, room), most);
        }
        if (i < n) {
            memcpy(made + i, building.at + i + 1, (n - i - 1) * sizeof *made);
            put_all(search, &bag, at_door(search, compound, (epg_text){made, n - 1}, room), most);
        }
        if (i + 1 < n && building.at[i] != building.at[i + 1]) {
            memcpy(made, building.at, n * sizeof *made);
            made[i] = building.at[i + 1];
            made[i + 1] = building.at[i];
            put_all(search, &bag, at_door(search, compound, (epg_text){made, n}, room), most);
        }
    }
    const size_t kept = sorted_once(&bag);
    return as_list(search, bag.rows, kept);
}

static void add_near_doors(epg_search *search, epg_lists *near, const epg_text *compound)
{
    const epg_text building = search->reading.building, room = search->reading.room;
    const size_t front = compound != NULL ? compound->length + 1 : 0;
    uint32_t *door = epg_take(search->memory, front + building.length + room.length + 2, sizeof *door);
    if (compound != NULL) {
        if (compound->length > 0) {
            memcpy(door, compound->at, compound->length * sizeof *door);
        }
        door[compound->length] = '|';
    }
    memcpy(door + front, building.at, building.length * sizeof *door);
    const size_t before = front + building.length + 1;
    door[before - 1] = '|';
    memcpy(door + before, room.at, room.length * sizeof *door);
    const epg_text text = {door, before + room.length};
    epg_add_list(search, near,
                 epg_near(search, compound != NULL ? F_DOOR : F_DOOR_OPEN, text, "0123456789", before, MOST_AT_A_DOOR, 0));
    epg_add_list(search, near, near_buildings(search, compound, building, room));
}

void epg_home_lists(epg_search *search, epg_lists *lists, epg_lists *near)
{
    const epg_reading *reading = &search->reading;
    const epg_text building = reading->building, room = reading->room, unit = reading->unit;
    epg_text compounds[MOST_COMPOUNDS + 1];
    const size_t count = compounds_of(search, compounds);
    for (size_t i = 0; i < count; i++) {
        if (room.length > 0) {
            epg_add_list(search, lists, at_door(search, &compounds[i], building, room));
        } else {
            add_key(search, lists, F_BUILDING, epg_pair(compounds[i], building));
        }
    }
    if (count == 0) {
        epg_add_list(search, lists, at_door(search, NULL, building, room));
        if (room.length > 0) {
            epg_add_list(search, lists, at_door(search, NULL, room, building));
            if (unit.length > 0) {
                epg_add_list(search, lists, at_door(search, NULL, unit, room));
            }
        }
    }
    for (size_t i = 0; i < count && room.length > 0; i++) {
        epg_add_list(search, lists, at_door(search, &compounds[i], room, building));
        add_key(search, lists, F_BUILDING, epg_pair(compounds[i], building));
        if (unit.length > 0) {
            epg_add_list(search, lists, at_door(search, &compounds[i], unit, room));
        }
    }
    if (room.length == 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        add_near_doors(search, near, &compounds[i]);
    }
    if (count == 0) {
        add_near_doors(search, near, NULL);
    }
}

/* --- joining --- */

static int is_marked(const uint64_t *marks, uint32_t row)
{
    return (int)(marks[row / 64] >> (row % 64) & 1);
}

static void put_common(epg_search *search, epg_bag *found, epg_rows mine, epg_rows theirs)
{
    const epg_rows shorter = mine.count < theirs.count ? mine : theirs;
    const epg_rows longer = mine.count < theirs.count ? theirs : mine;
    for (size_t i = 0; i < shorter.count; i++) {
        const uint32_t row = epg_row(shorter, i);
        if (row < search->index.residents && epg_among(longer, row)) {
            epg_put(search, found, row);
        }
    }
}

void epg_in_two(epg_search *search, const epg_lists *fields, size_t count, epg_bag *found)
{
    enum { MOST_FIELDS = 3 };
    const uint64_t residents = search->index.residents;
    const size_t words = (size_t)(residents / 64) + 1;
    uint64_t *marks[MOST_FIELDS];
    for (size_t field = 0; field < count; field++) {
        marks[field] = epg_take(search->memory, words, sizeof **marks);
        memset(marks[field], 0, words * sizeof **marks);
        for (size_t i = 0; i < fields[field].count; i++) {
            const epg_rows rows = fields[field].lists[i];
            for (size_t k = 0; rows.count <= SHORT && k < rows.count; k++) {
                const uint32_t row = epg_row(rows, k);
                if (row < residents) {
                    marks[field][row / 64] |= (uint64_t)1 << (row % 64);
                }
            }
        }
    }
    for (size_t field = 0; field < count; field++) {
        for (size_t i = 0; i < fields[field].count; i++) {
            const epg_rows rows = fields[field].lists[i];
            for (size_t k = 0; k < rows.count; k++) {
                const uint32_t row = epg_row(rows, k);
                for (size_t other = 0; other < count && row < residents; other++) {
                    if (other != field && is_marked(marks[other], row)) {
                        epg_put(search, found, row);
                        break;
                    }
                }
            }
            for (size_t other = field + 1; other < count && rows.count > SHORT; other++) {
                for (size_t k = 0; k < fields[other].count; k++) {
                    const epg_rows theirs = fields[other].lists[k];
                    if (theirs.count > SHORT && (rows.count <= JOINED || theirs.count <= JOINED)) {
                        put_common(search, found, rows, theirs);
                    }
                }
            }
        }
    }
}
