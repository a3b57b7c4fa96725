/* Telephones a slip or two away: near_phones in _reference/_leads.py. */
#include <stdlib.h>

#include "search.h"

enum { MOST_LENGTH = 24, TAIL_BYTES = (PHONE_TAILS + 7) / 8, MOST_HEADS = 512, MOST_GAPS = 4 };

#if defined(__GNUC__)
#define SOON(address) __builtin_prefetch(address)
#else
#define SOON(address) ((void)0)
#endif

/* A head to be looked at: its key's number, and how many slips are left for the tail. */
typedef struct {
    uint64_t head;
    size_t left;
} head;

/* A beginning of what was written, and the end that goes with it. */
typedef struct {
    epg_search *search;
    epg_text tail;
    uint8_t near[TAIL_BYTES]; /* of each tail whether it is the end's or a slip away */
    head heads[MOST_HEADS];
    size_t count;
    uint64_t *keys; /* of telephones that are near and that somebody has */
    size_t key_count, key_room;
} cut;

static void note_tail(cut *at, const uint32_t *digits)
{
    unsigned tail = 0;
    for (size_t i = 0; i < PHONE_TAIL; i++) {
        tail = tail * 10 + (digits[i] - '0');
    }
    at->near[tail / 8] |= (uint8_t)(1u << tail % 8);
}

/* Every tail that is the end, or a slip away from it. */
static void note_tails(cut *at)
{
    const epg_text text = at->tail;
    const size_t n = text.length;
    uint32_t made[PHONE_TAIL + 2];
    memset(at->near, 0, sizeof at->near);
    for (size_t i = 0; i < n && n == PHONE_TAIL; i++) {
        memcpy(made, text.at, n * sizeof *made);
        for (uint32_t digit = '0'; digit <= '9'; digit++) {
            made[i] = digit;
            note_tail(at, made);
        }
        if (i + 1 < n) {
            made[i] = text.at[i + 1];
            made[i + 1] = text.at[i];
            note_tail(at, made);
        }
    }
    for (size_t i = 0; i < n && n == PHONE_TAIL + 1; i++) {
        memcpy(made, text.at, i * sizeof *made);
        memcpy(made + i, text.at + i + 1, (n - i - 1) * sizeof *made);
        note_tail(at, made);
    }
    for (size_t i = 0; i <= n && n == PHONE_TAIL - 1; i++) {
        memcpy(made, text.at, i * sizeof *made);
        memcpy(made + i + 1, text.at + i, (n - i) * sizeof *made);
        for (uint32_t digit = '0'; digit <= '9'; digit++) {
            made[i] = digit;
            note_tail(at, made);
        }
    }
}

static void note_head(cut *at, const uint32_t *digits, size_t length, size_t left)
{
    const epg_key key = epg_key_of((epg_text){digits, length});
    if (at->count < MOST_HEADS) {
        at->heads[at->count++] = (head){epg_mixed(F_PHONE, key), left};
    }
}

/* The beginning itself, and unless it is to be `alone`, all that is a slip away from it. */
static void note_heads(cut *at, epg_text text, size_t left, int alone)
{
    const size_t n = text.length;
    uint32_t made[MOST_LENGTH + 1];
    at->count = 0;
    note_head(at, text.at, n, left);
    if (alone) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        memcpy(made, text.at, n * sizeof *made);
        for (uint32_t digit = '0'; digit <= '9'; digit++) {
            if (digit != text.at[i]) {
                made[i] = digit;
                note_head(at, made, n, left - 1);
            }
        }
        if (i + 1 < n && text.at[i] != text.at[i + 1]) {
            made[i] = text.at[i + 1];
            made[i + 1] = text.at[i];
            note_head(at, made, n, left - 1);
        }
        memcpy(made, text.at, i * sizeof *made);
        memcpy(made + i, text.at + i + 1, (n - i - 1) * sizeof *made);
        note_head(at, made, n - 1, left - 1);
    }
    for (size_t i = 0; i <= n; i++) {
        memcpy(made, text.at, i * sizeof *made);
        memcpy(made + i + 1, text.at + i, (n - i) * sizeof *made);
        for (uint32_t digit = '0'; digit <= '9'; digit++) {
            if (i == n || digit != text.at[i]) { /* the same text is made where the next digit is doubled */
                made[i] = digit;
                note_head(at, made, n + 1, left - 1);
            }
        }
    }
}

/* Whether a tail is as many slips from the end as are left, or fewer. */
static int fits(const cut *at, unsigned tail, size_t left)
{
    if (left == 1) {
        return at->near[tail / 8] >> tail % 8 & 1;
    }
    uint32_t digits[PHONE_TAIL];
    for (size_t i = PHONE_TAIL; i-- > 0; tail /= 10) {
        digits[i] = '0' + tail % 10;
    }
    const epg_text known = {digits, PHONE_TAIL};
    return left == 0 ? epg_same(at->tail, known) : epg_slips_between(at->search->memory, at->tail, known) <= left;
}

static void look_at(cut *at, const epg_index *part, const head *one)
{
    const epiguard_table *table = &part->tables[F_PHONE];
    const unsigned wanted = (unsigned)(one->head % PHONE_HEADS);
    size_t end, first = epg_bucket(part, F_PHONE, one->head, &end);
    for (uint32_t last = UINT32_MAX; first < end; first++) {
        const uint32_t mark = epg_u16(table->marks + 2 * first);
        if (mark != last && mark / PHONE_TAILS == wanted && fits(at, mark % PHONE_TAILS, one->left)) {
            at->keys = epg_grown(at->search->memory, at->keys, at->key_count, &at->key_room, sizeof *at->keys);
            at->keys[at->key_count++] = epg_phone_mixed(one->head, mark % PHONE_TAILS);
        }
        last = mark;
    }
}

/* Look at all heads of a cut, in both indexes: memory is asked for before it is needed. */
static void look_at_all(cut *at)
{
    enum { AHEAD = 8 };
    const epg_index *parts[2];
    const size_t count = epg_parts(&at->search->index, parts);
    for (size_t which = 0; which < count; which++) {
        const epiguard_table *table = &parts[which]->tables[F_PHONE];
        const unsigned bits = parts[which]->bits[F_PHONE];
        for (size_t i = 0; i < at->count + 2 * AHEAD; i++) {
            if (bits > 0 && i < at->count) {
                SOON(table->starts + 4 * (size_t)(at->heads[i].head >> (64 - bits)));
            }
            if (i >= AHEAD && i - AHEAD < at->count) {
                size_t end;
                SOON(table->marks + 2 * epg_bucket(parts[which], F_PHONE, at->heads[i - AHEAD].head, &end));
            }
            if (i >= 2 * AHEAD) {
                look_at(at, parts[which], &at->heads[i - 2 * AHEAD]);
            }
        }
    }
}

static void look_around(cut *at, epg_text text, size_t slips)
{
    const size_t n = text.length;
    for (size_t size = PHONE_TAIL - slips; size <= PHONE_TAIL + slips; size++) {
        const size_t apart = size > PHONE_TAIL ? size - PHONE_TAIL : PHONE_TAIL - size;
        at->tail = epg_part(text, n - size, n);
        note_tails(at);
        /* A tail of another length takes slips of its own. */
        note_heads(at, epg_part(text, 0, n - size), slips, apart == slips);
        look_at_all(at);
    }
}

void epg_put_few(epg_search *search, uint64_t key, epg_bag *found)
{
    const epg_index *index = &search->index;
    const epg_rows rows = index->overlay == NULL ? epg_find_mixed(index, F_PHONE, key)
                                                 : epg_find_in_both(index->overlay, F_PHONE, key);
    const size_t most = rows.count <= FEW ? rows.count : FIRST_OF_MANY;
    for (size_t i = 0; i < most; i++) {
        epg_put(search, found, epg_row(rows, i));
    }
}

void epg_near_phones(epg_search *search, epg_text written, size_t slips, epg_bag *found)
{
    const size_t n = written.length;
    if (n > MOST_LENGTH || n < 2 * PHONE_TAIL) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (!epg_is_digit(written.at[i])) {
            return;
        }
    }
    cut *at = epg_take(search->memory, 1, sizeof *at);
    *at = (cut){.search = search};
    look_around(at, written, slips);
    /* Two neighbours swapped, of which one is of the head and one of the tail. */
    for (size_t border = n - PHONE_TAIL - (slips - 1); border < n - PHONE_TAIL + slips; border++) {
        if (written.at[border] == written.at[border - 1]) {
            continue;
        }
        uint32_t turned[MOST_LENGTH];
        memcpy(turned, written.at, n * sizeof *turned);
        turned[border] = written.at[border - 1];
        turned[border - 1] = written.at[border];
        look_around(at, (epg_text){turned, n}, slips - 1);
    }
    for (size_t i = 0; i < at->key_count; i++) {
        epg_put_few(search, at->keys[i], found);
    }
}

/* Whether a tail is one that the end of a pattern may be. */
static int is_filled(unsigned tail, epg_text end)
{
    for (size_t i = 0; i < PHONE_TAIL; i++, tail /= 10) {
        const uint32_t unit = i < end.length ? end.at[end.length - 1 - i] : '0';
        if (unit != '?' && (unit + 2) % 10 != tail % 10) {
            return 0;
        }
    }
    return 1;
}

static void put_filled(epg_search *search, epg_key key, epg_text end, epg_bag *found)
{
    const uint64_t head = epg_mixed(F_PHONE, key);
    const epg_index *parts[2];
    const size_t count = epg_parts(&search->index, parts);
    for (size_t which = 0; which < count; which++) {
        const epiguard_table *table = &parts[which]->tables[F_PHONE];
        size_t stop, at = epg_bucket(parts[which], F_PHONE, head, &stop);
        for (uint32_t last = UINT32_MAX; at < stop; at++) {
            const uint32_t mark = epg_u16(table->marks + 2 * at);
            if (mark != last && mark / PHONE_TAILS == head % PHONE_HEADS && is_filled(mark % PHONE_TAILS, end)) {
                epg_put_few(search, epg_phone_mixed(head, mark % PHONE_TAILS), found);
            }
            last = mark;
        }
    }
}

void epg_filled_phones(epg_search *search, epg_text pattern, epg_bag *found)
{
    if (epg_count(pattern, '?') > MOST_GAPS) {
        return;
    }
    const size_t size = pattern.length > PHONE_TAIL ? pattern.length - PHONE_TAIL : 0;
    const epg_text end = epg_part(pattern, size, pattern.length);
    uint32_t *made = epg_take(search->memory, size + 1, sizeof *made);
    size_t count = 1;
    for (size_t gaps = epg_count(epg_part(pattern, 0, size), '?'); gaps > 0; gaps--) {
        count *= 10;
    }
    for (size_t number = 0; number < count; number++) {
        size_t left = number;
        for (size_t i = size; i-- > 0;) {
            made[i] = pattern.at[i];
            if (made[i] == '?') {
                made[i] = '0' + (uint32_t)(left % 10);
                left /= 10;
            }
        }
        put_filled(search, epg_key_of((epg_text){made, size}), end, found);
    }
}
