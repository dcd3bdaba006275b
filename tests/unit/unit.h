/* SPDX-License-Identifier: ISC */
/* What every unit test begins with: cmocka and what it wants before it. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

#endif
