#include "kernel.h"

#include <stdint.h>
#include <stdlib.h>

/* Rows of this many cells lie on the stack: names, phones and plates never ask for memory. */
enum { CELLS_ON_STACK = 64, ROWS = 3 };

/* `width` is a constant wherever this is called, so each pair of widths becomes code without the switch. */
static inline uint32_t unit_at(const void *units, int width, size_t index)
{
    switch (width) {
    case 1:
        return ((const uint8_t *)units)[index];
    case 2:
        return ((const uint16_t *)units)[index];
    default:
        return ((const uint32_t *)units)[index];
    }
}

static inline size_t smaller(size_t x, size_t y)
{
    return x < y ? x : y;
}

/* Fills three rolling rows of the alignment table, only the cells within `limit` of the diagonal.
 * Cells next to that band hold `beyond`, which stands for "more than the limit". */
static inline size_t banded(const void *a, int a_width, size_t a_length, const void *b, int b_width,
                            size_t b_length, size_t limit, size_t *cells)
{
    const size_t beyond = limit + 1;
    size_t *before = cells;                  /* row i - 2 */
    size_t *above = before + (b_length + 1); /* row i - 1 */
    size_t *row = above + (b_length + 1);    /* row i */

    for (size_t j = 0; j <= b_length; j++) {
        above[j] = smaller(j, beyond);
    }
    size_t best_above = 0;
    for (size_t i = 1; i <= a_length; i++) {
        const size_t first = i > limit ? i - limit : 1;
        const size_t last = smaller(b_length, i + limit);
        const uint32_t here = unit_at(a, a_width, i - 1);
        row[first - 1] = first == 1 ? smaller(i, beyond) : beyond;
        size_t best = row[first - 1];
        for (size_t j = first; j <= last; j++) {
            const uint32_t there = unit_at(b, b_width, j - 1);
            size_t cost = above[j - 1] + (here != there);
            cost = smaller(cost, smaller(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && here == unit_at(b, b_width, j - 2) &&
                there == unit_at(a, a_width, i - 2)) {
                cost = smaller(cost, before[j - 2] + 1);
            }
            row[j] = smaller(cost, beyond);
            best = smaller(best, row[j]);
        }
        if (last < b_length) {
            row[last + 1] = beyond;
        }
        /* A swap reaches back two rows, so only two hopeless rows together end the search. */
        if (best > limit && best_above > limit) {
            return beyond;
        }
        best_above = best;
        size_t *const oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[b_length];
}

static inline epiguard_status distance_of(const char *a, int a_width, size_t a_length, const char *b,
                                          int b_width, size_t b_length, size_t limit, size_t *distance)
{
    /* What both begin or end with is never edited in a shortest alignment. */
    while (a_length > 0 && b_length > 0 && unit_at(a, a_width, 0) == unit_at(b, b_width, 0)) {
        a += a_width;
        b += b_width;
        a_length--;
        b_length--;
    }
    while (a_length > 0 && b_length > 0 &&
           unit_at(a, a_width, a_length - 1) == unit_at(b, b_width, b_length - 1)) {
        a_length--;
        b_length--;
    }
    const size_t longer = a_length > b_length ? a_length : b_length;
    const size_t shorter = smaller(a_length, b_length);
    if (shorter == 0) {
        *distance = longer;
        return EPIGUARD_OK;
    }
    if (longer - shorter > limit) {
        *distance = longer - shorter;
        return EPIGUARD_OK;
    }
    /* No distance exceeds the longer length, so a larger limit asks for nothing more. */
    limit = smaller(limit, longer);

    size_t on_stack[ROWS * CELLS_ON_STACK];
    size_t *cells = on_stack;
    if (b_length + 1 > CELLS_ON_STACK) {
        if (b_length + 1 > SIZE_MAX / (ROWS * sizeof *cells)) {
            return EPIGUARD_NO_MEMORY;
        }
        cells = malloc((b_length + 1) * ROWS * sizeof *cells);
        if (cells == NULL) {
            return EPIGUARD_NO_MEMORY;
        }
    }
    *distance = banded(a, a_width, a_length, b, b_width, b_length, limit, cells);
    if (cells != on_stack) {
        free(cells);
    }
    return EPIGUARD_OK;
}

epiguard_status epiguard_osa_distance(epiguard_text a, epiguard_text b, size_t limit, size_t *distance)
{
#define FOR_WIDTHS(a_width, b_width)                                                                        \
    case 8 * (a_width) + (b_width):                                                                         \
        return distance_of(a.units, a_width, a.length, b.units, b_width, b.length, limit, distance)

    switch (8 * a.width + b.width) {
        FOR_WIDTHS(1, 1);
        FOR_WIDTHS(1, 2);
        FOR_WIDTHS(1, 4);
        FOR_WIDTHS(2, 1);
        FOR_WIDTHS(2, 2);
        FOR_WIDTHS(2, 4);
        FOR_WIDTHS(4, 1);
        FOR_WIDTHS(4, 2);
        FOR_WIDTHS(4, 4);
    default:
        return EPIGUARD_BAD_WIDTH;
    }
#undef FOR_WIDTHS
}
