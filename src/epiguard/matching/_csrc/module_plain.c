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
