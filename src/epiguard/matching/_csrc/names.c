#include "compare.h"

/* A name without the character at a place. */
static epg_key without(epg_text name, size_t at)
{
    epg_key key = epg_key_of(epg_part(name, 0, at));
    epg_key_add(&key, epg_part(name, at + 1, name.length));
    return key;
}

static int rotated(epg_text written, epg_text name)
{
    const size_t n = name.length;
    if (written.length != n || n < 2) {
        return 0;
    }
    const int first_last = written.at[n - 1] == name.at[0] &&
                           epg_same(epg_part(written, 0, n - 1), epg_part(name, 1, n));
    return first_last || (written.at[0] == name.at[n - 1] &&
                          epg_same(epg_part(written, 1, n), epg_part(name, 0, n - 1)));
}

static int sounds_are(const epg_index *index, epg_text spelt, epg_text name)
{
    if (spelt.length != name.length) {
        return 0;
    }
    for (size_t i = 0; i < name.length; i++) {
        if (!epg_code_among(epg_sounds(index->characters, name.at[i]), spelt.at[i])) {
            return 0;
        }
    }
    return 1;
}

static int sound_alike(const epg_index *index, uint32_t one, uint32_t other)
{
    const epg_codes mine = epg_sounds(index->characters, one), theirs = epg_sounds(index->characters, other);
    for (size_t i = 0; i < mine.count; i++) {
        if (epg_code_among(theirs, epg_u16(mine.at + 2 * i))) {
            return 1;
        }
    }
    return 0;
}

static int look_alike(const epg_index *index, uint32_t one, uint32_t other)
{
    return epg_code_among(epg_looks(index->characters, one), other) ||
           epg_code_among(epg_looks(index->characters, other), one);
}

/* A slip could have made many names. Where somebody bears the very one that is written, it hardly was one. */
enum { SOUNDS_MADE = 8, LOOKS_MADE = 8, SLIPS_MADE = 128, LOSSES_MADE = 4 };

static epg_grade slipped(const epg_form *form, int kind, uint64_t sharing, uint64_t made)
{
    const uint64_t borne = form->namesakes * made;
    return epg_weigh(form->index, kind, sharing > borne ? sharing : borne);
}

/* The grade of a name each of whose characters is the same or sounds or looks the same; 0 where it is none. */
static int alike(const epg_form *form, epg_text name, epg_grade *grade)
{
    const epg_index *index = form->index;
    const epg_text written = form->reading->name;
    if (written.length != name.length) {
        return 0;
    }
    size_t first = name.length;
    int looks = 0;
    for (size_t i = 0; i < name.length; i++) {
        if (written.at[i] == name.at[i]) {
            continue;
        }
        first = first == name.length ? i : first;
        if (sound_alike(index, written.at[i], name.at[i])) {
            continue;
        }
        if (!look_alike(index, written.at[i], name.at[i])) {
            return 0;
        }
        looks = 1;
    }
    if (looks) {
        const uint64_t sharing = name.length > 1 ? epg_count_of(index, F_NAME_SLIP, without(name, first))
                                                 : index->population;
        *grade = slipped(form, K_NAME_LOOK, sharing, LOOKS_MADE);
        return 1;
    }
    epg_key reading = {0, 0, 0};
    int known = name.length > 0;
    for (size_t i = 0; i < name.length && known; i++) {
        const epg_codes sounds = epg_sounds(index->characters, name.at[i]);
        known = sounds.count > 0;
        if (known) {
            epg_key_unit(&reading, epg_u16(sounds.at));
        }
    }
    *grade = slipped(form, K_NAME_SOUND, known ? epg_count_of(index, F_SOUND, reading) : 1, SOUNDS_MADE);
    return 1;
}

static int in_parts(epg_text name)
{
    return epg_has(name, ' ') || epg_has(name, 0xB7);
}

static int shared_parts(epg_form *form, epg_text name, epg_grade *grade)
{
    if (!in_parts(name) && !in_parts(form->reading->name)) {
        return 0;
    }
    epg_text *theirs = epg_take(form->memory, name.length / 2 + 2, sizeof *theirs);
    const size_t count = epg_name_parts(name, theirs);
    uint64_t sharing = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < form->part_count; k++) {
            if (epg_same(theirs[i], form->parts[k])) {
                uint64_t found = epg_count_of(form->index, F_NAME_PART, epg_key_of(theirs[i]));
                found = found ? found : 1;
                sharing = sharing == 0 || found < sharing ? found : sharing;
            }
        }
    }
    if (sharing == 0) {
        return 0;
    }
    *grade = epg_weigh(form->index, K_NAME_PART, sharing);
    return 1;
}

static epg_grade compare(epg_form *form, epg_text name)
{
    const epg_index *index = form->index;
    const epg_reading *reading = form->reading;
    const epg_text written = reading->name;
    if (epg_same(written, name)) {
        return epg_weigh(index, K_SAME_NAME, epg_count_of(index, F_NAME, epg_key_of(name)));
    }
    if (rotated(written, name)) {
        return epg_weigh(index, K_NAME_ORDER, epg_count_of(index, F_NAME, epg_key_of(name)));
    }
    for (size_t i = 0; i < reading->sound_count; i++) {
        if (sounds_are(index, reading->sounds[i], name)) {
            return epg_weigh(index, K_NAME_PINYIN, epg_count_of(index, F_SOUND, epg_key_of(reading->sounds[i])));
        }
    }
    epg_grade grade;
    if (alike(form, name, &grade)) {
        return grade;
    }
    size_t at = 0;
    const int kind = written.length == name.length ? K_NAME_SLIP : K_NAME_LENGTH;
    const uint64_t made = written.length < name.length ? LOSSES_MADE : SLIPS_MADE;
    switch (epg_one_slip(written, name, &at)) {
    case SLIP_KNOWN_WITHOUT:
        if (name.length > 1) {
            return slipped(form, kind, epg_count_of(index, F_NAME_SLIP, without(name, at)), made);
        }
        break;
    case SLIP_WRITTEN:
        if (written.length > 0) {
            return slipped(form, kind, epg_count_of(index, F_NAME_SLIP, epg_key_of(written)), made);
        }
        break;
    case SLIP_KNOWN:
        if (name.length > 0) {
            return slipped(form, kind, epg_count_of(index, F_NAME, epg_key_of(name)), made);
        }
        break;
    default:
        break;
    }
    return shared_parts(form, name, &grade) ? grade : epg_plain(index, K_OTHER_NAME);
}

epg_grade epg_compare_name(epg_form *form, const epg_record *record)
{
    epg_grade best = {K_ABSENT, 0};
    size_t place = 0;
    for (const epg_item *item; (item = epg_next(record, T_NAME, &place)) != NULL;) {
        best = epg_better(best, compare(form, item->text));
    }
    return best;
}
