/* SPDX-License-Identifier: ISC */
/* What goes wrong with TLS, but for who the server is. Private to delivery/. */
#ifndef DELIVERY_FAULT_TLS_H
#define DELIVERY_FAULT_TLS_H

#include "delivery/fault.h"

/* Each returns -1 with err set. */
int fault_ca_file(const struct fault *f, struct error *err);
int fault_crl_file(const struct fault *f, struct error *err);
int fault_handshake(const struct fault *f, struct error *err);

/* Did the server, which let go, do so for our certificate, or the lack of one;
 * or may it have, since it asked for one? */
bool fault_is_of_certificate(const struct fault *f);

int fault_own_certificate(const struct fault *f, struct error *err);

#endif
