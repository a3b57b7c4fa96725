/* The binding of kernel.c: checks the arguments, asks the kernel, names the error. It holds no state. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "kernel.h"

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

PyDoc_STRVAR(osa_distance_doc,
             "osa_distance($module, a, b, limit, /)\n"
             "--\n"
             "\n"
             "Return the optimal string alignment distance of two texts, or limit + 1 if it is more.");

static PyMethodDef methods[] = {
    {"osa_distance", (PyCFunction)(void (*)(void))osa_distance, METH_FASTCALL, osa_distance_doc},
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
    .m_doc = "The compiled twin of epiguard.matching._reference_distance.",
    .m_size = 0,
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__native(void)
{
    return PyModuleDef_Init(&definition);
}
