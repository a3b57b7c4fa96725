#include "search.h"

enum { FEW_OF_A_FIELD = 128, MEANT_WHOLE = 9, SHORTEST_SLIP = 5, SHORTEST_HEAD = 7, MOBILE = 11, MOST_FILLED_ID = 400,
       TAIL = 4, MOST_OF_A_TAIL = 4096 };

static const char DIGITS[] = "0123456789", ID_CHARACTERS[] = "0123456789X";
static const char PLATE_CHARACTERS[] = "0123456789ACEFHJKMNPRTUVWXY";
static const char LETTERS[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static void add_rows(epg_search *search, epg_rows rows, size_t most)
{
    epg_bag bag = {0};
    for (size_t i = 0; i < rows.count && i < most; i++) {
        epg_put(search, &bag, epg_row(rows, i));
    }
    epg_add(search, &bag);
}

static void add_few(epg_search *search, epg_rows rows)
{
    add_rows(search, rows, rows.count <= FEW ? rows.count : FIRST_OF_MANY);
}

/* Add whoever a field is near of; a list that is too long is left to the other fields. */
static void add_near(epg_search *search, size_t field, epg_rows rows, size_t most)
{
    epg_bag bag = {0};
    for (size_t i = 0; i < rows.count && rows.count <= most; i++) {
        const uint32_t row = epg_row(rows, i);
        if (!epg_known(search, row) && epg_is_near(search, field, row)) {
            epg_put(search, &bag, row);
        }
    }
    epg_add(search, &bag);
}

static epg_rows find(epg_search *search, unsigned family, epg_text text)
{
    return epg_find(&search->index, family, family == F_PHONE ? epg_phone(text) : epg_key_of(text));
}

static int is_settled(epg_search *search, int points_left)
{
    static const int kinds[][2] = {
        {IDENTITY, K_ID_SLIPS}, {PHONE, K_PHONE_SLIP}, {PLATE, K_PLATE_SLIP}, {CARD, K_CARD_SLIP}};
    const epg_index *index = &search->index;
    const epg_reading *reading = &search->reading;
    if (search->scored_count == 0) {
        return 0;
    }
    int64_t most = search->prior;
    if (reading->name.length > 0) {
        const size_t same = find(search, F_NAME, reading->name).count;
        const int32_t by_ear = epg_weigh(index, reading->sound_count ? K_NAME_PINYIN : K_NAME_SOUND, 1).weight;
        const int32_t exact = same ? epg_weigh(index, K_SAME_NAME, same).weight : 0;
        most += by_ear > exact ? by_ear : exact;
    }
    if (reading->sex > 0) {
        most += epg_weigh(index, K_SAME_SEX, epg_counted(index, reading->sex)).weight;
    }
    if (reading->birth.length > 0) {
        most += epg_weigh(index, K_SAME_DAY, find(search, F_BIRTH, reading->birth).count).weight;
    }
    if (reading->building.length > 0 || reading->room.length > 0) {
        most += epg_weigh(index, K_SAME_DOOR, 1).weight;
    }
    for (size_t i = 0; points_left && i < 4; i++) {
        if (search->present[kinds[i][0]]) {
            most += epg_weigh(index, kinds[i][1], 1).weight;
        }
    }
    if (points_left) {
        most += (int64_t)reading->custom_count * epg_weigh(index, K_CUSTOM_SLIP, 1).weight;
    }
    return search->best - most >= SETTLED;
}

static int is_whole_identity(epg_text identity)
{
    return identity.length == IDENTITY_LENGTH && !epg_has(identity, '?');
}

/* Year and tail, or day and tail, of a resident ID. */
static epg_key joined(epg_text one, epg_text other)
{
    epg_key key = epg_key_of(one);
    epg_key_add(&key, other);
    return key;
}

/* Of those under telephones' keys, which are of few telephones but not of one, whoever has one so near. */
static void add_phones(epg_search *search, epg_bag *bag, size_t slips)
{
    size_t kept = 0;
    for (size_t i = 0; i < bag->count; i++) {
        if (bag->rows[i] < search->index.residents && epg_has_phone(search, bag->rows[i], slips)) {
            bag->rows[kept++] = bag->rows[i];
        }
    }
    bag->count = kept;
    epg_add(search, bag);
}

static void exact_points(epg_search *search)
{
    const epg_index *index = &search->index;
    const epg_reading *reading = &search->reading;
    if (is_whole_identity(reading->identity)) {
        const epg_text tail = epg_part(reading->identity, 14, IDENTITY_LENGTH);
        add_few(search, find(search, F_ID_DAY, epg_part(reading->identity, 10, IDENTITY_LENGTH)));
        add_few(search, epg_find(index, F_ID_YEAR, joined(epg_part(reading->identity, 6, 10), tail)));
    }
    if (reading->document.length > 0) {
        add_few(search, find(search, F_DOCUMENT, reading->document));
    }
    if (reading->phone.length > 0 && !epg_has(reading->phone, '?')) {
        epg_bag bag = {0};
        epg_put_few(search, epg_mixed(F_PHONE, epg_phone(reading->phone)), &bag);
        add_phones(search, &bag, 0);
    }
    for (size_t which = 0; which < 2; which++) {
        for (size_t i = 0; i < search->holder_count[which]; i++) {
            epg_bag bag = {0};
            epg_household_of(search, search->holder_rows[which][i], &bag);
            epg_add(search, &bag);
        }
    }
    if (reading->plate.length > 0) {
        add_few(search, find(search, F_PLATE, search->form.plate_body));
    }
    if (reading->card_folded.length > 0) {
        add_few(search, find(search, F_CARD, reading->card_folded));
    }
    for (size_t i = 0; i < reading->home_card_count; i++) {
        if (reading->home_cards[i].length > 0) {
            add_few(search, find(search, F_CARD, reading->home_cards[i]));
        }
    }
    for (size_t i = 0; i < reading->custom_count; i++) {
        add_few(search, epg_find(index, F_CUSTOM, epg_custom(reading->custom[i].field, reading->custom[i].text)));
    }
}

/* --- numbers that are masked or damaged --- */

static void near_identity_key(epg_search *search, unsigned family, epg_text one, epg_text other)
{
    add_near(search, IDENTITY, epg_find(&search->index, family, joined(one, other)), FEW_TO_CHECK);
}

/* Every tail that a pattern may be, ten digits in each unknown place, and X in the last; none if too many. */
static size_t tails_of(const uint32_t pattern[TAIL], uint32_t tails[120][TAIL])
{
    size_t gaps = 0, places[TAIL], count = 1;
    for (size_t i = 0; i < TAIL; i++) {
        if (pattern[i] == '?') {
            places[gaps++] = i;
        }
    }
    if (gaps > 2) {
        return 0;
    }
    for (size_t i = 0; i < gaps; i++) {
        count *= 10;
    }
    for (size_t number = 0; number < count; number++) {
        memcpy(tails[number], pattern, TAIL * sizeof **tails);
        size_t left = number;
        for (size_t i = gaps; i-- > 0; left /= 10) {
            tails[number][places[i]] = '0' + (uint32_t)(left % 10);
        }
    }
    const size_t digits = count;
    for (size_t number = 0; pattern[TAIL - 1] == '?' && number < digits; number++) {
        if (tails[number][TAIL - 1] == '0') {
            memcpy(tails[count], tails[number], TAIL * sizeof **tails);
            tails[count++][TAIL - 1] = 'X';
        }
    }
    return count;
}

static size_t days_of(const uint32_t pattern[4], uint32_t days[366][4])
{
    static const unsigned in_month[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    size_t count = 0;
    for (unsigned month = 1; month <= 12; month++) {
        for (unsigned day = 1; day <= in_month[month - 1]; day++) {
            const uint32_t made[4] = {'0' + month / 10, '0' + month % 10, '0' + day / 10, '0' + day % 10};
            int fits = 1;
            for (size_t i = 0; i < 4; i++) {
                fits &= pattern[i] == '?' || pattern[i] == made[i];
            }
            if (fits) {
                memcpy(days[count++], made, sizeof made);
            }
        }
    }
    return count;
}

/* A whole number or a fragment laid along one. Birth dates are left for after the keys. */
static void near_placed(epg_search *search, const uint32_t placed[IDENTITY_LENGTH], int whole, epg_bag *births)
{
    uint32_t tails[120][TAIL], days[366][4];
    const epg_text year = {placed + 6, 4}, day = {placed + 10, 4};
    const size_t tail_count = tails_of(placed + 14, tails);
    size_t day_count = 1;
    if (epg_has(day, '?')) {
        day_count = days_of(day.at, days);
    } else {
        memcpy(days[0], day.at, sizeof days[0]);
    }
    const int year_known = !epg_has(year, '?'), day_known = !epg_has(day, '?');
    if (tail_count > 0 && day_count * tail_count <= MOST_FILLED_ID) {
        for (size_t i = 0; i < day_count; i++) {
            for (size_t k = 0; k < tail_count; k++) {
                near_identity_key(search, F_ID_DAY, (epg_text){days[i], 4}, (epg_text){tails[k], TAIL});
            }
        }
    } else if (tail_count > 0 && year_known) {
        for (size_t k = 0; k < tail_count; k++) {
            near_identity_key(search, F_ID_YEAR, year, (epg_text){tails[k], TAIL});
        }
    } else if (year_known && day_known) {
        for (size_t i = 6; i < 14; i++) {
            epg_put(search, births, placed[i]);
        }
    }
    if (whole) {
        near_identity_key(search, F_ID_YEAR, year, epg_part((epg_text){placed, IDENTITY_LENGTH}, 14, IDENTITY_LENGTH));
    }
}

/* A number with a character or two too few or too many: what stands behind these has moved. */
static void near_moved(epg_search *search, epg_text written, epg_bag *births)
{
    const size_t n = written.length;
    const epg_text years[] = {epg_part(written, 6, 10), epg_part(written, n - 12, n - 8)};
    const epg_text days[] = {epg_part(written, 10, 14), epg_part(written, n - 8, n - 4)};
    uint32_t tails[12][TAIL];
    size_t count = 1;
    memcpy(tails[0], written.at + n - 4, sizeof tails[0]);
    for (size_t i = 0; n == 17 && ID_CHARACTERS[i] != '\0'; i++) {
        memcpy(tails[count], written.at + 14, 3 * sizeof **tails);
        tails[count++][3] = (uint32_t)ID_CHARACTERS[i];
    }
    for (size_t i = 0; i < count; i++) {
        const epg_text tail = {tails[i], TAIL};
        near_identity_key(search, F_ID_DAY, days[0], tail);
        near_identity_key(search, F_ID_DAY, days[1], tail);
        near_identity_key(search, F_ID_YEAR, years[0], tail);
        near_identity_key(search, F_ID_YEAR, years[1], tail);
    }
    static const size_t pairs[][2] = {{0, 0}, {1, 1}, {0, 1}};
    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; k < 8; k++) {
            epg_put(search, births, k < 4 ? years[pairs[i][0]].at[k] : days[pairs[i][1]].at[k - 4]);
        }
    }
}

static void near_identity(epg_search *search)
{
    const epg_text written = search->reading.identity;
    const size_t n = written.length;
    epg_bag births = {0};
    if (n >= 16 && n <= 20 && n != IDENTITY_LENGTH && !epg_has(written, '?')) {
        near_moved(search, written, &births);
    } else if (n == IDENTITY_LENGTH) {
        near_placed(search, written.at, is_whole_identity(written), &births);
    } else {
        uint32_t placed[MOST_PLACED][IDENTITY_LENGTH];
        const size_t count = epg_laid(written, placed);
        for (size_t i = 0; i < count; i++) {
            near_placed(search, placed[i], 0, &births);
        }
    }
    for (size_t i = 0; i < births.count; i += 8) {
        add_near(search, IDENTITY, find(search, F_BIRTH, (epg_text){births.rows + i, 8}), FEW_TO_CHECK);
    }
    if (!is_whole_identity(written) || epg_speaks_for_any(search, IDENTITY)) {
        return;
    }
    add_near(search, IDENTITY, find(search, F_BIRTH, epg_part(written, 6, 14)), FEW_TO_CHECK);
    uint32_t text[8];
    memcpy(text, written.at + 10, sizeof text);
    const epg_text key = {text, 8};
    add_near(search, IDENTITY, epg_near(search, F_ID_DAY, key, ID_CHARACTERS, 0, FEW_TO_CHECK, 0), SIZE_MAX);
    memcpy(text, written.at + 6, 4 * sizeof *text);
    memcpy(text + 4, written.at + 14, 4 * sizeof *text);
    add_near(search, IDENTITY, epg_near(search, F_ID_YEAR, key, ID_CHARACTERS, 0, FEW_TO_CHECK, 0), SIZE_MAX);
}

static void add_filled(epg_search *search, epg_text pattern)
{
    epg_bag bag = {0};
    epg_filled_phones(search, pattern, &bag);
    epg_add(search, &bag);
}

static void add_near_phones(epg_search *search, size_t slips)
{
    epg_bag bag = {0};
    epg_near_phones(search, search->reading.phone, slips, &bag);
    add_phones(search, &bag, slips);
}

static void near_phone(epg_search *search)
{
    const epg_text written = search->reading.phone;
    const size_t n = written.length;
    if (n >= MEANT_WHOLE && !epg_has(written, '?')) {
        add_near_phones(search, 1);
        return;
    }
    const epg_text tail = n > TAIL ? epg_part(written, n - TAIL, n) : written;
    if (epg_has(written, '?')) {
        if (!epg_has(tail, '?') && epg_count(written, '?') > 2) {
            add_near(search, PHONE, find(search, F_PHONE_TAIL, tail), FEW_TO_CHECK);
        } else {
            add_filled(search, written);
        }
        return;
    }
    if (n >= SHORTEST_HEAD) {
        uint32_t pattern[MOBILE];
        for (size_t i = 0; i < MOBILE; i++) {
            pattern[i] = i < n ? written.at[i] : '?';
        }
        add_filled(search, (epg_text){pattern, MOBILE});
    }
    add_near(search, PHONE, find(search, F_PHONE_TAIL, tail), FEW_TO_CHECK);
}

static const char *alphabet_of(epg_text text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (!epg_is_digit(text.at[i])) {
            return LETTERS;
        }
    }
    return text.length > 0 ? DIGITS : LETTERS;
}

static void near_custom(epg_search *search, const epg_item *written)
{
    const epg_text text = written->text;
    const size_t field = CUSTOM + written->field;
    if (search->exact[written->field] || epg_speaks_for_any(search, field)) {
        return;
    }
    uint32_t *key = epg_take(search->memory, text.length + 4, sizeof *key);
    size_t front = 0;
    for (unsigned unit = 100; unit > 0; unit /= 10) {
        if (written->field >= unit || unit == 1) {
            key[front++] = '0' + written->field / unit % 10;
        }
    }
    key[front++] = '|';
    if (text.length > 0) {
        memcpy(key + front, text.at, text.length * sizeof *key);
    }
    const epg_text whole = {key, front + text.length};
    add_rows(search, epg_near(search, F_CUSTOM, whole, alphabet_of(text), front, FEW, FIRST_OF_MANY), SIZE_MAX);
    if (text.length >= TAIL) {
        const epg_text tail = epg_part(text, text.length - TAIL, text.length);
        add_near(search, field, epg_find(&search->index, F_CUSTOM_TAIL, epg_custom(written->field, tail)), FEW_TO_CHECK);
    }
}

static void near_points(epg_search *search)
{
    const epg_reading *reading = &search->reading;
    if (reading->identity.length > 0 && !reading->identity_valid && !epg_speaks_for_any(search, IDENTITY)) {
        near_identity(search);
    }
    if (reading->phone.length > 0 && !epg_speaks_for_any(search, PHONE)) {
        near_phone(search);
    }
    if (reading->plate.length > 0 && !epg_speaks_for_any(search, PLATE)) {
        const epg_text body = search->form.plate_body;
        const epg_text tail = body.length > TAIL ? epg_part(body, body.length - TAIL, body.length) : body;
        add_rows(search, epg_near(search, F_PLATE, body, PLATE_CHARACTERS, 0, FEW, FIRST_OF_MANY), SIZE_MAX);
        add_near(search, PLATE, find(search, F_PLATE_TAIL, tail), FEW_TO_CHECK);
    }
    const epg_text card = reading->card_folded;
    if (card.length >= SHORTEST_SLIP && !epg_speaks_for_any(search, CARD)) {
        add_rows(search, epg_near(search, F_CARD, card, alphabet_of(card), 0, FEW, FIRST_OF_MANY), SIZE_MAX);
    }
    for (size_t i = 0; i < reading->custom_count; i++) {
        near_custom(search, &reading->custom[i]);
    }
}

/* --- names, homes, birth dates --- */

static void put_new(epg_search *search, epg_bag *bag, epg_rows rows, size_t most)
{
    const size_t before = bag->count;
    for (size_t i = 0; i < rows.count && i < most; i++) {
        const uint32_t row = epg_row(rows, i);
        int known = 0;
        for (size_t k = 0; k < before && !known; k++) {
            known = bag->rows[k] == row;
        }
        if (!known) {
            epg_put(search, bag, row);
        }
    }
}

/* Whom to compare of one field: all of its short lists, as far as they go, or the first of a long one. */
static void add_few_of(epg_search *search, const epg_lists *lists)
{
    epg_bag followed = {0};
    for (size_t i = 0; i < lists->count; i++) {
        const epg_rows rows = lists->lists[i];
        if (rows.count <= FEW && followed.count + rows.count <= FEW_OF_A_FIELD) {
            put_new(search, &followed, rows, rows.count);
        } else if (i == 0 || followed.count == 0) {
            put_new(search, &followed, rows, FIRST_OF_MANY);
        }
    }
    epg_add(search, &followed);
}

static void add_followed(epg_search *search, const epg_lists *lists)
{
    epg_bag followed = {0};
    for (size_t i = 0; i < lists->count; i++) {
        if (followed.count + lists->lists[i].count <= FEW_OF_A_FIELD) {
            put_new(search, &followed, lists->lists[i], lists->lists[i].count);
        }
    }
    epg_add(search, &followed);
}

static void follow_lists(epg_search *search)
{
    const epg_reading *reading = &search->reading;
    epg_lists name = {0}, home = {0}, birth = {0}, near_home = {0}, near_birth = {0};
    if (reading->name.length > 0) {
        epg_name_lists(search, &name);
    }
    if (reading->building.length > 0) {
        epg_home_lists(search, &home, &near_home);
    }
    if (reading->birth.length > 0) {
        epg_birth_lists(search, &birth, &near_birth);
    }
    epg_lists all[] = {name, home, birth};
    const epg_lists *near[] = {NULL, &near_home, &near_birth};
    size_t fields = 0;
    for (size_t field = 0; field < 3; field++) {
        all[field].room = all[field].count; /* grows into memory of its own */
        for (size_t i = 0; near[field] != NULL && i < near[field]->count; i++) {
            epg_add_list(search, &all[field], near[field]->lists[i]);
        }
        fields += all[field].count > 0;
    }
    if (fields > 1) {
        epg_bag both = {0};
        epg_in_two(search, all, 3, &both);
        epg_add(search, &both);
    }
    add_few_of(search, &name);
    add_few_of(search, &home);
    add_few_of(search, &birth);
    add_followed(search, &near_home);
    add_followed(search, &near_birth);
}

static void two_slips(epg_search *search)
{
    const epg_text written = search->reading.phone;
    if (written.length < MEANT_WHOLE || epg_has(written, '?') || epg_speaks_for_any(search, PHONE)) {
        return;
    }
    const int64_t best = search->scored_count > 0 ? search->best : search->prior;
    if (best - search->prior - epg_weigh(&search->index, K_PHONE_TWO_SLIPS, 1).weight >= SETTLED) {
        return;
    }
    add_near_phones(search, 2);
    /* Two slips of the head: whoever has the tail is compared. */
    add_near(search, PHONE, find(search, F_PHONE_TAIL, epg_part(written, written.length - TAIL, written.length)),
             MOST_OF_A_TAIL);
}

void epg_run(epg_search *search)
{
    exact_points(search);
    if (is_settled(search, 1)) {
        return;
    }
    near_points(search);
    if (is_settled(search, 0)) {
        return;
    }
    follow_lists(search);
    two_slips(search);
}
