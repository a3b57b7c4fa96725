#include "text.h"

int epg_has(epg_text text, uint32_t unit)
{
    return epg_count(text, unit) > 0;
}

size_t epg_count(epg_text text, uint32_t unit)
{
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++) {
        count += text.at[i] == unit;
    }
    return count;
}

int epg_ends_with(epg_text text, epg_text end)
{
    return end.length <= text.length && epg_same(epg_part(text, text.length - end.length, text.length), end);
}

int epg_begins_with(epg_text text, epg_text start)
{
    return start.length <= text.length && epg_same(epg_part(text, 0, start.length), start);
}

size_t epg_from_utf8(const uint8_t *bytes, size_t size, uint32_t *units)
{
    size_t length = 0, i = 0;
    while (i < size) {
        const uint8_t lead = bytes[i++];
        if (lead < 0x80) {
            units[length++] = lead;
            continue;
        }
        const unsigned more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
        if (lead < 0xC2 || lead > 0xF4 || size - i < more) {
            units[length++] = 0xFFFD;
            continue;
        }
        uint32_t unit = lead & (0x3Fu >> more);
        unsigned read = 0;
        while (read < more && (bytes[i + read] & 0xC0) == 0x80) {
            unit = unit << 6 | (bytes[i + read] & 0x3Fu);
            read++;
        }
        units[length++] = read == more && unit <= 0x10FFFF ? unit : 0xFFFD;
        i += read;
    }
    return length;
}

epg_slip epg_one_slip(epg_text written, epg_text known, size_t *at)
{
    const size_t m = written.length, n = known.length;
    if (m > n + 1 || n > m + 1) {
        return SLIP_NONE;
    }
    const size_t shorter = m < n ? m : n;
    size_t i = 0;
    while (i < shorter && written.at[i] == known.at[i]) {
        i++;
    }
    *at = i;
    if (m == n) {
        if (i == m) {
            return SLIP_NONE;
        }
        if (epg_same(epg_part(written, i + 1, m), epg_part(known, i + 1, n))) {
            return SLIP_KNOWN_WITHOUT;
        }
        const int swapped = i + 1 < m && written.at[i] == known.at[i + 1] && written.at[i + 1] == known.at[i] &&
                            epg_same(epg_part(written, i + 2, m), epg_part(known, i + 2, n));
        return swapped ? SLIP_KNOWN_WITHOUT : SLIP_NONE;
    }
    if (m < n) {
        return epg_same(epg_part(written, i, m), epg_part(known, i + 1, n)) ? SLIP_WRITTEN : SLIP_NONE;
    }
    return epg_same(epg_part(written, i + 1, m), epg_part(known, i, n)) ? SLIP_KNOWN : SLIP_NONE;
}

size_t epg_slips_between(epiguard_memory *memory, epg_text one, epg_text other)
{
    enum { MOST = 2, WORTH_COUNTING = 6, DIGITS = 10 };
    const size_t longer = one.length > other.length ? one.length : other.length;
    if (longer - (one.length < other.length ? one.length : other.length) > MOST) {
        return MOST + 1;
    }
    if (one.length > WORTH_COUNTING) {
        /* A slip spoils one character at most: counting the digits is far cheaper than aligning. */
        int spare[DIGITS] = {0};
        for (size_t i = 0; i < one.length; i++) {
            if (epg_is_digit(one.at[i])) {
                spare[one.at[i] - '0']--;
            }
        }
        for (size_t i = 0; i < other.length; i++) {
            if (epg_is_digit(other.at[i])) {
                spare[other.at[i] - '0']++;
            }
        }
        int spoilt = 0;
        for (int i = 0; i < DIGITS; i++) {
            spoilt += spare[i] > 0 ? spare[i] : 0;
        }
        if (spoilt > MOST) {
            return MOST + 1;
        }
    }
    size_t distance = 0;
    const epiguard_status status = epiguard_osa_distance(
        (epiguard_text){one.at, one.length, 4}, (epiguard_text){other.at, other.length, 4}, MOST, &distance);
    if (status != EPIGUARD_OK) {
        epg_leave(memory, status);
    }
    return distance > MOST ? MOST + 1 : distance;
}

int epg_compounds_apart(epg_text one, epg_text other)
{
    enum { SHORTEST = 3 };
    if (one.length == 0 || other.length == 0 || epg_same(one, other)) {
        return 0;
    }
    const epg_text shorter = other.length < one.length ? other : one;
    const epg_text longer = other.length < one.length ? one : other;
    if (shorter.length < longer.length && epg_ends_with(longer, shorter)) {
        const uint32_t before = longer.at[longer.length - shorter.length - 1];
        if (!(epg_is_digit(shorter.at[0]) && epg_is_digit(before))) {
            return 0;
        }
    }
    size_t at;
    return shorter.length >= SHORTEST && epg_one_slip(one, other, &at) != SLIP_NONE ? 1 : -1;
}

epg_text epg_plate_body(epiguard_memory *memory, epg_text plate)
{
    static const char from[] = "OQDILBZSG", to[] = "000118256";
    const size_t first = (size_t)epg_has_province(plate);
    uint32_t *made = epg_take(memory, plate.length + 1, sizeof *made);
    for (size_t i = first; i < plate.length; i++) {
        const uint32_t unit = plate.at[i];
        const char *alike = unit >= 'A' && unit <= 'Z' ? strchr(from, (int)unit) : NULL;
        made[i - first] = alike != NULL ? (uint32_t)to[alike - from] : unit;
    }
    return (epg_text){made, plate.length - first};
}

static int between_parts(uint32_t unit)
{
    return unit == ' ' || unit == 0xB7;
}

size_t epg_name_parts(epg_text name, epg_text *parts)
{
    enum { SHORTEST = 2 };
    size_t count = 0, start = 0;
    int apart = 0;
    for (size_t i = 0; i <= name.length; i++) {
        if (i < name.length && !between_parts(name.at[i])) {
            continue;
        }
        apart |= i < name.length;
        const epg_text part = epg_part(name, start, i);
        start = i + 1;
        int known = part.length < SHORTEST;
        for (size_t k = 0; k < count && !known; k++) {
            known = epg_same(parts[k], part);
        }
        if (!known) {
            parts[count++] = part;
        }
    }
    if (!apart) {
        parts[0] = name;
        return 1;
    }
    return count;
}
