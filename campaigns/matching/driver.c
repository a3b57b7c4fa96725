/* Reads an image and readings; damages the image again and again, each time in a block of exactly its size. */
#include <stdio.h>
#include <stdlib.h>
#include "build.h"
#include "search.h"

static uint64_t state = 2020;

static uint64_t chance(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static uint8_t *block(size_t size)
{
    uint8_t *made = malloc(size ? size : 1);
    if (made == NULL || fread(made, 1, size, stdin) != size) exit(2);
    return made;
}

int main(int count_of_arguments, char **arguments)
{
    if (count_of_arguments != 3) return 2;
    state += strtoull(arguments[1], NULL, 10) * 0x9E3779B97F4A7C15u;
    const int rounds = atoi(arguments[2]);
    uint32_t size, count, length, since_size;
    if (fread(&size, 4, 1, stdin) != 1 || fread(&count, 4, 1, stdin) != 1) return 2;
    if (fread(&since_size, 4, 1, stdin) != 1) return 2;
    uint8_t *whole = block(size), *since = block(since_size);
    /* Records of any bytes: built or refused, and read within their bounds. */
    for (int round = 0; round < 300; round++) {
        epg_span records[12] = {{NULL, 0}};
        uint8_t *bytes[12];
        for (size_t i = 0; i < 12; i++) {
            const size_t length = chance() % 60;
            bytes[i] = malloc(length + 1);
            if (bytes[i] == NULL) return 2;
            for (size_t k = 0; k < length; k++) {
                bytes[i][k] = (uint8_t)(chance() % 3 ? chance() : (chance() % 15) << 4 | chance() % 5);
            }
            if (length > 1) {
                bytes[i][0] = 1;
                bytes[i][1] = (uint8_t)i;
            }
            records[i] = (epg_span){bytes[i], length};
        }
        epiguard_bytes sections[SECTION_COUNT];
        epg_index index;
        if (epg_open(&index, whole, size) != EPIGUARD_OK) return 5;
        epiguard_build(records, 12, index.characters, sections);
        epiguard_free_sections(sections);
        for (size_t i = 0; i < 12; i++) free(bytes[i]);
    }
    const uint8_t exact[2] = {0, 1};
    unsigned answered = 0, refused = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (fread(&length, 4, 1, stdin) != 1) return 2;
        uint8_t *reading = block(length);
        for (int round = 0; round < rounds; round++) {
            uint8_t *image = malloc(size);
            if (image == NULL) return 2;
            memcpy(image, whole, size);
            for (uint64_t left = round ? 1u << (chance() % 10) : 0; left > 0; left--) {
                const uint64_t at = 64 + chance() % (size - 68);
                if (chance() % 4) {
                    image[at] = (uint8_t)chance();
                } else {
                    memset(image + at, chance() % 2 ? 0xFF : 0x7F, 4);
                }
            }
            uint8_t *overlay = malloc(since_size);
            if (overlay == NULL) return 2;
            memcpy(overlay, since, since_size);
            for (int left = round % 4 == 3 ? 40 : 0; left > 0; left--) {
                overlay[chance() % (left % 2 ? 400 : since_size)] = (uint8_t)chance();
            }
            epiguard_question question = {
                image, size, reading, length, -9000, -3000, exact, 2, 5, NULL, 0, {NULL, 0}};
            if (round % 2) {
                question.overlay = (epg_span){overlay, since_size};
            }
            epiguard_answer answer;
            epiguard_status status = epiguard_find(&question, &answer);
            answered += status == EPIGUARD_OK;
            refused += status == EPIGUARD_DAMAGED;
            if (status != EPIGUARD_OK && status != EPIGUARD_DAMAGED) return 3;
            if (round == 0 && status != EPIGUARD_OK) return 4;
            free(answer.bytes);
            for (uint64_t row = 0; row < 4; row++) {
                status = epiguard_household(&question, row, &answer);
                free(answer.bytes);
                status = epiguard_grades(&question, row, &answer);
                free(answer.bytes);
            }
            free(overlay);
            free(image);
        }
        free(reading);
    }
    free(since);
    free(whole);
    printf("%u %u\n", answered, refused);
    return 0;
}
