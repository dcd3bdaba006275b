/* SPDX-License-Identifier: ISC */
/* What a proxy says against the way to a relay. Private to delivery/; part
 * of libcurl's door. */
#ifndef DELIVERY_FAULT_PROXY_H
#define DELIVERY_FAULT_PROXY_H

#include "delivery/fault.h"

/* Each returns -1 with err set, as fault_explain(): its name cannot be
 * resolved; it refuses by SOCKS; it refuses by HTTP. */
int fault_proxy_unknown(const struct fault *f, struct error *err);
int fault_proxy_refused(const struct fault *f, struct error *err);
int fault_proxy_says(const struct fault *f, struct error *err);

/* Did the proxy say that the host is out of reach, rather than that we may not
 * ask for it? curl is the CURL that failed with CURLE_PROXY. */
bool fault_is_behind_proxy(void *curl);

#endif
