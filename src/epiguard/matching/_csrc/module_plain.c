#include "module.h"
#include "plain.h"

PyObject *epiguard_py_read_plain(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *texts;
    const char *forms;
    Py_ssize_t forms_size;
    if (!PyArg_ParseTuple(arguments, "O!y#:read_plain", &PyTuple_Type, &texts, &forms, &forms_size)) {
        return NULL;
    }
    if (PyTuple_GET_SIZE(texts) != PLAIN_FIELDS) {
        PyErr_SetString(PyExc_ValueError, "read_plain: a text or None for each field of a form");
        return NULL;
    }
    epiguard_text fields[PLAIN_FIELDS];
    for (Py_ssize_t i = 0; i < PLAIN_FIELDS; i++) {
        PyObject *text = PyTuple_GET_ITEM(texts, i);
        fields[i] = (epiguard_text){NULL, 0, 1};
        if (PyUnicode_Check(text)) {
            fields[i] = (epiguard_text){PyUnicode_DATA(text), (size_t)PyUnicode_GET_LENGTH(text),
                                        (int)PyUnicode_KIND(text)};
        } else if (text != Py_None) {
            PyErr_SetString(PyExc_TypeError, "read_plain: a text or None for each field of a form");
            return NULL;
        }
    }
    epiguard_plain read;
    const unsigned left =
        epiguard_read_plain(fields, (epg_span){(const uint8_t *)forms, (size_t)forms_size}, &read);
    return Py_BuildValue("y#I", (const char *)read.bytes, (Py_ssize_t)read.size, left);
}

/* The text of a cell; 0 where it is neither text nor nothing. */
static int cell_of(PyObject *column, Py_ssize_t row, epiguard_text *cell)
{
    *cell = (epiguard_text){NULL, 0, 1};
    if (column == Py_None) {
        return 1;
    }
    if (row >= PyTuple_GET_SIZE(column)) {
        return 0;
    }
    PyObject *value = PyTuple_GET_ITEM(column, row);
    if (PyUnicode_CheckExact(value)) {
        *cell = (epiguard_text){PyUnicode_DATA(value), (size_t)PyUnicode_GET_LENGTH(value),
                                (int)PyUnicode_KIND(value)};
        return 1;
    }
    return value == Py_None;
}

PyObject *epiguard_py_plain_rows(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *columns;
    const char *forms;
    Py_ssize_t forms_size;
    if (!PyArg_ParseTuple(arguments, "O!y#:plain_rows", &PyTuple_Type, &columns, &forms, &forms_size)) {
        return NULL;
    }
    int usable = PyTuple_GET_SIZE(columns) == PLAIN_CELLS && PyTuple_CheckExact(PyTuple_GET_ITEM(columns, 0));
    for (Py_ssize_t i = 1; usable && i < PLAIN_CELLS; i++) {
        PyObject *column = PyTuple_GET_ITEM(columns, i);
        usable = column == Py_None || PyTuple_CheckExact(column);
    }
    if (!usable) {
        PyErr_SetString(PyExc_TypeError, "plain_rows: a tuple of ids, and a tuple or None for each field of a form");
        return NULL;
    }
    const Py_ssize_t count = PyTuple_GET_SIZE(PyTuple_GET_ITEM(columns, 0));
    PyObject *rows = PyList_New(count);
    for (Py_ssize_t row = 0; rows != NULL && row < count; row++) {
        epiguard_text cells[PLAIN_CELLS];
        epiguard_plain record;
        int plain = 1;
        for (Py_ssize_t i = 0; plain && i < PLAIN_CELLS; i++) {
            plain = cell_of(PyTuple_GET_ITEM(columns, i), row, &cells[i]);
        }
        plain = plain && epiguard_read_row(cells, (epg_span){(const uint8_t *)forms, (size_t)forms_size}, &record);
        PyObject *made = plain ? PyBytes_FromStringAndSize((const char *)record.bytes, (Py_ssize_t)record.size)
                               : Py_NewRef(Py_None);
        if (made == NULL) {
            Py_CLEAR(rows);
        } else {
            PyList_SET_ITEM(rows, row, made);
        }
    }
    return rows;
}
