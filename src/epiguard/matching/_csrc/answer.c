#include <stdlib.h>

#include "search.h"

enum { SHOWN = 20, STRONG = 8000, NOTHING = -60000, MOST_OTHERS = 5, HEAD = 32, NO_MATCH = 0, ASK = 1, MATCH = 2 };

static int level_of(const epg_search *search, const epg_scored *scored, size_t field)
{
    return search->index.level[scored->kinds[field]];
}

/* Whether a field agrees, or is so near that few others are. */
static int speaks(const epg_search *search, const epg_scored *scored, size_t field)
{
    const int level = level_of(search, scored, field);
    return level == AGREES || (level == NEAR && scored->weights[field] >= STRONG);
}

/* Whether anything but the name speaks, and the sex, which never says much. */
static int speaks_at_all(const epg_search *search, const epg_scored *best)
{
    for (size_t field = SEX + 1; field < search->fields; field++) {
        if (speaks(search, best, field)) {
            return 1;
        }
    }
    return 0;
}

/* Whether something speaks that a relative would have written otherwise. */
static int is_their_own(const epg_search *search, const epg_scored *best)
{
    const int name = best->kinds[NAME];
    return name == K_SAME_NAME || name == K_NAME_ORDER || name == K_NAME_PINYIN || speaks(search, best, BIRTH) ||
           speaks(search, best, IDENTITY);
}

/* Whether nothing but the name, and that not by ear or eye, tells the other from the best. */
static int confusable(const epg_search *search, const epg_scored *best, const epg_scored *other)
{
    const int level = level_of(search, other, NAME), kind = other->kinds[NAME];
    if (level != AGREES && level != NEAR) {
        return 0;
    }
    for (size_t field = SEX + 1; field < search->fields && level == AGREES; field++) {
        if (level_of(search, best, field) == DIFFERS && level_of(search, other, field) == AGREES) {
            return 1;
        }
    }
    if (level_of(search, best, NAME) == AGREES && (kind == K_NAME_SLIP || kind == K_NAME_LENGTH)) {
        return 0;
    }
    for (size_t field = SEX + 1; field < search->fields; field++) {
        if (!speaks(search, best, field)) {
            continue;
        }
        const int family = other->kinds[field] == K_FAMILY_PHONE || other->kinds[field] == K_FAMILY_PLATE;
        const int same = level_of(search, other, field) == level_of(search, best, field);
        if (!family && !(same && speaks(search, other, field))) {
            return 0;
        }
    }
    return 1;
}

/* --- odds --- */

typedef struct {
    uint64_t count;
    int64_t weight;
} others;

static epg_rows at_the_door(const epg_search *search)
{
    const epg_reading *reading = &search->reading;
    if (reading->building.length == 0 || reading->room.length == 0) {
        return (epg_rows){NULL, 0, 4};
    }
    return reading->compound.length > 0
               ? epg_find(&search->index, F_DOOR, epg_door(reading->compound, reading->building, reading->room))
               : epg_find(&search->index, F_DOOR_OPEN, epg_pair(reading->building, reading->room));
}

/* A stranger; those of the same name, door or birth date who were not compared; and the rest. */
static size_t find_others(const epg_search *search, epg_scored **kept, size_t count, others made[MOST_OTHERS])
{
    static const struct {
        size_t field;
        int kinds[2];
    } groups[] = {
        {NAME, {K_SAME_NAME, K_SAME_NAME}}, {BIRTH, {K_SAME_DAY, K_SAME_DAY}}, {HOME, {K_SAME_DOOR, K_OPEN_DOOR}}};
    const epg_index *index = &search->index;
    const epg_reading *reading = &search->reading;
    int64_t rest = search->prior + (int64_t)reading->custom_count * epg_worst(index, CUSTOM);
    for (size_t field = 0; field < FORM_COUNT; field++) {
        rest += search->present[field] ? epg_worst(index, field) : 0;
    }
    const epg_rows rows[] = {
        reading->name.length > 0 ? epg_find(index, F_NAME, epg_key_of(reading->name)) : (epg_rows){NULL, 0, 4},
        reading->birth.length > 0 ? epg_find(index, F_BIRTH, epg_key_of(reading->birth)) : (epg_rows){NULL, 0, 4},
        at_the_door(search),
    };
    size_t length = 0;
    int64_t left = (int64_t)index->residents - (int64_t)count;
    made[length++] = (others){1, search->stranger};
    for (size_t group = 0; group < 3; group++) {
        const size_t field = groups[group].field;
        int64_t more = (int64_t)rows[group].count;
        for (size_t i = 0; i < count; i++) {
            const int kind = kept[i]->kinds[field];
            more -= kind == groups[group].kinds[0] || kind == groups[group].kinds[1];
        }
        more = more < left ? more : left;
        if (more > 0) {
            const int32_t weight = epg_weigh(index, groups[group].kinds[0], rows[group].count).weight;
            const int32_t sex = search->present[SEX] ? epg_worst(index, SEX) : 0;
            made[length++] = (others){(uint64_t)more, rest - epg_worst(index, field) + weight - sex};
            left -= more;
        }
    }
    made[length++] = (others){left > 0 ? (uint64_t)left : 0, rest};
    return length;
}

static uint64_t odds_of(const epg_index *index, int64_t weight, int64_t best)
{
    return weight - best > NOTHING ? epg_power_of_two(index, weight - best) : 0;
}

/* --- packing --- */

static uint8_t *put_number(uint8_t *at, uint64_t number, unsigned width)
{
    for (unsigned i = 0; i < width; i++) {
        *at++ = (uint8_t)(number >> (8 * i));
    }
    return at;
}

static uint8_t *put_scored(uint8_t *at, const epg_scored *scored, uint64_t odds, size_t fields)
{
    at = put_number(at, scored->row, 4);
    at = put_number(at, (uint32_t)scored->weight, 4);
    at = put_number(at, odds, 8);
    for (size_t i = 0; i < (fields + 7) / 8 * 8; i++) {
        *at++ = i < fields ? scored->kinds[i] : 0;
    }
    for (size_t i = 0; i < (fields + 1) / 2 * 2; i++) {
        at = put_number(at, i < fields ? (uint32_t)scored->weights[i] : 0, 4);
    }
    return at;
}

static uint8_t *make_answer(epg_search *search, epiguard_answer *answer, const uint64_t head[6])
{
    const size_t fields = search->fields, each = 16 + (fields + 7) / 8 * 8 + (fields + 1) / 2 * 8;
    answer->size = HEAD + (size_t)head[1] * each;
    answer->bytes = malloc(answer->size);
    if (answer->bytes == NULL) {
        epg_leave(search->memory, EPIGUARD_NO_MEMORY);
    }
    uint8_t *at = answer->bytes;
    for (size_t i = 0; i < 6; i++) {
        at = put_number(at, head[i], i < 4 ? 4 : 8);
    }
    return at;
}

static int by_weight(const void *a, const void *b)
{
    const epg_scored *x = *(epg_scored *const *)a, *y = *(epg_scored *const *)b;
    if (x->weight != y->weight) {
        return x->weight < y->weight ? 1 : -1;
    }
    return (x->row > y->row) - (x->row < y->row);
}

/* Whoever anything speaks for, best first; the others are among everybody else. */
static size_t keep(epg_search *search, epg_scored **kept)
{
    size_t count = 0;
    for (size_t i = 0; i < search->scored_count; i++) {
        int speaking = 0;
        for (size_t field = 0; field < search->fields; field++) {
            speaking |= search->scored[i].weights[field] > 0;
        }
        if (speaking) {
            kept[count++] = &search->scored[i];
        }
    }
    if (count > 1) {
        qsort(kept, count, sizeof *kept, by_weight);
    }
    return count;
}

static int decide(const epg_search *search, epg_scored **kept, size_t count, uint64_t first, uint64_t mine, uint64_t total)
{
    if (count == 0) {
        return NO_MATCH;
    }
    /* The sums are below 2 ** 53: these divisions are those of Python. */
    const double best = total ? (double)first / (double)total : 0, all = total ? (double)mine / (double)total : 0;
    int is_match = best >= 0.9 && level_of(search, kept[0], NAME) != DIFFERS &&
                   kept[0]->kinds[IDENTITY] != K_OTHER_VALID_ID && speaks_at_all(search, kept[0]) &&
                   is_their_own(search, kept[0]);
    for (size_t i = 1; i < count && is_match; i++) {
        is_match = !confusable(search, kept[0], kept[i]);
    }
    return is_match ? MATCH : best >= 0.05 || all >= 0.5 ? ASK : NO_MATCH;
}

static void answer_question(epg_search *search, const epiguard_question *question, epiguard_answer *answer)
{
    epg_begin(search, question);
    epg_run(search);
    const epg_index *index = &search->index;
    epg_scored **kept = epg_take(search->memory, search->scored_count + 1, sizeof *kept);
    const size_t count = keep(search, kept);
    others rest[MOST_OTHERS];
    const size_t groups = find_others(search, kept, count, rest);
    int64_t best = rest[0].weight;
    for (size_t i = 0; i < groups; i++) {
        rest[i].weight += epg_milli_log2(index, rest[i].count);
        best = rest[i].count > 0 && rest[i].weight > best ? rest[i].weight : best;
    }
    best = count > 0 && kept[0]->weight > best ? kept[0]->weight : best;
    uint64_t theirs = 0, mine = 0, first = 0, stranger = 0;
    for (size_t i = 0; i < groups; i++) {
        const uint64_t odds = rest[i].count > 0 ? odds_of(index, rest[i].weight, best) : 0;
        theirs += odds;
        stranger = i == 0 ? odds : stranger;
    }
    for (size_t i = 0; i < count; i++) {
        const uint64_t odds = odds_of(index, kept[i]->weight, best);
        mine += odds;
        first = i == 0 ? odds : first;
    }
    const size_t wanted = question->limit > SHOWN ? question->limit : SHOWN, shown = count < wanted ? count : wanted;
    const int decision = decide(search, kept, count, first, mine, mine + theirs);
    const uint64_t head[6] = {count, shown, (uint64_t)decision, search->fields, mine + theirs, stranger};
    uint8_t *at = make_answer(search, answer, head);
    for (size_t i = 0; i < shown; i++) {
        at = put_scored(at, kept[i], odds_of(index, kept[i]->weight, best), search->fields);
    }
}

/* What is asked of a search, so that one way in keeps what the ways out must give back. */
typedef void asked(epg_search *search, const void *what, epiguard_answer *answer);

static epiguard_status ask(asked *of, const void *what, epiguard_answer *answer)
{
    epiguard_memory memory = {0};
    epg_search *search = malloc(sizeof *search);
    *answer = (epiguard_answer){NULL, 0};
    if (search == NULL) {
        return EPIGUARD_NO_MEMORY;
    }
    memset(search, 0, sizeof *search);
    search->memory = &memory;
    const int status = setjmp(memory.out);
    if (status == 0) {
        of(search, what, answer);
    }
    epg_give_back(&memory);
    free(search);
    return (epiguard_status)status;
}

static void find_asked(epg_search *search, const void *what, epiguard_answer *answer)
{
    answer_question(search, what, answer);
}

epiguard_status epiguard_find(const epiguard_question *question, epiguard_answer *answer)
{
    return ask(find_asked, question, answer);
}

typedef struct {
    const epiguard_question *question;
    uint64_t row;
} comparison;

static void compare_asked(epg_search *search, const void *what, epiguard_answer *answer)
{
    const comparison *of = what;
    epg_begin(search, of->question);
    if (of->row >= search->index.residents) {
        epg_leave(search->memory, EPIGUARD_BAD_VALUE);
    }
    epg_scored one = {.row = (uint32_t)of->row};
    one.kinds = epg_take(search->memory, search->fields, sizeof *one.kinds);
    one.weights = epg_take(search->memory, search->fields, sizeof *one.weights);
    epg_grades_of(search, one.row, one.kinds, one.weights);
    int64_t weight = search->prior;
    for (size_t field = 0; field < search->fields; field++) {
        weight += one.weights[field];
    }
    one.weight = (int32_t)weight;
    const uint64_t head[6] = {1, 1, 0, search->fields, 0, 0};
    put_scored(make_answer(search, answer, head), &one, 0, search->fields);
}

epiguard_status epiguard_grades(const epiguard_question *question, uint64_t row, epiguard_answer *answer)
{
    const comparison of = {question, row};
    return ask(compare_asked, &of, answer);
}

static void household_asked(epg_search *search, const void *what, epiguard_answer *answer)
{
    const comparison *of = what;
    epg_open_asked(search, of->question);
    if (of->row >= search->index.residents) {
        epg_leave(search->memory, EPIGUARD_BAD_VALUE);
    }
    epg_bag bag = {0};
    epg_household_of(search, (uint32_t)of->row, &bag);
    qsort(bag.rows, bag.count, sizeof *bag.rows, epg_by_row);
    answer->bytes = malloc(8 * bag.count);
    if (answer->bytes == NULL) {
        epg_leave(search->memory, EPIGUARD_NO_MEMORY);
    }
    uint8_t *at = answer->bytes;
    for (size_t i = 0; i < bag.count; i++) {
        if (i == 0 || bag.rows[i] != bag.rows[i - 1]) {
            at = put_number(at, bag.rows[i], 8);
        }
    }
    answer->size = (size_t)(at - answer->bytes);
}

epiguard_status epiguard_household(const epiguard_question *question, uint64_t row, epiguard_answer *answer)
{
    const comparison of = {question, row};
    return ask(household_asked, &of, answer);
}
