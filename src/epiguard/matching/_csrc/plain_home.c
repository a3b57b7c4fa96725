/* The plainest doors of identifiers/_address.py: what is read here is read there in the same way, and no other. */
#include "plain.h"

enum { HAO = 0x53F7, LOU = 0x697C, DONG = 0x680B, ZHUANG = 0x5E62, ZUO = 0x5EA7, DAN = 0x5355, YUAN = 0x5143,
       SHI = 0x5BA4, LONGEST_COMPOUND = 60, LONGEST_NUMBER = 5 };

static int numeral(uint32_t unit)
{
    /* 零〇一幺二两三四五六七八九, then 十百千廿卅 */
    static const uint32_t numerals[] = {0x96F6, 0x3007, 0x4E00, 0x5E7A, 0x4E8C, 0x4E24, 0x4E09, 0x56DB, 0x4E94,
                                        0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5341, 0x767E, 0x5343, 0x5EFF, 0x5345};
    static const int values[] = {0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100, 1000, 20, 30};
    for (size_t i = 0; i < sizeof numerals / sizeof *numerals; i++) {
        if (numerals[i] == unit) {
            return values[i];
        }
    }
    return -1;
}

/* A number written by digits (五零二), or with tens alone (十二, 二十三): those by place are left. */
static int chinese_number(epg_text run, unsigned *number)
{
    unsigned made = 0;
    int tens = 0;
    for (size_t i = 0; i < run.length; i++) {
        const int value = numeral(run.at[i]);
        if (value >= 10) {
            if (value != 10 || tens || i > 1 || (i == 1 && made == 0)) {
                return 0;
            }
            tens = 1;
            made = i == 0 ? 10 : made * 10;
        } else if (tens) {
            if (i + 1 != run.length || value == 0) {
                return 0;
            }
            made += (unsigned)value;
        } else {
            made = made * 10 + (unsigned)value;
        }
    }
    *number = made;
    return 1;
}

typedef struct {
    epg_text text;
    size_t at;
} cursor;

static uint32_t next_of(const cursor *from)
{
    return from->at < from->text.length ? from->text.at[from->at] : 0;
}

/* A number of digits alone or of numerals alone, canonical: 0 where there is none, or too long a one. */
static size_t take_number(cursor *from, uint32_t made[8], epg_text *number)
{
    const size_t start = from->at;
    const int arabic = epg_is_digit(next_of(from));
    while (arabic ? epg_is_digit(next_of(from)) : numeral(next_of(from)) >= 0) {
        from->at++;
    }
    const epg_text run = epg_part(from->text, start, from->at);
    unsigned value = 0;
    if (run.length == 0 || run.length > LONGEST_NUMBER) {
        return 0;
    }
    for (size_t i = 0; arabic && i < run.length; i++) {
        value = value * 10 + (run.at[i] - '0');
    }
    if ((!arabic && !chinese_number(run, &value)) || value == 0) {
        return 0;
    }
    size_t length = 0;
    for (unsigned left = value; left > 0; left /= 10) {
        length++;
    }
    for (size_t i = length; i-- > 0; value /= 10) {
        made[i] = '0' + value % 10;
    }
    *number = (epg_text){made, length};
    return run.length;
}

static int take(cursor *from, uint32_t unit)
{
    const int here = next_of(from) == unit;
    from->at += (size_t)here;
    return here;
}

static int with_hyphens(cursor *from, epg_home *home, size_t first)
{
    epg_text second;
    for (size_t i = from->at; i < from->text.length; i++) {
        if (numeral(from->text.at[i]) >= 0) {
            return 0;
        }
    }
    const size_t length = take_number(from, home->numbers[1], &second);
    if (first > 3 || length == 0) {
        return 0;
    }
    if (next_of(from) == '-') {
        from->at++;
        const size_t last = take_number(from, home->numbers[2], &home->room);
        home->unit = second;
        return length <= 2 && last >= 3;
    }
    home->room = second;
    return length >= 3;
}

static int with_counters(cursor *from, epg_home *home)
{
    if (take(from, HAO)) {
        take(from, LOU);
    } else if (!take(from, DONG) && !take(from, ZHUANG) && !take(from, ZUO)) {
        return 0;
    }
    if (next_of(from) == 0) {
        return 1;
    }
    epg_text second;
    const size_t length = take_number(from, home->numbers[1], &second);
    if (length == 0) {
        return 0;
    }
    if (take(from, DAN)) {
        home->unit = second;
        const int arabic = epg_is_digit(from->text.at[from->at - 2]);
        return take(from, YUAN) && (!arabic || length <= 4) &&
               take_number(from, home->numbers[2], &home->room) > 0;
    }
    home->room = second;
    return 1;
}

int epg_plain_home(const epg_folded *field, epg_home *home)
{
    cursor from = {{field->units, field->length}, 0};
    for (; from.at < field->length; from.at++) {
        const uint32_t unit = field->units[from.at];
        if (epg_is_digit(unit) || numeral(unit) >= 0) {
            break;
        }
        /* 甲乙丙丁 number buildings; 住, 址 and 在 are of words before an address. */
        if (unit < FIRST_FORM || unit > LAST_FORM || unit == 0x7532 || unit == 0x4E59 || unit == 0x4E19 ||
            unit == 0x4E01 || unit == 0x4F4F || unit == 0x5740 || unit == 0x5728) {
            return 0;
        }
    }
    *home = (epg_home){.compound = {field->units, from.at}};
    const size_t start = from.at;
    const size_t first = take_number(&from, home->numbers[0], &home->building);
    const int arabic = from.at > start && epg_is_digit(field->units[start]);
    if (first == 0 || start > LONGEST_COMPOUND || (arabic && first > 4)) {
        return 0;
    }
    if (arabic && take(&from, '-')) {
        if (!with_hyphens(&from, home, first)) {
            return 0;
        }
    } else if (!with_counters(&from, home)) {
        return 0;
    }
    if (home->room.length > 0) {
        take(&from, SHI);
    }
    return from.at == field->length;
}
