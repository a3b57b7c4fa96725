#include "slips.h"

#include <stdlib.h>
#include <string.h>

/* The numbers of _keys.py. */
static const uint64_t BASE = 0x9E3779B97F4A7C15u;
static const uint64_t LENGTH = 0xD1B54A32D192ED03u;
static const uint64_t MIX_1 = 0xBF58476D1CE4E5B9u;
static const uint64_t MIX_2 = 0x94D049BB133111EBu;

enum { MOST_BITS = 40 };

/* A text with what is needed to know the number of any text one slip away: the numbers of all its beginnings
 * and ends, and the powers of the base. A number is a polynomial of the characters. */
typedef struct {
    const uint32_t *text;
    size_t length;
    const uint64_t *powers; /* length + 2 */
    uint64_t *heads;        /* length + 1 */
    uint64_t *tails;        /* length + 1 */
} numbers;

static void number_text(numbers *of)
{
    of->heads[0] = 0;
    for (size_t i = 0; i < of->length; i++) {
        of->heads[i + 1] = of->heads[i] * BASE + of->text[i] + 1;
    }
    of->tails[of->length] = 0;
    for (size_t i = of->length; i-- > 0;) {
        of->tails[i] = (uint64_t)(of->text[i] + (uint64_t)1) * of->powers[of->length - i - 1] + of->tails[i + 1];
    }
}

static uint64_t mixed(uint64_t family, uint64_t number, size_t length)
{
    uint64_t mix = number + (family + 1) * BASE + (uint64_t)length * LENGTH;
    mix = (mix ^ (mix >> 30)) * MIX_1;
    mix = (mix ^ (mix >> 27)) * MIX_2;
    return mix ^ (mix >> 31);
}

static uint64_t little(const uint8_t *bytes, size_t width)
{
    uint64_t value = 0;
    for (size_t i = 0; i < width; i++) {
        value |= (uint64_t)bytes[i] << (8 * i);
    }
    return value;
}

static epiguard_status push(epiguard_rows *found, uint64_t row)
{
    if (found->count == found->room) {
        const size_t room = found->room ? 2 * found->room : 64;
        if (room > SIZE_MAX / sizeof *found->rows) {
            return EPIGUARD_NO_MEMORY;
        }
        uint64_t *rows = realloc(found->rows, room * sizeof *rows);
        if (rows == NULL) {
            return EPIGUARD_NO_MEMORY;
        }
        found->rows = rows;
        found->room = room;
    }
    found->rows[found->count++] = row;
    return EPIGUARD_OK;
}

/* One table or two, and how many bits of a key tell a bucket of each. */
typedef struct {
    const epiguard_table *tables[2];
    unsigned bits[2];
    size_t count;
    epiguard_follow follow;
    epiguard_rows *found;
} probe;

static int by_number(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Where in a table the entries of a key lie. */
typedef struct {
    uint64_t first, end;
} stretch;

static stretch stretch_of(const epiguard_table *table, unsigned bits, uint64_t key)
{
    const uint64_t bucket = bits ? key >> (64 - bits) : 0;
    const uint64_t mark = key & 0xFFFF;
    if (bucket + 1 >= table->start_count) {
        return (stretch){0, 0};
    }
    uint64_t end = little(table->starts + 4 * (bucket + 1), 4);
    uint64_t first = little(table->starts + 4 * bucket, 4);
    end = end < table->entries ? end : table->entries;
    /* Buckets are short or full of one key, so that halving finds either quickly. */
    uint64_t stop = end;
    first = first < end ? first : end;
    while (first < stop) {
        const uint64_t middle = first + (stop - first) / 2;
        if (little(table->marks + 2 * middle, 2) < mark) {
            first = middle + 1;
        } else {
            stop = middle;
        }
    }
    uint64_t last = first;
    while (last < end && little(table->marks + 2 * last, 2) == mark) {
        last++;
    }
    return (stretch){first, last};
}

/* The row of an entry; UINT64_MAX for one that is left out. */
static uint64_t row_at(const probe *at, size_t which, uint64_t entry)
{
    const epiguard_table *table = at->tables[which];
    const uint64_t row = little(table->rows + table->width * entry, table->width);
    if (row >= table->residents) {
        return UINT64_MAX;
    }
    const epiguard_second *second = at->tables[0]->second;
    return second == NULL ? row : second->row_of(second->numbers, (int)which, row);
}

static epiguard_status look_up(const probe *at, uint64_t number, size_t length)
{
    const uint64_t key = mixed(at->tables[0]->family, number, length);
    stretch of[2];
    size_t count = 0;
    for (size_t which = 0; which < at->count; which++) {
        of[which] = stretch_of(at->tables[which], at->bits[which], key);
        for (uint64_t entry = of[which].first; entry < of[which].end; entry++) {
            count += row_at(at, which, entry) != UINT64_MAX;
        }
    }
    const size_t wanted = count <= at->follow.few ? count : at->follow.first, before = at->found->count;
    for (size_t which = 0; which < at->count; which++) {
        size_t left = wanted;
        for (uint64_t entry = of[which].first; left > 0 && entry < of[which].end; entry++) {
            const uint64_t row = row_at(at, which, entry);
            if (row != UINT64_MAX) {
                if (push(at->found, row) != EPIGUARD_OK) {
                    return EPIGUARD_NO_MEMORY;
                }
                left--;
            }
        }
    }
    if (at->found->count - before > wanted) { /* the first of both together */
        qsort(at->found->rows + before, at->found->count - before, sizeof *at->found->rows, by_number);
        at->found->count = before + wanted;
    }
    return EPIGUARD_OK;
}

#define TRY(call)                                                                                           \
    do {                                                                                                    \
        const epiguard_status status_ = (call);                                                             \
        if (status_ != EPIGUARD_OK) {                                                                       \
            return status_;                                                                                 \
        }                                                                                                   \
    } while (0)

static epiguard_status one_slip(const numbers *of, size_t start, size_t end, const uint32_t *alphabet,
                                size_t letters, const probe *at)
{
    const size_t n = of->length;
    const uint32_t *text = of->text;
    const uint64_t *power = of->powers;
    for (size_t i = start; i < end; i++) {
        const uint64_t head = of->heads[i];
        for (size_t k = 0; k < letters; k++) {
            if (alphabet[k] != text[i]) {
                const uint64_t other = (uint64_t)alphabet[k] + 1;
                TRY(look_up(at, head * power[n - i] + other * power[n - i - 1] + of->tails[i + 1], n));
            }
        }
        TRY(look_up(at, head * power[n - i - 1] + of->tails[i + 1], n - 1));
        if (i + 1 < end && text[i] != text[i + 1]) {
            const uint64_t turned =
                ((uint64_t)text[i + 1] + 1) * power[n - i - 1] + ((uint64_t)text[i] + 1) * power[n - i - 2];
            TRY(look_up(at, head * power[n - i] + turned + of->tails[i + 2], n));
        }
    }
    for (size_t i = start; i <= end; i++) {
        for (size_t k = 0; k < letters; k++) {
            const uint64_t other = (uint64_t)alphabet[k] + 1;
            TRY(look_up(at, of->heads[i] * power[n - i + 1] + other * power[n - i] + of->tails[i], n + 1));
        }
    }
    return EPIGUARD_OK;
}

/* How many bits of a key tell a table's bucket. */
static unsigned bits_of(const epiguard_table *table)
{
    unsigned bits = 0;
    while (bits < MOST_BITS && table->start_count > 1 && (table->start_count - 1) >> (bits + 1) != 0) {
        bits++;
    }
    return bits;
}

static int is_usable(const epiguard_table *table)
{
    return table->start_count >= 2 && table->entries > 0 && table->width > 0 && table->width <= 8;
}

epiguard_status epiguard_slip_rows(const epiguard_slips *what, const epiguard_table *table,
                                   epiguard_follow follow, epiguard_rows *found)
{
    *found = (epiguard_rows){NULL, 0, 0};
    probe at = {{table, table->second != NULL ? table->second->table : NULL}, {0, 0}, 0, follow, found};
    int usable = 0;
    while (at.count < 2 && at.tables[at.count] != NULL) {
        usable |= is_usable(at.tables[at.count]);
        at.bits[at.count] = bits_of(at.tables[at.count]);
        at.count++;
    }
    if (!usable) {
        return EPIGUARD_OK;
    }
    const size_t most = what->length + 3; /* powers of a text of one more character, and one beyond */
    if (most > SIZE_MAX / (8 * sizeof(uint64_t))) {
        return EPIGUARD_NO_MEMORY;
    }
    uint64_t *room = malloc(most * 3 * sizeof *room);
    if (room == NULL) {
        return EPIGUARD_NO_MEMORY;
    }
    room[0] = 1;
    for (size_t i = 1; i < most; i++) {
        room[i] = room[i - 1] * BASE;
    }
    numbers of = {what->text, what->length, room, room + most, room + 2 * most};
    number_text(&of);
    const epiguard_status status = one_slip(&of, what->start, what->end, what->alphabet, what->letters, &at);
    free(room);
    if (status != EPIGUARD_OK) {
        free(found->rows);
        *found = (epiguard_rows){NULL, 0, 0};
        return status;
    }
    if (found->count > 1) {
        qsort(found->rows, found->count, sizeof *found->rows, by_number);
        size_t kept = 1;
        for (size_t i = 1; i < found->count; i++) {
            if (found->rows[i] != found->rows[kept - 1]) {
                found->rows[kept++] = found->rows[i];
            }
        }
        found->count = kept;
    }
    return EPIGUARD_OK;
}
