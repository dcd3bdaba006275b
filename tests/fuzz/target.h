/* SPDX-License-Identifier: ISC */
/* What libFuzzer calls, or replay.c. */
#ifndef TARGET_H
#define TARGET_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
