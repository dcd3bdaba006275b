/* SPDX-License-Identifier: ISC */
/* The server is not proved by its TLSA records. Private to delivery/. */
#ifndef DELIVERY_FAULT_DANE_H
#define DELIVERY_FAULT_DANE_H

#include "delivery/dane.h"
#include "delivery/fault.h"

/* Was a certificate held against the records, and none is about it? */
bool fault_is_of_records(const struct fault *f);

/* Says which are there, and what to publish if it is right: -1 with
 * ERR_TEMPORARY. */
int fault_records(const struct fault *f, struct error *err);

/* There are none that decide, and tls-dane = require: the same. */
int fault_no_records(const struct dane *d, struct error *err);

#endif
