/* The functions of the module that lie outside module.c; these files alone know Python. */
#ifndef EPIGUARD_MODULE_H
#define EPIGUARD_MODULE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

PyObject *epiguard_py_read_plain(PyObject *module, PyObject *arguments);
PyObject *epiguard_py_plain_rows(PyObject *module, PyObject *arguments);

#endif
