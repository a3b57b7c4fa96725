#include "record.h"

enum { LONG = 15, WHOLE_IDENTITY = 18, BIRTH_LENGTH = 8, DATE_BITS = 28, MOST_BYTES = 1 << 24 };

/* Two digits a byte; what is above ten is none. */
static size_t digits_from(epg_span packed, uint32_t *units)
{
    size_t length = 0;
    for (size_t i = 0; i < 2 * packed.size; i++) {
        const unsigned half = i % 2 ? packed.at[i / 2] & 15 : packed.at[i / 2] >> 4;
        if (half <= 10) {
            units[length++] = half == 10 ? 'X' : '0' + half;
        }
    }
    return length;
}

static epg_text date_from(uint32_t day, uint32_t *units)
{
    if (day == 0 || day > 99999999) {
        return (epg_text){units, 0};
    }
    for (size_t i = BIRTH_LENGTH; i-- > 0; day /= 10) {
        units[i] = '0' + day % 10;
    }
    return (epg_text){units, BIRTH_LENGTH};
}

static int is_identity(epg_text number)
{
    return number.length == WHOLE_IDENTITY && !epg_has(epg_part(number, 0, WHOLE_IDENTITY - 1), 'X');
}

static uint64_t number_from(epg_span content)
{
    uint64_t number = 0;
    for (size_t i = content.size < 8 ? content.size : 8; i-- > 0;) {
        number = number << 8 | content.at[i];
    }
    return number;
}

int epg_next_field(epg_span *left, unsigned *tag, epg_span *content)
{
    if (left->size == 0) {
        return 0;
    }
    size_t length = left->at[0] & 15, head = 1;
    *tag = left->at[0] >> 4;
    if (length == LONG) {
        if (left->size < 3) {
            return 0;
        }
        length = epg_u16(left->at + 1);
        head = 3;
    }
    length = length < left->size - head ? length : left->size - head;
    *content = (epg_span){left->at + head, length};
    left->at += head + length;
    left->size -= head + length;
    return 1;
}

static void read_date(epg_record *record, epg_span content, uint32_t **units)
{
    const uint64_t date = number_from(content);
    record->birth = date_from((uint32_t)(date & ((1u << DATE_BITS) - 1)), *units);
    *units += BIRTH_LENGTH;
    record->sex = date >> DATE_BITS < 2 ? (unsigned)(date >> DATE_BITS) : 2;
}

static void add_item(epiguard_memory *memory, epg_record *record, unsigned tag, unsigned field, epg_text text)
{
    record->items = epg_grown(memory, record->items, record->count, &record->item_room, sizeof *record->items);
    record->items[record->count++] = (epg_item){tag, field, text, text};
}

void epg_read_record(epiguard_memory *memory, const epg_index *index, epg_span packed, epg_record *record)
{
    if (packed.size > MOST_BYTES) {
        epg_leave(memory, EPIGUARD_DAMAGED);
    }
    /* Of each byte at most two characters; a date has four bytes, and at most one in five is a tag of one. */
    size_t most = 10 * packed.size + 2 * BIRTH_LENGTH;
    epg_span left = packed, content, compound = {NULL, 0};
    unsigned tag;
    if (index != NULL) {
        while (epg_next_field(&left, &tag, &content)) {
            if (tag == T_COMPOUND && compound.at == NULL) {
                compound = epg_compound_at(index, number_from(content));
            }
        }
        most += compound.size < MOST_BYTES ? compound.size : MOST_BYTES;
        left = packed;
    }
    if (record->unit_room < most) {
        record->units = epg_take(memory, 2 * most, sizeof *record->units);
        record->unit_room = 2 * most;
    }
    uint32_t *units = record->units;
    const epg_text none = {units, 0};
    record->count = 0;
    record->identity = record->birth = record->compound = record->building = record->unit = record->room = none;
    record->sex = 0;
    int dated = 0;
    while (epg_next_field(&left, &tag, &content)) {
        epg_text *one = NULL;
        unsigned field = 0;
        switch (tag) {
        case T_BIRTH_SEX:
            read_date(record, content, &units);
            dated = 1;
            continue;
        case T_IDENTITY:
        case T_PHONE: {
            const epg_text digits = {units, digits_from(content, units)};
            units += digits.length;
            if (tag == T_PHONE) {
                add_item(memory, record, tag, 0, digits);
            } else {
                record->identity = is_identity(digits) ? digits : none;
            }
            continue;
        }
        case T_COMPOUND:
            one = &record->compound;
            if (index != NULL) {
                content = compound.at != NULL && compound.size < MOST_BYTES ? compound : (epg_span){packed.at, 0};
                if (one->length > 0) {
                    continue;
                }
            }
            break;
        case T_BUILDING:
            one = &record->building;
            break;
        case T_UNIT:
            one = &record->unit;
            break;
        case T_ROOM:
            one = &record->room;
            break;
        case T_CUSTOM:
            if (content.size == 0) {
                continue;
            }
            field = content.at[0];
            content = (epg_span){content.at + 1, content.size - 1};
            break;
        case T_PERSON:
            continue;
        default:
            break;
        }
        const epg_text text = {units, epg_from_utf8(content.at, content.size, units)};
        units += text.length;
        if (one != NULL) {
            *one = one->length > 0 ? *one : text;
        } else if (tag != T_FOLDED) {
            add_item(memory, record, tag, field, text);
        } else if (record->count > 0 && record->items[record->count - 1].tag == T_CARD) {
            record->items[record->count - 1].folded = text;
        }
    }
    if (!dated && record->identity.length > 0) {
        record->birth = epg_part(record->identity, 6, 14);
        record->sex = (record->identity.at[16] - '0') % 2 ? 1 : 2;
    }
}

int epg_record_has(const epg_record *record, unsigned tag, epg_text text)
{
    size_t place = 0;
    for (const epg_item *item; (item = epg_next(record, tag, &place)) != NULL;) {
        if (epg_same(item->text, text)) {
            return 1;
        }
    }
    return 0;
}

/* Numbers of the texts of a packed reading: the same as in _reading.py. */
enum {
    R_NAME = 1, R_SOUND, R_SEX, R_BIRTH, R_IDENTITY, R_VALID, R_DOCUMENT, R_PHONE, R_COMPOUND, R_BUILDING,
    R_UNIT, R_ROOM, R_HOME_CARD, R_PLATE, R_CARD, R_CARD_FOLDED, R_CUSTOM,
};

static epg_text codes_from(epiguard_memory *memory, epg_span content)
{
    uint32_t *units = epg_take(memory, content.size + 1, sizeof *units);
    for (size_t i = 0; i < content.size / 2; i++) {
        units[i] = epg_u16(content.at + 2 * i);
    }
    return (epg_text){units, content.size / 2};
}

epiguard_status epg_read_reading(epiguard_memory *memory, epg_span packed, size_t custom, epg_reading *reading)
{
    *reading = (epg_reading){.sex = 0};
    size_t custom_room = 0;
    while (packed.size > 0) {
        if (packed.size < 3) {
            return EPIGUARD_BAD_VALUE;
        }
        const unsigned number = packed.at[0];
        epg_span content = {packed.at + 3, epg_u16(packed.at + 1)};
        if (content.size > packed.size - 3) {
            return EPIGUARD_BAD_VALUE;
        }
        packed = (epg_span){content.at + content.size, packed.size - 3 - content.size};
        unsigned field = 0;
        if (number == R_SOUND) {
            if (reading->sound_count >= MOST_SPELT || content.size % 2) {
                return EPIGUARD_BAD_VALUE;
            }
            reading->sounds[reading->sound_count++] = codes_from(memory, content);
            continue;
        }
        if (number == R_CUSTOM) {
            if (content.size == 0 || content.at[0] >= custom) {
                return EPIGUARD_BAD_VALUE;
            }
            field = content.at[0];
            content = (epg_span){content.at + 1, content.size - 1};
        }
        uint32_t *units = epg_take(memory, content.size + 1, sizeof *units);
        const epg_text text = {units, epg_from_utf8(content.at, content.size, units)};
        switch (number) {
        case R_NAME: reading->name = text; break;
        case R_SEX: reading->sex = text.length && text.at[0] == 'M' ? 1 : 2; break;
        case R_BIRTH:
            if (text.length != BIRTH_LENGTH) {
                return EPIGUARD_BAD_VALUE;
            }
            reading->birth = text;
            break;
        case R_IDENTITY: reading->identity = text; break;
        case R_VALID: reading->identity_valid = 1; break;
        case R_DOCUMENT: reading->document = text; break;
        case R_PHONE: reading->phone = text; break;
        case R_COMPOUND: reading->compound = text; break;
        case R_BUILDING: reading->building = text; break;
        case R_UNIT: reading->unit = text; break;
        case R_ROOM: reading->room = text; break;
        case R_HOME_CARD:
            if (reading->home_card_count >= MOST_HOME_CARDS) {
                return EPIGUARD_BAD_VALUE;
            }
            reading->home_cards[reading->home_card_count++] = text;
            break;
        case R_PLATE: reading->plate = text; break;
        case R_CARD: reading->card = text; break;
        case R_CARD_FOLDED: reading->card_folded = text; break;
        case R_CUSTOM:
            reading->custom =
                epg_grown(memory, reading->custom, reading->custom_count, &custom_room, sizeof *reading->custom);
            reading->custom[reading->custom_count++] = (epg_item){T_CUSTOM, field, text, text};
            break;
        default: return EPIGUARD_BAD_VALUE;
        }
    }
    return EPIGUARD_OK;
}
