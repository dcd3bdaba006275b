/* SPDX-License-Identifier: ISC */
/* Certificates, keys and lists of a relay, as files: for --check. */
#ifndef DELIVERY_TRUST_FILES_H
#define DELIVERY_TRUST_FILES_H

#include "base/error.h"
#include "config/config.h"

/*
 * Is in the files of the relay what is to be in them, and does the key belong
 * to the certificate? password is that of the key, empty where there is none;
 * NULL: it is not known now, and the key is not looked at. Nor is one that a
 * token has. ERR_CONFIG for the first that is not right.
 */
int trust_check_files(
    const struct relay *relay, const char *password, struct error *err);

#endif
