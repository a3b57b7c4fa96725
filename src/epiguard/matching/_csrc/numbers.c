#include "compare.h"

enum {
    YEARS = 80,
    MONTHS = 12,
    DAYS = 30,
    TAILS = 10000,
    SHORTEST_HEAD = 6,
    SHORTEST_TAIL = 4,
    BIRTH_LENGTH = 8,
    MOST_GAPS = 4,
    LONG = 15,
    MOST_SLIPS = 2,
    BELOW_SAME = 1000,
    MEANT_WHOLE = 9,
    NETWORK = 3,
    DIGIT = 3321,
    SHORTEST_ENDS = 4,
    REGIONS = 1000000,
};

epg_grade epg_compare_sex(epg_form *form, const epg_record *record)
{
    if (record->sex == 0) {
        return (epg_grade){K_ABSENT, 0};
    }
    if (record->sex != form->reading->sex) {
        return epg_plain(form->index, K_OTHER_SEX);
    }
    return epg_weigh(form->index, K_SAME_SEX, epg_counted(form->index, record->sex));
}

static uint64_t born(const epg_index *index, epg_text birth)
{
    return epg_count_of(index, F_BIRTH, epg_key_of(birth));
}

epg_grade epg_compare_birth(epg_form *form, const epg_record *record)
{
    static const size_t places[] = {0, 4, 6, 8};
    static const uint64_t parts[] = {YEARS, MONTHS, DAYS};
    const epg_index *index = form->index;
    const epg_text written = form->reading->birth, known = record->birth;
    if (known.length != BIRTH_LENGTH) {
        return (epg_grade){K_ABSENT, 0};
    }
    if (epg_same(written, known)) {
        return epg_weigh(index, K_SAME_DAY, born(index, known));
    }
    int gaps = 0, agree = 0, differ = 0;
    uint64_t said = 1, without_gaps = 1;
    for (size_t i = 0; i < 3; i++) {
        const epg_text mine = epg_part(written, places[i], places[i + 1]);
        if (epg_has(mine, '?')) {
            gaps++;
            continue;
        }
        without_gaps *= parts[i];
        if (epg_same(mine, epg_part(known, places[i], places[i + 1]))) {
            agree++;
            said *= parts[i];
        } else {
            differ++;
        }
    }
    if (gaps > 0) {
        return differ ? epg_plain(index, K_OTHER_DAY)
                      : epg_weigh(index, K_DAY_AS_FAR, index->population / without_gaps);
    }
    if (epg_same(epg_part(written, 0, 4), epg_part(known, 0, 4)) &&
        epg_same(epg_part(written, 4, 6), epg_part(known, 6, 8)) &&
        epg_same(epg_part(written, 6, 8), epg_part(known, 4, 6))) {
        return epg_weigh(index, K_DAY_SWAPPED, born(index, known));
    }
    return agree == 2 ? epg_weigh(index, K_TWO_OF_THREE, index->population / said)
                      : epg_plain(index, K_OTHER_DAY);
}

/* How many of the known characters differ, of two texts of one length. */
static size_t wrong(epg_text text, epg_text number)
{
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++) {
        count += text.at[i] != '?' && text.at[i] != number.at[i];
    }
    return count;
}

/* A fragment at a place along a number. */
static void lay(epg_text text, size_t at, uint32_t placed[IDENTITY_LENGTH])
{
    for (size_t i = 0; i < IDENTITY_LENGTH; i++) {
        placed[i] = i >= at && i < at + text.length ? text.at[i - at] : '?';
    }
}

size_t epg_laid(epg_text text, uint32_t placed[MOST_PLACED][IDENTITY_LENGTH])
{
    const size_t n = text.length;
    if (n >= IDENTITY_LENGTH) {
        return 0;
    }
    if (epg_has(text, '?')) {
        size_t head = 0, tail = 0;
        while (text.at[head] != '?') {
            head++;
        }
        while (text.at[n - 1 - tail] != '?') {
            tail++;
        }
        if (head < SHORTEST_HEAD && tail < SHORTEST_TAIL) {
            return 0;
        }
        lay(epg_part(text, 0, head), 0, placed[0]);
        for (size_t i = 0; i < tail; i++) {
            placed[0][IDENTITY_LENGTH - tail + i] = text.at[n - tail + i];
        }
        return 1;
    }
    if (n < SHORTEST_TAIL) {
        return 0;
    }
    size_t count = 0;
    lay(text, IDENTITY_LENGTH - n, placed[count++]);
    if (n >= SHORTEST_HEAD) {
        lay(text, 0, placed[count++]);
    }
    if (n >= BIRTH_LENGTH) {
        if (6 < IDENTITY_LENGTH - n) {
            lay(text, 6, placed[count++]);
        }
        for (size_t at = 1; at < IDENTITY_LENGTH - n; at++) {
            if (at != 6) {
                lay(text, at, placed[count++]);
            }
        }
    }
    return count;
}

/* What agrees from the left and from the right, `?` in the middle. */
static void ends(epg_text text, epg_text number, uint32_t aligned[IDENTITY_LENGTH])
{
    const size_t shorter = text.length < IDENTITY_LENGTH ? text.length : IDENTITY_LENGTH;
    size_t left = 0, right = 0;
    while (left < shorter && text.at[left] == number.at[left]) {
        left++;
    }
    while (right < shorter && text.at[text.length - 1 - right] == number.at[IDENTITY_LENGTH - 1 - right]) {
        right++;
    }
    right = right < IDENTITY_LENGTH - left ? right : IDENTITY_LENGTH - left;
    for (size_t i = 0; i < IDENTITY_LENGTH; i++) {
        aligned[i] = i < left || i >= IDENTITY_LENGTH - right ? number.at[i] : '?';
    }
}

/* How a damaged text can be this number, laid along it; K_ABSENT where it cannot. */
static int laid_along(epg_form *form, epg_text written, epg_text number, uint32_t aligned[IDENTITY_LENGTH])
{
    if (written.length == IDENTITY_LENGTH) {
        const size_t off = wrong(written, number), gaps = epg_count(written, '?');
        memcpy(aligned, written.at, IDENTITY_LENGTH * sizeof *aligned);
        if (off == 0) {
            return K_ID_AS_FAR;
        }
        if (gaps > 0) {
            return off == 1 && gaps <= MOST_GAPS ? K_ID_SLIPS : K_ABSENT;
        }
        return off <= 2 * MOST_SLIPS && epg_slips_between(form->memory, written, number) <= MOST_SLIPS ? K_ID_SLIPS
                                                                                                        : K_ABSENT;
    }
    if (epg_slips_between(form->memory, written, number) <= MOST_SLIPS) {
        ends(written, number, aligned);
        return K_ID_SLIPS;
    }
    uint32_t placed[MOST_PLACED][IDENTITY_LENGTH];
    const size_t count = epg_laid(written, placed);
    for (size_t i = 0; i < count; i++) {
        if (wrong((epg_text){placed[i], IDENTITY_LENGTH}, number) == 0) {
            memcpy(aligned, placed[i], sizeof placed[i]);
            return K_ID_AS_FAR;
        }
    }
    return K_ABSENT;
}

static epg_grade damaged(epg_form *form, epg_text written, epg_text number, int *birth_known)
{
    static const size_t places[] = {0, 6, 14, IDENTITY_LENGTH};
    const epg_index *index = form->index;
    uint32_t aligned[IDENTITY_LENGTH];
    const int kind = laid_along(form, written, number, aligned);
    if (kind == K_ABSENT) {
        return epg_plain(index, written.length >= LONG ? K_OTHER_ID : K_OTHER_FRAGMENT);
    }
    uint32_t region = 0;
    for (size_t i = 0; i < 6; i++) {
        region = 10 * region + number.at[i] - '0';
    }
    const int32_t whole[] = {
        epg_share(index, epg_counted(index, REGIONS + region)),
        epg_share(index, born(index, epg_part(number, 6, 14))),
        epg_share(index, index->population / TAILS),
    };
    int32_t weight = index->base[kind];
    for (size_t piece = 0; piece < 3; piece++) {
        int32_t agree = 0;
        const size_t length = places[piece + 1] - places[piece];
        for (size_t i = places[piece]; i < places[piece + 1]; i++) {
            agree += aligned[i] == number.at[i];
        }
        weight += whole[piece] * agree / (int32_t)length;
        *birth_known = piece == 1 ? agree == BIRTH_LENGTH : *birth_known;
    }
    const int32_t most = epg_weigh(index, K_SAME_ID, 1).weight - BELOW_SAME, least = epg_worst(index, IDENTITY);
    weight = weight < most ? weight : most;
    return (epg_grade){kind, weight > least ? weight : least};
}

static epg_grade birth_inside(epg_form *form, epg_text written, epg_text birth, int *birth_known)
{
    const epg_index *index = form->index;
    if (birth.length != BIRTH_LENGTH || written.length != IDENTITY_LENGTH || epg_has(epg_part(written, 6, 14), '?')) {
        return (epg_grade){K_ABSENT, 0};
    }
    if (!epg_same(epg_part(written, 6, 14), birth)) {
        return epg_plain(index, K_OTHER_ID);
    }
    *birth_known = 1;
    return epg_weigh(index, K_BIRTH_INSIDE, born(index, birth));
}

epg_grade epg_compare_identity(epg_form *form, const epg_record *record, int *birth_known)
{
    const epg_index *index = form->index;
    const epg_reading *reading = form->reading;
    const epg_text written = reading->identity;
    *birth_known = 0;
    if (reading->document.length > 0 && epg_record_has(record, T_DOCUMENT, reading->document)) {
        return epg_weigh(index, K_DOCUMENT, epg_count_of(index, F_DOCUMENT, epg_key_of(reading->document)));
    }
    if (written.length == 0) {
        size_t place = 0;
        return epg_next(record, T_DOCUMENT, &place) != NULL ? epg_plain(index, K_OTHER_ID)
                                                            : (epg_grade){K_ABSENT, 0};
    }
    if (record->identity.length == 0) {
        return birth_inside(form, written, record->birth, birth_known);
    }
    if (epg_same(written, record->identity)) {
        *birth_known = 1;
        return epg_weigh(index, K_SAME_ID, 1);
    }
    if (reading->identity_valid) {
        return epg_plain(index, K_OTHER_VALID_ID);
    }
    return damaged(form, written, record->identity, birth_known);
}

/* How many digits after the network's are known and agree, where a number is masked or a fragment; or -1. */
static int known_digits(epg_text written, epg_text digits)
{
    const size_t n = written.length;
    if (epg_has(written, '?')) {
        if (n == digits.length) {
            if (wrong(written, digits) > 0) {
                return -1;
            }
            return n > NETWORK ? (int)(n - NETWORK - epg_count(epg_part(written, NETWORK, n), '?')) : 0;
        }
        size_t head = 0, tail = 0;
        while (written.at[head] != '?') {
            head++;
        }
        while (written.at[n - 1 - tail] != '?') {
            tail++;
        }
        if (head + tail < SHORTEST_ENDS || !epg_begins_with(digits, epg_part(written, 0, head)) ||
            !epg_ends_with(digits, epg_part(written, n - tail, n))) {
            return -1;
        }
        return (int)((head > NETWORK ? head - NETWORK : 0) + tail);
    }
    if (n >= MEANT_WHOLE || n >= digits.length) {
        return -1;
    }
    if (epg_ends_with(digits, written)) {
        return (int)n;
    }
    return epg_begins_with(digits, written) ? (n > NETWORK ? (int)(n - NETWORK) : 0) : -1;
}

static epg_grade compare_phone(epg_form *form, epg_text digits)
{
    const epg_index *index = form->index;
    const epg_text written = form->reading->phone;
    const uint64_t sharing = epg_count_of(index, F_PHONE, epg_phone(digits));
    if (epg_same(written, digits)) {
        return epg_weigh(index, K_SAME_PHONE, sharing);
    }
    const int known = known_digits(written, digits);
    if (known >= 0) {
        const int32_t most = epg_weigh(index, K_PHONE_SLIP, sharing).weight, least = epg_worst(index, PHONE);
        int32_t weight = index->base[K_PHONE_AS_FAR] + known * DIGIT;
        weight = weight < most ? weight : most;
        return (epg_grade){K_PHONE_AS_FAR, weight > least ? weight : least};
    }
    const size_t slips = written.length < MEANT_WHOLE ? 3 : epg_slips_between(form->memory, written, digits);
    if (slips > MOST_SLIPS) {
        return epg_plain(index, K_OTHER_PHONE);
    }
    return epg_weigh(index, slips == 1 ? K_PHONE_SLIP : K_PHONE_TWO_SLIPS, sharing);
}

epg_grade epg_compare_phone(epg_form *form, const epg_record *record, int family)
{
    epg_grade best = {K_ABSENT, 0};
    size_t place = 0, first = 1;
    for (const epg_item *item; (item = epg_next(record, T_PHONE, &place)) != NULL; first = 0) {
        const epg_grade grade = compare_phone(form, item->text);
        best = first || grade.weight > best.weight ? grade : best;
    }
    if (family && !epg_record_has(record, T_PHONE, form->reading->phone)) {
        const uint64_t sharing = epg_count_of(form->index, F_PHONE, epg_phone(form->reading->phone));
        best = epg_better(best, epg_weigh(form->index, K_FAMILY_PHONE, sharing));
    }
    return best;
}
