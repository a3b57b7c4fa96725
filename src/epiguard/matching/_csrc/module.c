/* The binding of the kernel: checks the arguments, asks the kernel, names the error. It holds no state. */
#include "module.h"

#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "kernel.h"
#include "search.h"
#include "slips.h"

static int refuse(const char *name, const char *expected, PyObject *got)
{
    PyObject *type_name = PyType_GetName(Py_TYPE(got));
    if (type_name != NULL) {
        PyErr_Format(PyExc_TypeError, "osa_distance: %s must be %s, not %U", name, expected, type_name);
        Py_DECREF(type_name);
    }
    return -1;
}

static int text_from(PyObject *object, const char *name, epiguard_text *text)
{
    if (!PyUnicode_Check(object)) {
        return refuse(name, "str", object);
    }
#if PY_VERSION_HEX < 0x030C0000
    if (PyUnicode_READY(object) < 0) {
        return -1;
    }
#endif
    text->units = PyUnicode_DATA(object);
    text->length = (size_t)PyUnicode_GET_LENGTH(object);
    text->width = (int)PyUnicode_KIND(object);
    return 0;
}

/* A limit too large for the machine is as good as none: no distance exceeds the longer text. */
static int limit_from(PyObject *object, size_t *limit)
{
    if (!PyLong_Check(object)) {
        return refuse("limit", "int", object);
    }
    int overflow = 0;
    const long long value = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (value == -1 && PyErr_Occurred()) {
        return -1;
    }
    if (overflow < 0 || (overflow == 0 && value < 0)) {
        PyErr_SetString(PyExc_ValueError, "osa_distance: limit must be 0 or more");
        return -1;
    }
    *limit = overflow > 0 || (unsigned long long)value > PY_SSIZE_T_MAX ? PY_SSIZE_T_MAX : (size_t)value;
    return 0;
}

static PyObject *osa_distance(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t count)
{
    if (count != 3) {
        return PyErr_Format(PyExc_TypeError, "osa_distance() takes 3 positional arguments but %zd were given",
                            count);
    }
    epiguard_text a, b;
    size_t limit = 0;
    if (text_from(arguments[0], "a", &a) < 0 || text_from(arguments[1], "b", &b) < 0 ||
        limit_from(arguments[2], &limit) < 0) {
        return NULL;
    }
    size_t distance = 0;
    switch (epiguard_osa_distance(a, b, limit, &distance)) {
    case EPIGUARD_OK:
        return PyLong_FromSize_t(distance > limit ? limit + 1 : distance);
    case EPIGUARD_NO_MEMORY:
        return PyErr_NoMemory();
    default:
        PyErr_SetString(PyExc_SystemError, "osa_distance: a str of unknown kind");
        return NULL;
    }
}

/* A buffer of whole items that lie one behind the other. */
static int buffer_from(PyObject *object, Py_ssize_t item, Py_buffer *view)
{
    if (PyObject_GetBuffer(object, view, PyBUF_SIMPLE) < 0) {
        return -1;
    }
    if (view->len % item != 0) {
        PyBuffer_Release(view);
        PyErr_SetString(PyExc_ValueError, "slip_rows: a table must hold whole numbers");
        return -1;
    }
    return 0;
}

static PyObject *rows_to_list(const epiguard_rows *found)
{
    PyObject *list = PyList_New((Py_ssize_t)found->count);
    for (size_t i = 0; list != NULL && i < found->count; i++) {
        PyObject *row = PyLong_FromUnsignedLongLong(found->rows[i]);
        if (row == NULL) {
            Py_CLEAR(list);
        } else {
            PyList_SET_ITEM(list, (Py_ssize_t)i, row);
        }
    }
    return list;
}

static PyObject *slip_rows(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *text, *alphabet, *tables[3];
    Py_ssize_t start, end, few, first;
    int family;
    unsigned long long residents;
    if (!PyArg_ParseTuple(arguments, "UUnniOOOKnn:slip_rows", &text, &alphabet, &start, &end, &family,
                          &tables[0], &tables[1], &tables[2], &residents, &few, &first)) {
        return NULL;
    }
    const Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    if (start < 0 || start > end || end > length || few < 0 || first < 0 ||
        family < 0) {
        PyErr_SetString(PyExc_ValueError,
                        "slip_rows: start and end must be inside the text");
        return NULL;
    }
    static const Py_ssize_t items[3] = {4, 2, 1};
    Py_buffer views[3];
    int taken = 0;
    while (taken < 3 && buffer_from(tables[taken], items[taken], &views[taken]) == 0) {
        taken++;
    }
    Py_UCS4 *units = taken == 3 ? PyUnicode_AsUCS4Copy(text) : NULL;
    Py_UCS4 *letters = units != NULL ? PyUnicode_AsUCS4Copy(alphabet) : NULL;
    PyObject *list = NULL;
    if (letters != NULL) {
        const size_t entries = (size_t)views[1].len / 2;
        const epiguard_table table = {
            .starts = views[0].buf,
            .start_count = (size_t)views[0].len / 4,
            .marks = views[1].buf,
            .rows = views[2].buf,
            .entries = entries,
            .width = entries ? (size_t)views[2].len / entries : 0,
            .residents = residents,
            .family = (uint64_t)family,
        };
        const epiguard_slips what = {
            .text = units,
            .length = (size_t)length,
            .start = (size_t)start,
            .end = (size_t)end,
            .alphabet = letters,
            .letters = (size_t)PyUnicode_GET_LENGTH(alphabet),
        };
        const epiguard_follow follow = {(size_t)few, (size_t)first};
        epiguard_rows found;
        epiguard_status status;
        Py_BEGIN_ALLOW_THREADS
        status = epiguard_slip_rows(&what, &table, follow, &found);
        Py_END_ALLOW_THREADS
        list = status == EPIGUARD_OK ? rows_to_list(&found) : PyErr_NoMemory();
        free(found.rows);
    }
    PyMem_Free(letters);
    PyMem_Free(units);
    while (taken > 0) {
        PyBuffer_Release(&views[--taken]);
    }
    return list;
}

/* --- an index --- */

/* The error that a status stands for. */
static PyObject *raised(epiguard_status status)
{
    switch (status) {
    case EPIGUARD_NO_MEMORY:
        return PyErr_NoMemory();
    case EPIGUARD_DAMAGED:
        PyErr_SetString(PyExc_ValueError, "the index is damaged");
        return NULL;
    default:
        PyErr_SetString(PyExc_ValueError, "no such row, or no reading");
        return NULL;
    }
}

static PyObject *bytes_from(epiguard_status status, epiguard_answer *answer)
{
    PyObject *bytes = status == EPIGUARD_OK
                          ? PyBytes_FromStringAndSize((const char *)answer->bytes, (Py_ssize_t)answer->size)
                          : raised(status);
    free(answer->bytes);
    return bytes;
}

/* The bytes of each id; the ids stay with their tuple. */
static epg_span *spans_from(PyObject *ids, size_t *count)
{
    *count = (size_t)PyTuple_GET_SIZE(ids);
    epg_span *spans = PyMem_Calloc(*count + 1, sizeof *spans);
    if (spans == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    for (size_t i = 0; i < *count; i++) {
        char *at;
        Py_ssize_t size;
        if (PyBytes_AsStringAndSize(PyTuple_GET_ITEM(ids, (Py_ssize_t)i), &at, &size) < 0) {
            PyMem_Free(spans);
            return NULL;
        }
        spans[i] = (epg_span){(const uint8_t *)at, (size_t)size};
    }
    return spans;
}

/* What is asked of an index with many readings: their bytes, and whom a human ruled out for each. */
typedef struct {
    epg_span *readings, *rejected; /* `rejected` of all, one behind the other */
    size_t *rejected_counts;
    epiguard_answer *answers;
    size_t count;
} batch;

static void free_batch(batch *of)
{
    for (size_t i = 0; of->answers != NULL && i < of->count; i++) {
        free(of->answers[i].bytes);
    }
    PyMem_Free(of->answers);
    PyMem_Free(of->rejected_counts);
    PyMem_Free(of->rejected);
    PyMem_Free(of->readings);
}

/* The bytes stay with their tuples. */
static int batch_from(PyObject *readings, PyObject *rejected, batch *of)
{
    size_t all = 0, each;
    *of = (batch){.count = (size_t)PyTuple_GET_SIZE(readings)};
    if ((size_t)PyTuple_GET_SIZE(rejected) != of->count) {
        PyErr_SetString(PyExc_ValueError, "find_many: as many tuples of rejected ids as readings");
        return 0;
    }
    for (size_t i = 0; i < of->count; i++) {
        PyObject *ids = PyTuple_GET_ITEM(rejected, (Py_ssize_t)i);
        if (!PyTuple_Check(ids)) {
            PyErr_SetString(PyExc_TypeError, "find_many: rejected ids must be tuples");
            return 0;
        }
        all += (size_t)PyTuple_GET_SIZE(ids);
    }
    of->rejected = PyMem_Calloc(all + 1, sizeof *of->rejected);
    of->rejected_counts = PyMem_Calloc(of->count + 1, sizeof *of->rejected_counts);
    of->answers = PyMem_Calloc(of->count + 1, sizeof *of->answers);
    if (of->rejected == NULL || of->rejected_counts == NULL || of->answers == NULL) {
        PyErr_NoMemory();
        return 0;
    }
    for (size_t i = 0, at = 0; i < of->count; i++, at += each) {
        epg_span *spans = spans_from(PyTuple_GET_ITEM(rejected, (Py_ssize_t)i), &each);
        if (spans == NULL) {
            return 0;
        }
        memcpy(of->rejected + at, spans, each * sizeof *spans);
        of->rejected_counts[i] = each;
        PyMem_Free(spans);
    }
    of->readings = spans_from(readings, &each);
    return of->readings != NULL;
}

/* Find one after the other, without the interpreter, until one fails. */
static epiguard_status find_all(const epiguard_question *asked, batch *of)
{
    epiguard_question question = *asked;
    question.rejected = of->rejected;
    for (size_t i = 0; i < of->count; i++) {
        question.reading = of->readings[i].at;
        question.reading_size = of->readings[i].size;
        question.rejected_count = of->rejected_counts[i];
        const epiguard_status status = epiguard_find(&question, &of->answers[i]);
        if (status != EPIGUARD_OK) {
            return status;
        }
        question.rejected += question.rejected_count;
    }
    return EPIGUARD_OK;
}

static PyObject *find_many(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    Py_buffer image;
    const char *exact, *overlay;
    Py_ssize_t exact_size, limit, overlay_size;
    long long prior, stranger;
    PyObject *readings, *rejected;
    if (!PyArg_ParseTuple(arguments, "y*y#O!LLy#nO!:find_many", &image, &overlay, &overlay_size, &PyTuple_Type, &readings, &prior, &stranger,
                          &exact, &exact_size, &limit, &PyTuple_Type, &rejected)) {
        return NULL;
    }
    const epiguard_question question = {
        .image = image.buf,
        .image_size = (size_t)image.len,
        .prior = prior,
        .stranger = stranger,
        .exact = (const uint8_t *)exact,
        .custom = (size_t)exact_size,
        .limit = limit > 0 ? (size_t)limit : 0,
        .overlay = {(const uint8_t *)overlay, (size_t)overlay_size},
    };
    PyObject *found = NULL;
    batch of;
    if (batch_from(readings, rejected, &of)) {
        epiguard_status status;
        Py_BEGIN_ALLOW_THREADS
        status = find_all(&question, &of);
        Py_END_ALLOW_THREADS
        found = status == EPIGUARD_OK ? PyTuple_New((Py_ssize_t)of.count) : raised(status);
        for (size_t i = 0; found != NULL && i < of.count; i++) {
            PyObject *bytes =
                PyBytes_FromStringAndSize((const char *)of.answers[i].bytes, (Py_ssize_t)of.answers[i].size);
            if (bytes == NULL) {
                Py_CLEAR(found);
            } else {
                PyTuple_SET_ITEM(found, (Py_ssize_t)i, bytes);
            }
        }
    }
    free_batch(&of);
    PyBuffer_Release(&image);
    return found;
}

static PyObject *grades(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    Py_buffer image;
    const char *reading, *exact, *overlay;
    Py_ssize_t reading_size, exact_size, overlay_size;
    long long prior;
    unsigned long long row;
    if (!PyArg_ParseTuple(arguments, "y*y#y#Ly#K:grades", &image, &overlay, &overlay_size, &reading, &reading_size, &prior, &exact, &exact_size,
                          &row)) {
        return NULL;
    }
    const epiguard_question question = {
        .image = image.buf,
        .image_size = (size_t)image.len,
        .reading = (const uint8_t *)reading,
        .reading_size = (size_t)reading_size,
        .prior = prior,
        .exact = (const uint8_t *)exact,
        .custom = (size_t)exact_size,
        .overlay = {(const uint8_t *)overlay, (size_t)overlay_size},
    };
    epiguard_answer answer;
    epiguard_status status;
    Py_BEGIN_ALLOW_THREADS
    status = epiguard_grades(&question, row, &answer);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&image);
    return bytes_from(status, &answer);
}

static PyObject *household(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    Py_buffer image;
    const char *overlay;
    Py_ssize_t overlay_size;
    unsigned long long row;
    if (!PyArg_ParseTuple(arguments, "y*y#K:household", &image, &overlay, &overlay_size, &row)) {
        return NULL;
    }
    const epiguard_question question = {
        .image = image.buf,
        .image_size = (size_t)image.len,
        .overlay = {(const uint8_t *)overlay, (size_t)overlay_size},
    };
    epiguard_answer answer;
    const epiguard_status status = epiguard_household(&question, row, &answer);
    PyBuffer_Release(&image);
    if (status != EPIGUARD_OK) {
        free(answer.bytes);
        return raised(status);
    }
    PyObject *list = PyList_New((Py_ssize_t)(answer.size / 8));
    for (size_t i = 0; list != NULL && i < answer.size / 8; i++) {
        PyObject *each = PyLong_FromUnsignedLongLong(epg_u64(answer.bytes + 8 * i));
        if (each == NULL) {
            Py_CLEAR(list);
        } else {
            PyList_SET_ITEM(list, (Py_ssize_t)i, each);
        }
    }
    free(answer.bytes);
    return list;
}

/* Open an index with what changed since, for a look that needs no memory; `room` must stay. */
static epiguard_status open_both(const Py_buffer *image, const char *overlay, Py_ssize_t size, epg_index *index,
                                 epg_overlay *room)
{
    room->memory = NULL;
    return epg_open_with(index, (epg_span){image->buf, (size_t)image->len},
                         (epg_span){(const uint8_t *)overlay, (size_t)size}, room);
}

static PyObject *person_id(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    Py_buffer image;
    const char *overlay;
    Py_ssize_t overlay_size;
    unsigned long long row;
    if (!PyArg_ParseTuple(arguments, "y*y#K:person_id", &image, &overlay, &overlay_size, &row)) {
        return NULL;
    }
    epg_index index;
    epg_overlay room;
    epiguard_status status = open_both(&image, overlay, overlay_size, &index, &room);
    PyObject *id = NULL;
    if (status == EPIGUARD_OK && row < index.residents) {
        uint64_t own = row;
        const epg_index *part = epg_part_of(&index, &own);
        const epg_span bytes = epg_person(epg_record_at(part, own));
        id = PyUnicode_DecodeUTF8((const char *)bytes.at, (Py_ssize_t)bytes.size, "replace");
    } else {
        raised(status == EPIGUARD_OK ? EPIGUARD_BAD_VALUE : status);
    }
    PyBuffer_Release(&image);
    return id;
}

static PyObject *row_of(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    Py_buffer image;
    const char *person, *overlay;
    Py_ssize_t size, overlay_size;
    if (!PyArg_ParseTuple(arguments, "y*y#y#:row_of", &image, &overlay, &overlay_size, &person, &size)) {
        return NULL;
    }
    epg_index index;
    epg_overlay room;
    const epiguard_status status = open_both(&image, overlay, overlay_size, &index, &room);
    PyObject *row = NULL;
    if (status == EPIGUARD_OK) {
        const uint64_t found = epg_row_of(&index, (const uint8_t *)person, (size_t)size);
        row = found < index.residents ? PyLong_FromUnsignedLongLong(found) : Py_NewRef(Py_None);
    } else {
        raised(status);
    }
    PyBuffer_Release(&image);
    return row;
}

static PyObject *build(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *records;
    const char *characters;
    Py_ssize_t characters_size;
    /* The table of characters begins with a place for each of them. */
    const Py_ssize_t places = 4 * (0x9FFF - 0x3400 + 1);
    if (!PyArg_ParseTuple(arguments, "O!y#:build", &PyTuple_Type, &records, &characters, &characters_size)) {
        return NULL;
    }
    if (characters_size < places) {
        PyErr_SetString(PyExc_ValueError, "build: no table of characters");
        return NULL;
    }
    size_t count;
    epg_span *spans = spans_from(records, &count);
    if (spans == NULL) {
        return NULL;
    }
    epiguard_bytes sections[SECTION_COUNT];
    epiguard_status status;
    Py_BEGIN_ALLOW_THREADS
    status = epiguard_build(spans, count, (epg_span){(const uint8_t *)characters, (size_t)characters_size}, sections);
    Py_END_ALLOW_THREADS
    PyMem_Free(spans);
    if (status != EPIGUARD_OK) {
        return status == EPIGUARD_NO_MEMORY
                   ? PyErr_NoMemory()
                   : PyErr_Format(PyExc_ValueError, "two records of one person, or too many records");
    }
    PyObject *made = PyTuple_New(SECTION_COUNT);
    for (Py_ssize_t i = 0; made != NULL && i < SECTION_COUNT; i++) {
        PyObject *bytes = PyBytes_FromStringAndSize((const char *)sections[i].bytes, (Py_ssize_t)sections[i].size);
        free(sections[i].bytes);
        sections[i].bytes = NULL;
        if (bytes == NULL) {
            Py_CLEAR(made);
        } else {
            PyTuple_SET_ITEM(made, i, bytes);
        }
    }
    epiguard_free_sections(sections);
    return made;
}

PyDoc_STRVAR(build_doc, "build($module, records, characters, /)\n"
                        "--\n"
                        "\n"
                        "Build the sections of an index that grow with the register, of records in their portable form.");

PyDoc_STRVAR(find_many_doc, "find_many($module, image, overlay, readings, prior, stranger, exact, limit, rejected, /)\n"
                            "--\n"
                            "\n"
                            "Search an index for whom each of several forms may mean; the answers are packed.");

PyDoc_STRVAR(grades_doc, "grades($module, image, overlay, reading, prior, exact, row, /)\n"
                         "--\n"
                         "\n"
                         "Compare a form with one resident; packed as an answer.");

PyDoc_STRVAR(household_doc, "household($module, image, overlay, row, /)\n"
                            "--\n"
                            "\n"
                            "Return the rows of a resident's household.");

PyDoc_STRVAR(person_id_doc, "person_id($module, image, overlay, row, /)\n"
                            "--\n"
                            "\n"
                            "Return the id of a resident.");

PyDoc_STRVAR(row_of_doc, "row_of($module, image, overlay, person, /)\n"
                         "--\n"
                         "\n"
                         "Return the row of the resident with an id in UTF-8, or None.");

PyDoc_STRVAR(read_plain_doc,
             "read_plain($module, texts, forms, /)\n--\n\n"
             "Read the fields of a form that are plainly written: the packed reading, and a bit for each other field.");

PyDoc_STRVAR(plain_rows_doc,
             "plain_rows($module, columns, forms, /)\n--\n\n"
             "Read a register by its columns: the portable record of each row that is plain, None for the others.");

PyDoc_STRVAR(slip_rows_doc,
             "slip_rows($module, text, alphabet, start, end, family, starts, marks, rows, residents,"
             " few, first, /)\n"
             "--\n"
             "\n"
             "Return who stands under any text that is a slip, or two, away from a text.");

PyDoc_STRVAR(osa_distance_doc,
             "osa_distance($module, a, b, limit, /)\n"
             "--\n"
             "\n"
             "Return the optimal string alignment distance of two texts, or limit + 1 if it is more.");

static PyMethodDef methods[] = {
    {"osa_distance", (PyCFunction)(void (*)(void))osa_distance, METH_FASTCALL, osa_distance_doc},
    {"slip_rows", slip_rows, METH_VARARGS, slip_rows_doc},
    {"build", build, METH_VARARGS, build_doc},
    {"read_plain", epiguard_py_read_plain, METH_VARARGS, read_plain_doc},
    {"plain_rows", epiguard_py_plain_rows, METH_VARARGS, plain_rows_doc},
    {"find_many", find_many, METH_VARARGS, find_many_doc},
    {"grades", grades, METH_VARARGS, grades_doc},
    {"household", household, METH_VARARGS, household_doc},
    {"person_id", person_id, METH_VARARGS, person_id_doc},
    {"row_of", row_of, METH_VARARGS, row_of_doc},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
#if PY_VERSION_HEX >= 0x030D0000
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "epiguard.matching._native",
    .m_doc = "The compiled twin of epiguard.matching._reference, ._reference_distance and ._reference_slips.",
    .m_size = 0,
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__native(void)
{
    return PyModuleDef_Init(&definition);
}
