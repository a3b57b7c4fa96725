#include "plain.h"

/* Numbers of the texts of a packed reading: the same as in _reading.py. */
enum {
    R_NAME = 1, R_SEX = 3, R_BIRTH, R_IDENTITY, R_VALID, R_DOCUMENT, R_PHONE, R_COMPOUND, R_BUILDING, R_UNIT, R_ROOM,
    R_HOME_CARD, R_PLATE, R_CARD, R_CARD_FOLDED,
};

enum { WHOLE_ID = 18, OLD_ID = 15, MOBILE = 11, LONGEST_PARTIAL = 24, SHORTEST_DOCUMENT = 5, SHORTEST_PHONE = 4,
       SHORTEST_PLATE = 4, SHORTEST_CARD = 4, MOST_CARDS = 4, LONGEST_NAME = 60 };

static int is_digit(uint32_t unit)
{
    return epg_is_digit(unit);
}

static int is_chinese(uint32_t unit)
{
    return unit >= FIRST_FORM && unit <= LAST_FORM;
}

static uint32_t upper(uint32_t unit)
{
    return unit >= 'a' && unit <= 'z' ? unit - 32 : unit;
}

static int is_letter_or_digit(uint32_t unit)
{
    return is_digit(unit) || (unit >= 'A' && unit <= 'Z');
}

/* --- writing --- */

uint8_t *epg_put_utf8(uint8_t *at, epg_text text)
{
    for (size_t i = 0; i < text.length; i++) {
        const uint32_t unit = text.at[i];
        if (unit < 0x80) {
            *at++ = (uint8_t)unit;
        } else if (unit < 0x800) {
            *at++ = (uint8_t)(0xC0 | unit >> 6);
            *at++ = (uint8_t)(0x80 | (unit & 0x3F));
        } else {
            *at++ = (uint8_t)(0xE0 | unit >> 12);
            *at++ = (uint8_t)(0x80 | (unit >> 6 & 0x3F));
            *at++ = (uint8_t)(0x80 | (unit & 0x3F));
        }
    }
    return at;
}

static void put(epiguard_plain *read, unsigned number, epg_text text)
{
    if (text.length == 0) {
        return;
    }
    uint8_t *head = read->bytes + read->size;
    const size_t size = (size_t)(epg_put_utf8(head + 3, text) - head) - 3;
    head[0] = (uint8_t)number;
    head[1] = (uint8_t)size;
    head[2] = (uint8_t)(size >> 8);
    read->size += size + 3;
}

/* --- folding --- */

int epg_fold(epiguard_text field, epg_folded *folded)
{
    if (field.length > PLAIN_LENGTH) {
        return 0;
    }
    size_t length = 0;
    for (size_t i = 0; i < field.length; i++) {
        uint32_t unit = field.width == 1   ? ((const uint8_t *)field.units)[i]
                        : field.width == 2 ? ((const uint16_t *)field.units)[i]
                                           : ((const uint32_t *)field.units)[i];
        if (unit >= 0xFF01 && unit <= 0xFF5E) {
            unit -= 0xFEE0;
        } else if (unit == 0x3000) {
            unit = ' ';
        } else if (!(unit >= ' ' && unit <= '~') && unit != 0xB7 && !is_chinese(unit)) {
            return 0;
        }
        if (unit != ' ' || length > 0) {
            folded->units[length++] = unit;
        }
    }
    while (length > 0 && folded->units[length - 1] == ' ') {
        length--;
    }
    folded->length = length;
    return 1;
}

/* --- names, sexes, birth dates --- */

static int has_pair(epg_text text, size_t place, const uint32_t (*pairs)[2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (text.length >= place + 2 && text.at[place] == pairs[i][0] && text.at[place + 1] == pairs[i][1]) {
            return 1;
        }
    }
    return 0;
}

int epg_plain_name(epg_folded *name, epg_span forms)
{
    if (forms.size != 2 * (LAST_FORM - FIRST_FORM + 1)) {
        return 0;
    }
    size_t length = 0, chinese = 0;
    for (size_t i = 0; i < name->length; i++) {
        const uint32_t unit = name->units[i];
        if (is_chinese(unit)) {
            const uint32_t form = epg_u16(forms.at + 2 * (unit - FIRST_FORM));
            if (form == 0) {
                return 0;
            }
            name->units[length++] = form;
            chinese++;
        } else if (unit == 0xB7) {
            name->units[length++] = unit;
        } else if (unit != ' ') {
            return 0;
        }
    }
    name->length = length;
    return chinese > 0 && length <= LONGEST_NAME;
}

/* Whether words or marks may stand around a name, or in place of a character: 姓名 张三, 张某, 李女士. */
static int has_words(epg_text name)
{
    static const uint32_t before[][2] = {{0x59D3, 0x540D}, {0x540D, 0x5B57}, {0x672C, 0x4EBA}};
    static const uint32_t behind[][2] = {{0x5148, 0x751F}, {0x5973, 0x58EB}, {0x5C0F, 0x59D0}, {0x963F, 0x59E8},
                                         {0x5E08, 0x5085}, {0x8001, 0x5E08}, {0x540C, 0x5FD7}};
    return epg_has(name, 0x67D0) || has_pair(name, 0, before, 3) ||
           (name.length > 2 && has_pair(name, name.length - 2, behind, 7));
}

static int read_name(epg_folded *field, epg_span forms, epiguard_plain *read)
{
    if (has_words((epg_text){field->units, field->length}) || !epg_plain_name(field, forms)) {
        return 0;
    }
    put(read, R_NAME, (epg_text){field->units, field->length});
    return 1;
}

static int read_sex(const epg_folded *field, epiguard_plain *read)
{
    static const uint32_t man = 'M', woman = 'F';
    if (field->length != 1) {
        return 0;
    }
    const uint32_t unit = upper(field->units[0]);
    if (unit != 'M' && unit != 'F' && unit != 0x7537 && unit != 0x5973) {
        return 0;
    }
    put(read, R_SEX, (epg_text){unit == 'M' || unit == 0x7537 ? &man : &woman, 1});
    return 1;
}

/* Month or day: two digits, or ?? where it is none. */
static void two(epg_text run, uint32_t *made)
{
    const uint32_t tens = run.length == 2 ? run.at[0] : '0', ones = run.length ? run.at[run.length - 1] : '0';
    const int known = run.length <= 2 && (tens != '0' || ones != '0');
    made[0] = known ? tens : '?';
    made[1] = known ? ones : '?';
}

static int begins_a_year(epg_text run)
{
    return run.length >= 2 && ((run.at[0] == '1' && (run.at[1] == '8' || run.at[1] == '9')) ||
                               (run.at[0] == '2' && run.at[1] == '0'));
}

static int read_birth(const epg_folded *field, epiguard_plain *read)
{
    enum { LAST_YEAR_OF_20XX = 20 };
    epg_text runs[3] = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
    size_t count = 0;
    for (size_t i = 0; i < field->length; i++) {
        if (is_digit(field->units[i])) {
            const size_t start = i;
            while (i < field->length && is_digit(field->units[i])) {
                i++;
            }
            if (count < 3) {
                runs[count] = (epg_text){field->units + start, i - start};
            }
            count++;
        }
    }
    if (count == 0) {
        return 1;
    }
    uint32_t made[8] = {'?', '?', '?', '?', '?', '?', '?', '?'};
    const epg_text first = runs[0];
    if (first.length == 8) {
        runs[0] = epg_part(first, 0, 4), runs[1] = epg_part(first, 4, 6), runs[2] = epg_part(first, 6, 8);
    } else if (first.length == 6) {
        const uint32_t month = (first.at[4] - '0') * 10 + first.at[5] - '0';
        const int whole = begins_a_year(first) && month >= 1 && month <= 12;
        runs[0] = epg_part(first, 0, whole ? 4 : 2);
        runs[1] = whole ? epg_part(first, 4, 6) : epg_part(first, 2, 4);
        runs[2] = whole ? (epg_text){NULL, 0} : epg_part(first, 4, 6);
    } else if (count >= 3 && runs[2].length == 4 && first.length <= 2) {
        runs[0] = runs[2], runs[2] = runs[1], runs[1] = first;
    } else if (count == 2 && first.length <= 2 && runs[1].length <= 2) {
        two(first, made + 4);
        two(runs[1], made + 6);
        if (made[4] != '?' || made[6] != '?') {
            put(read, R_BIRTH, (epg_text){made, 8});
        }
        return 1;
    }
    const epg_text year = runs[0];
    if (year.length == 2) {
        const int late = (year.at[0] - '0') * 10 + (year.at[1] - '0') <= LAST_YEAR_OF_20XX;
        made[0] = late ? '2' : '1';
        made[1] = late ? '0' : '9';
        memcpy(made + 2, year.at, 2 * sizeof *made);
    } else if (year.length == 4 && begins_a_year(year)) {
        memcpy(made, year.at, 4 * sizeof *made);
    } else {
        return 1;
    }
    two(runs[1], made + 4);
    two(runs[2], made + 6);
    put(read, R_BIRTH, (epg_text){made, 8});
    return 1;
}

/* --- numbers --- */

static int is_mark(uint32_t unit)
{
    return unit == '?' || unit == '*' || unit == '_';
}

/* The digits and marks of a number, capitals, without spaces and hyphens; 0 where there is anything else, or
 * where it does not begin with one. */
static int number_of(const epg_folded *field, int plus, uint32_t *made, size_t *length)
{
    *length = 0;
    for (size_t i = 0; i < field->length; i++) {
        const uint32_t unit = upper(field->units[i]);
        if (i == 0 && !is_digit(unit) && !is_mark(unit) && !(plus && unit == '+')) {
            return 0;
        }
        if (is_digit(unit) || unit == 'X' || (unit == '+' && i == 0)) {
            made[(*length)++] = unit;
        } else if (is_mark(unit)) {
            made[(*length)++] = '?';
        } else if (unit != ' ' && unit != '-') {
            return 0;
        }
    }
    return !(plus && field->length > 1 && field->units[0] == '+' && !is_digit(field->units[1]) &&
             !is_mark(field->units[1]));
}

static unsigned in_two(const uint32_t *at)
{
    return (at[0] - '0') * 10 + (at[1] - '0');
}

int epg_is_date(const uint32_t *at)
{
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const unsigned year = in_two(at) * 100 + in_two(at + 2), month = in_two(at + 4), day = in_two(at + 6);
    const int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return year >= 1850 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days[month - 1] + (month == 2 && leap);
}

static uint32_t check_digit(const uint32_t *number)
{
    static const unsigned weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    unsigned sum = 0;
    for (size_t i = 0; i < WHOLE_ID - 1; i++) {
        sum += (number[i] - '0') * weights[i];
    }
    return (uint32_t)"10X98765432"[sum % 11];
}

int epg_is_resident_id(const uint32_t *number)
{
    for (size_t i = 0; i < WHOLE_ID - 1; i++) {
        if (!is_digit(number[i])) {
            return 0;
        }
    }
    return epg_is_date(number + 6) && check_digit(number) == number[WHOLE_ID - 1];
}

static int is_mobile(epg_text text)
{
    int mobile = text.length == MOBILE && text.at[0] == '1' && text.at[1] >= '3' && text.at[1] <= '9';
    for (size_t i = 2; mobile && i < MOBILE; i++) {
        mobile = is_digit(text.at[i]);
    }
    return mobile;
}

/* Whether a mainland mobile number stands in a text, with anything but digits around it. */
static int has_mobile(const epg_folded *field)
{
    for (size_t i = 0; i < field->length; i++) {
        const size_t start = i;
        while (i < field->length && epg_is_digit(field->units[i])) {
            i++;
        }
        if (is_mobile((epg_text){field->units + start, i - start})) {
            return 1;
        }
    }
    return 0;
}

static size_t longest_run(const epg_folded *field)
{
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < field->length; i++) {
        run = is_digit(field->units[i]) ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static int read_identity(const epg_folded *field, epiguard_plain *read)
{
    uint32_t made[PLAIN_LENGTH + 3], document[PLAIN_LENGTH];
    size_t n, size = 0, digits = 0;
    if (!number_of(field, 0, made, &n) || (field->length > WHOLE_ID && longest_run(field) >= WHOLE_ID - 1)) {
        return 0;
    }
    for (size_t i = 0; i < field->length; i++) {
        const uint32_t unit = upper(field->units[i]);
        if (is_letter_or_digit(unit)) {
            document[size++] = unit;
        }
    }
    int old = n == OLD_ID;
    for (size_t i = 0; i < n; i++) {
        digits += is_digit(made[i]);
        old &= is_digit(made[i]);
    }
    if (old) {
        return 0; /* the old form, or a number of this century without its end */
    }
    const int valid = n == WHOLE_ID && epg_is_resident_id(made);
    /* An X at the end is a check digit, any other is a mark. */
    const int ends = n > 0 && made[n - 1] == 'X' && !(n > 1 && (made[n - 2] == 'X' || made[n - 2] == '?'));
    for (size_t i = 0; i + ends < n; i++) {
        made[i] = made[i] == 'X' ? '?' : made[i];
    }
    const epg_text written = {document, size};
    if (n > LONGEST_PARTIAL || digits == 0) {
        put(read, R_DOCUMENT, epg_part(written, 0, size >= SHORTEST_DOCUMENT ? size : 0));
        return 1;
    }
    static const uint32_t one = '1';
    put(read, R_IDENTITY, (epg_text){made, n});
    put(read, R_VALID, (epg_text){&one, valid ? 1 : 0});
    put(read, R_DOCUMENT, written);
    return 1;
}

static int begins(epg_text text, const char *start)
{
    size_t i = 0;
    for (; start[i] != '\0'; i++) {
        if (i >= text.length || text.at[i] != (uint32_t)start[i]) {
            return 0;
        }
    }
    return 1;
}

/* What is behind the calling code, where it is one of the mainland. */
static epg_text behind_code(epg_text text)
{
    const size_t code = begins(text, "+86") ? 3 : begins(text, "0086") ? 4 : begins(text, "86") ? 2 : 0;
    return epg_part(text, code, text.length);
}

/* Where a calling code stands that a partial number leaves out, and its length; 0 for none. */
static size_t code_at(epg_text text, size_t *place)
{
    for (size_t i = 0; i < text.length; i++) {
        const epg_text rest = epg_part(text, i, text.length);
        const size_t size = begins(rest, "+86") ? 3 : begins(rest, "0086") ? 4 : 0;
        *place = i;
        if (size > 0 && rest.length > size) {
            return size;
        }
        if (rest.length == 2 + MOBILE && begins(rest, "861") && !epg_has(rest, '+')) {
            return 2;
        }
    }
    return 0;
}

static int mobile_of(epg_text text, uint32_t digits[MOBILE])
{
    const epg_text ways[] = {text, behind_code(text)};
    for (size_t i = 0; i < 2; i++) {
        for (size_t zero = 0; zero < 2; zero++) {
            if (ways[i].length == MOBILE + zero && (zero == 0 || ways[i].at[0] == '0') &&
                is_mobile(epg_part(ways[i], zero, ways[i].length))) {
                memcpy(digits, ways[i].at + zero, MOBILE * sizeof *digits);
                return 1;
            }
        }
    }
    return 0;
}

int epg_plain_mobile(const epg_folded *field, uint32_t digits[MOBILE])
{
    uint32_t made[PLAIN_LENGTH];
    size_t n;
    return number_of(field, 1, made, &n) && mobile_of((epg_text){made, n}, digits);
}

/* Whether a number begins like a mainland mobile: then it is a broken one, and not another country's. */
static int is_broken_mobile(epg_text text)
{
    const epg_text rest = behind_code(text);
    const epg_text behind = rest.length < text.length && rest.length > 0 && rest.at[0] == '0'
                                ? epg_part(rest, 1, rest.length)
                                : rest;
    const epg_text whole = begins(text, "01") ? epg_part(text, 1, text.length) : text;
    const epg_text mobile = rest.length < text.length ? behind : whole;
    const int begun = mobile.length > 1 && mobile.at[0] == '1' && mobile.at[1] >= '3' && mobile.at[1] <= '9';
    return begins(text, "1") || (begun && (rest.length < text.length || begins(text, "01")));
}

static int read_phone(const epg_folded *field, epiguard_plain *read)
{
    uint32_t made[PLAIN_LENGTH], digits[MOBILE];
    size_t n, known = 0;
    if (!number_of(field, 1, made, &n)) {
        return 0;
    }
    epg_text text = {made, n};
    if (mobile_of(text, digits)) {
        put(read, R_PHONE, (epg_text){digits, MOBILE});
        return 1;
    }
    const int whole = !epg_has(text, '?') && !epg_has(text, 'X');
    if ((whole && !is_broken_mobile(text)) || has_mobile(field)) {
        return 0; /* a landline, another country's, or one of several: there are tables for these */
    }
    for (size_t i = 0; i < n; i++) {
        made[i] = made[i] == 'X' ? '?' : made[i];
    }
    size_t place = 0;
    const size_t code = code_at(text, &place);
    if (code > 0) {
        memmove(made + place, made + place + code, (n - place - code) * sizeof *made);
    }
    text = epg_part(text, 0, n - code);
    text = epg_part(text, begins(text, "+"), text.length);
    for (size_t i = 0; i < text.length; i++) {
        known += is_digit(text.at[i]);
    }
    if (text.length <= LONGEST_PARTIAL && known >= SHORTEST_PHONE) {
        put(read, R_PHONE, text);
    }
    return 1;
}

/* --- homes, plates, cards --- */

static void put_home_cards(const epg_folded *field, epiguard_plain *read)
{
    uint32_t units[PLAIN_LENGTH];
    epg_text cards[MOST_CARDS];
    size_t count = 0;
    for (size_t i = 0; i < field->length; i++) {
        units[i] = upper(field->units[i]);
    }
    for (size_t i = 0; i < field->length && count < MOST_CARDS; i++) {
        size_t start = i;
        while (i < field->length && is_letter_or_digit(units[i])) {
            i++;
        }
        if (i < start + SHORTEST_CARD) {
            continue;
        }
        while (start + 1 < i && units[start] == '0') {
            start++;
        }
        const epg_text card = {units + start, i - start};
        int known = 0;
        for (size_t k = 0; k < count; k++) {
            known |= epg_same(cards[k], card);
        }
        if (!known) {
            cards[count++] = card;
            put(read, R_HOME_CARD, card);
        }
    }
}

static int read_home(const epg_folded *field, epiguard_plain *read)
{
    epg_home home;
    if (!epg_plain_home(field, &home)) {
        return 0;
    }
    put(read, R_COMPOUND, home.compound);
    put(read, R_BUILDING, home.building);
    put(read, R_UNIT, home.unit);
    put(read, R_ROOM, home.room);
    put_home_cards(field, read);
    return 1;
}

static int read_plate(const epg_folded *field, epiguard_plain *read)
{
    uint32_t made[PLAIN_LENGTH];
    size_t n = 0;
    for (size_t i = 0; i < field->length; i++) {
        const uint32_t unit = upper(field->units[i]);
        if (is_letter_or_digit(unit) || unit == '?' || is_chinese(unit)) {
            made[n++] = unit;
        }
    }
    const epg_text plate = {made, n};
    if (n >= SHORTEST_PLATE + (size_t)epg_has_province(plate)) {
        put(read, R_PLATE, plate);
    }
    return 1;
}

static int read_card(const epg_folded *field, epiguard_plain *read)
{
    uint32_t made[PLAIN_LENGTH];
    size_t n = 0, zeros = 0;
    for (size_t i = 0; i < field->length; i++) {
        const uint32_t unit = upper(field->units[i]);
        if (is_letter_or_digit(unit) || is_chinese(unit)) {
            made[n++] = unit;
        }
    }
    while (zeros + 1 < n && made[zeros] == '0') {
        zeros++;
    }
    put(read, R_CARD, (epg_text){field->units, field->length});
    put(read, R_CARD_FOLDED, (epg_text){made + zeros, n - zeros});
    return 1;
}

unsigned epiguard_read_plain(const epiguard_text fields[PLAIN_FIELDS], epg_span forms, epiguard_plain *read)
{
    unsigned left = 0;
    read->size = 0;
    for (unsigned field = 0; field < PLAIN_FIELDS; field++) {
        epg_folded folded;
        if (fields[field].length == 0) {
            continue;
        }
        int done = epg_fold(fields[field], &folded);
        if (done) {
            switch (field) {
            case NAME: done = read_name(&folded, forms, read); break;
            case SEX: done = read_sex(&folded, read); break;
            case BIRTH: done = read_birth(&folded, read); break;
            case IDENTITY: done = read_identity(&folded, read); break;
            case PHONE: done = read_phone(&folded, read); break;
            case HOME: done = read_home(&folded, read); break;
            case PLATE: done = read_plate(&folded, read); break;
            default: done = read_card(&folded, read); break;
            }
        }
        left |= done ? 0 : 1u << field;
    }
    return left;
}
