/* Griddle: an async HTTP microframework for C. This header includes all the others. */
#ifndef GRIDDLE_H
#define GRIDDLE_H

#include <griddle/base.h>
#include <griddle/co.h>
#include <griddle/task.h>

#endif
