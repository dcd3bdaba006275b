/* SPDX-License-Identifier: ISC */
/* The server has another key than tls-pin. Private to delivery/. */
#ifndef DELIVERY_FAULT_PIN_H
#define DELIVERY_FAULT_PIN_H

#include "delivery/fault.h"

/* Says which, and what to write if it is right: -1 with ERR_TEMPORARY. */
int fault_pin(const struct fault *f, struct error *err);

#endif
