/* Edit distance between two texts of Unicode code points.
 *
 * This is plain C11: it knows nothing of Python, so that it can be tested, sanitised and reused by itself.
 * The specification is _reference_distance.py; module.c is the binding.
 */
#ifndef EPIGUARD_KERNEL_H
#define EPIGUARD_KERNEL_H

#include <stddef.h>

/* A text as Python stores it: `length` code points of `width` bytes each, where width is 1, 2 or 4. */
typedef struct {
    const void *units;
    size_t length;
    int width;
} epiguard_text;

typedef enum {
    EPIGUARD_OK = 0,
    EPIGUARD_NO_MEMORY = 1,
    EPIGUARD_BAD_WIDTH = 2,
    EPIGUARD_DAMAGED = 3,
    EPIGUARD_BAD_VALUE = 4,
} epiguard_status;

/* Optimal string alignment distance: the fewest insertions, deletions, substitutions and swaps of two
 * neighbours that turn `a` into `b`, where no part is edited twice.
 *
 * On EPIGUARD_OK, *distance is that number if it is at most `limit`, and more than `limit` otherwise.
 * Time grows with the longer length times the smaller of the other length and 2 * limit + 1.
 * Neither text is kept; *distance is untouched on any other status.
 */
epiguard_status epiguard_osa_distance(epiguard_text a, epiguard_text b, size_t limit, size_t *distance);

#endif
