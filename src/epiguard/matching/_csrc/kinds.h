/* The ways in which fields compare, by number: the same as K in _kinds.py, which a test compares. */
#ifndef EPIGUARD_KINDS_H
#define EPIGUARD_KINDS_H

enum epiguard_kind {
    K_SAME_NAME = 0,
    K_NAME_ORDER = 1,
    K_NAME_SOUND = 2,
    K_NAME_PINYIN = 3,
    K_NAME_LOOK = 4,
    K_NAME_SLIP = 5,
    K_NAME_LENGTH = 6,
    K_NAME_PART = 7,
    K_OTHER_NAME = 8,
    K_SAME_SEX = 9,
    K_OTHER_SEX = 10,
    K_SAME_DAY = 11,
    K_DAY_SWAPPED = 12,
    K_TWO_OF_THREE = 13,
    K_DAY_AS_FAR = 14,
    K_OTHER_DAY = 15,
    K_SAME_ID = 16,
    K_DOCUMENT = 17,
    K_ID_SLIPS = 18,
    K_ID_AS_FAR = 19,
    K_BIRTH_INSIDE = 20,
    K_OTHER_ID = 21,
    K_OTHER_VALID_ID = 22,
    K_OTHER_FRAGMENT = 23,
    K_SAME_PHONE = 24,
    K_PHONE_SLIP = 25,
    K_PHONE_TWO_SLIPS = 26,
    K_PHONE_AS_FAR = 27,
    K_FAMILY_PHONE = 28,
    K_OTHER_PHONE = 29,
    K_SAME_DOOR = 30,
    K_OPEN_DOOR = 31,
    K_COMPOUND_SLIP = 32,
    K_OTHER_UNIT = 33,
    K_BUILDING = 34,
    K_ROOM = 35,
    K_ROOM_SLIP = 36,
    K_BUILDING_SLIP = 37,
    K_PARTS_SWAPPED = 38,
    K_CARD_FOR_ROOM = 39,
    K_OTHER_ROOM = 40,
    K_OTHER_HOME = 41,
    K_SAME_PLATE = 42,
    K_PLATE_LOOKS = 43,
    K_NO_PROVINCE = 44,
    K_PLATE_SLIP = 45,
    K_PLATE_END = 46,
    K_FAMILY_PLATE = 47,
    K_OTHER_PLATE = 48,
    K_SAME_CARD = 49,
    K_ZEROS = 50,
    K_CARD_SLIP = 51,
    K_OTHER_CARD = 52,
    K_SAME_CUSTOM = 53,
    K_CUSTOM_SLIP = 54,
    K_CUSTOM_END = 55,
    K_OTHER_CUSTOM = 56,
    K_ABSENT = 57,
    KIND_COUNT
};

/* What a key is of: the same as Family in _keys.py. */
enum epiguard_family {
    F_NAME = 0,
    F_SOUND = 1,
    F_NAME_SLIP = 2,
    F_NAME_PART = 3,
    F_PHONE = 4,
    F_PHONE_TAIL = 5,
    F_ID_YEAR = 6,
    F_ID_DAY = 7,
    F_BIRTH = 8,
    F_DOOR = 9,
    F_DOOR_OPEN = 10,
    F_BUILDING = 11,
    F_PLATE = 12,
    F_PLATE_TAIL = 13,
    F_CARD = 14,
    F_DOCUMENT = 15,
    F_GROUP = 16,
    F_CUSTOM = 17,
    F_CUSTOM_TAIL = 18,
    F_COMPOUND = 19,
    F_COMPOUND_SLIP = 20,
    FAMILY_COUNT
};

/* The fields of a form in the order of FORM_FIELDS; from CUSTOM on those that an application added. */
enum epiguard_field { NAME, SEX, BIRTH, IDENTITY, PHONE, HOME, PLATE, CARD, CUSTOM };

enum epiguard_level { AGREES, NEAR, DIFFERS, ABSENT };

#endif
