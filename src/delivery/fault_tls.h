/* SPDX-License-Identifier: ISC */
/* What goes wrong with TLS, but for who the server is. Private to delivery/. */
#ifndef DELIVERY_FAULT_TLS_H
#define DELIVERY_FAULT_TLS_H

#include "delivery/fault.h"

/* Each returns -1 with err set. */
int fault_ca_file(const struct fault *f, struct error *err);
int fault_crl_file(const struct fault *f, struct error *err);
int fault_handshake(const struct fault *f, struct error *err);

/* Words to put behind libcurl's, if these may be about our certificate, or the
 * lack of one; else "". */
const char *fault_certificate_wanted(const struct fault *f);

#endif
