/* SPDX-License-Identifier: ISC */
/* The recipients that the header names: -t. Private to message/. */
#ifndef MESSAGE_EXTRACT_H
#define MESSAGE_EXTRACT_H

#include "base/error.h"
#include "base/span.h"
#include "message/address.h"

/*
 * Appends those of To, Cc and Bcc; of a message that is sent once more, of its
 * newest Resent- block instead. ERR_DATA: a field that is no list of addresses,
 * by name.
 */
int extract_recipients(
    struct span head, struct address_list *list, struct error *err);

#endif
