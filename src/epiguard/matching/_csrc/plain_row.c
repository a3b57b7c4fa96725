/* Rows of a register that are plain: read as _table.py, _people.py and _records.py do, one behind the other. */
#include "plain.h"

#include "record.h"

enum { LONG = 15, DATE_BITS = 28, ID_LENGTH = 18, MOBILE = 11, DATE_LENGTH = 10, LONGEST_ID = 64, FEW_DIGITS = 10 };

static void put_tagged(epiguard_plain *row, unsigned tag, const uint8_t *content, size_t size)
{
    uint8_t *at = row->bytes + row->size;
    *at++ = (uint8_t)(tag << 4 | (size < LONG ? size : LONG));
    if (size >= LONG) {
        *at++ = (uint8_t)size;
        *at++ = (uint8_t)(size >> 8);
    }
    memcpy(at, content, size);
    row->size = (size_t)(at - row->bytes) + size;
}

static void put_text(epiguard_plain *row, unsigned tag, epg_text text)
{
    uint8_t bytes[3 * PLAIN_LENGTH];
    if (text.length > 0) {
        put_tagged(row, tag, bytes, (size_t)(epg_put_utf8(bytes, text) - bytes));
    }
}

/* Two digits a byte, the first in the high half; X is ten, and an odd one is followed by 15. */
static void put_digits(epiguard_plain *row, unsigned tag, const uint32_t *digits, size_t length)
{
    uint8_t bytes[ID_LENGTH] = {0};
    for (size_t i = 0; i < length + length % 2; i++) {
        const unsigned half = i == length ? 15 : digits[i] == 'X' ? 10 : digits[i] - '0';
        bytes[i / 2] |= (uint8_t)(i % 2 ? half : half << 4);
    }
    put_tagged(row, tag, bytes, (length + 1) / 2);
}

static int is_letter(uint32_t unit)
{
    return (unit >= 'A' && unit <= 'Z') || (unit >= 'a' && unit <= 'z');
}

/* Latin letters, digits, hyphens and the like, and nothing that may be a personal number. */
static int is_plain_id(epiguard_text cell, epg_text id)
{
    size_t digits = 0, letters = 0;
    for (size_t i = 0; i < id.length; i++) {
        const uint32_t unit = id.at[i];
        if (!is_letter(unit) && !epg_is_digit(unit) && unit != '-' && unit != '_' && unit != '.') {
            return 0;
        }
        digits += epg_is_digit(unit);
        letters += is_letter(unit) && unit != 'X' && unit != 'x';
    }
    /* Nothing was folded: an id is taken as it is. */
    return cell.width == 1 && id.length == cell.length && id.length > 0 && id.length <= LONGEST_ID &&
           (letters > 0 || digits <= FEW_DIGITS);
}

static int sex_of(epg_text text)
{
    const uint32_t unit = text.length == 1 ? text.at[0] : 0;
    return unit == 'M' || unit == 'm' || unit == 0x7537 ? 1 : unit == 'F' || unit == 'f' || unit == 0x5973 ? 2 : 0;
}

/* A day such as 1985-03-12, as its eight digits. */
static int read_day(epg_text text, uint32_t digits[8])
{
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++) {
        const int hyphen = i == 4 || i == 7;
        if (text.length != DATE_LENGTH || (hyphen ? text.at[i] != '-' : !epg_is_digit(text.at[i]))) {
            return 0;
        }
        if (!hyphen) {
            digits[count++] = text.at[i];
        }
    }
    return count == 8 && epg_is_date(digits);
}

/* Neither O nor I, which look like 0 and 1 (GA 36). */
static int is_serial(uint32_t unit)
{
    return epg_is_digit(unit) || (unit >= 'A' && unit <= 'Z' && unit != 'O' && unit != 'I');
}

/* A province, an office's letter and five characters: the plates that most have. */
static int is_plain_plate(epg_text plate)
{
    static const uint32_t provinces[] = {
        0x4EAC, 0x6D25, 0x5180, 0x664B, 0x8499, 0x8FBD, 0x5409, 0x9ED1, 0x6CAA, 0x82CF, 0x6D59,
        0x7696, 0x95FD, 0x8D63, 0x9C81, 0x8C6B, 0x9102, 0x6E58, 0x7CA4, 0x6842, 0x743C, 0x6E1D,
        0x5DDD, 0x8D35, 0x4E91, 0x85CF, 0x9655, 0x7518, 0x9752, 0x5B81, 0x65B0};
    int known = 0;
    for (size_t i = 0; plate.length == 7 && i < sizeof provinces / sizeof *provinces; i++) {
        known |= plate.at[0] == provinces[i];
    }
    known = known && plate.at[1] >= 'A' && plate.at[1] <= 'Z' && plate.at[1] != 'I';
    for (size_t i = 2; known && i < plate.length; i++) {
        known = is_serial(plate.at[i]);
    }
    return known;
}

static int put_card(epg_text card, epiguard_plain *row)
{
    uint32_t folded[PLAIN_LENGTH];
    size_t zeros = 0;
    for (size_t i = 0; i < card.length; i++) {
        if (!is_letter(card.at[i]) && !epg_is_digit(card.at[i])) {
            return 0;
        }
        folded[i] = card.at[i] >= 'a' ? card.at[i] - 32 : card.at[i];
    }
    while (zeros + 1 < card.length && folded[zeros] == '0') {
        zeros++;
    }
    const epg_text known = {folded + zeros, card.length - zeros};
    put_text(row, T_CARD, card);
    if (!epg_same(card, known)) {
        put_text(row, T_FOLDED, known);
    }
    return card.length <= 64;
}

int epiguard_read_row(const epiguard_text cells[PLAIN_CELLS], epg_span forms, epiguard_plain *row)
{
    epg_folded folded[PLAIN_CELLS];
    epg_text texts[PLAIN_CELLS];
    for (size_t i = 0; i < PLAIN_CELLS; i++) {
        if (!epg_fold(cells[i], &folded[i]) || (cells[i].length > 0 && folded[i].length == 0)) {
            return 0;
        }
        texts[i] = (epg_text){folded[i].units, folded[i].length};
    }
    const epg_text *form = texts + 1, number = form[IDENTITY];
    row->size = 0;
    if (!is_plain_id(cells[0], texts[0])) {
        return 0;
    }
    put_text(row, T_PERSON, texts[0]);
    if (form[NAME].length > 0) {
        if (!epg_plain_name(&folded[1 + NAME], forms)) {
            return 0;
        }
        put_text(row, T_NAME, (epg_text){folded[1 + NAME].units, folded[1 + NAME].length});
    }
    uint32_t day[8], inside[8], digits[MOBILE];
    unsigned sex = (unsigned)sex_of(form[SEX]), sex_inside = 0;
    int born = form[BIRTH].length > 0, same = 0;
    if ((form[SEX].length > 0 && sex == 0) || (born && !read_day(form[BIRTH], day))) {
        return 0;
    }
    /* Letters and digits of these are not folded where the register is read. */
    if ((born && cells[1 + BIRTH].width != 1) || (sex && form[SEX].at[0] < 0x80 && cells[1 + SEX].width != 1)) {
        return 0;
    }
    if (number.length > 0) {
        if (number.length != ID_LENGTH || !epg_is_resident_id(number.at)) {
            return 0;
        }
        memcpy(inside, number.at + 6, sizeof inside);
        sex_inside = (number.at[16] - '0') % 2 ? 1 : 2;
        sex = sex ? sex : sex_inside;
        same = sex == sex_inside && (!born || memcmp(day, inside, sizeof day) == 0);
        memcpy(day, born ? day : inside, born ? 0 : sizeof day);
        born = 1;
    }
    if (!same && (born || sex)) {
        uint32_t date = 0;
        for (size_t i = 0; i < 8 && born; i++) {
            date = date * 10 + (day[i] - '0');
        }
        date |= (uint32_t)sex << DATE_BITS;
        const uint8_t bytes[] = {(uint8_t)date, (uint8_t)(date >> 8), (uint8_t)(date >> 16), (uint8_t)(date >> 24)};
        put_tagged(row, T_BIRTH_SEX, bytes, sizeof bytes);
    }
    if (number.length > 0) {
        put_digits(row, T_IDENTITY, number.at, ID_LENGTH);
    }
    if (form[PHONE].length > 0) {
        if (!epg_plain_mobile(&folded[1 + PHONE], digits)) {
            return 0;
        }
        put_digits(row, T_PHONE, digits, MOBILE);
    }
    if (form[HOME].length > 0) {
        epg_home home;
        if (!epg_plain_home(&folded[1 + HOME], &home)) {
            return 0;
        }
        put_text(row, T_COMPOUND, home.compound);
        put_text(row, T_BUILDING, home.building);
        put_text(row, T_UNIT, home.unit);
        put_text(row, T_ROOM, home.room);
    }
    if (form[PLATE].length > 0) {
        if (!is_plain_plate(form[PLATE])) {
            return 0;
        }
        put_text(row, T_PLATE, form[PLATE]);
    }
    return form[CARD].length == 0 || put_card(form[CARD], row);
}
