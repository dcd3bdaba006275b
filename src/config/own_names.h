/* SPDX-License-Identifier: ISC */
/* What this host is called. Private to config/. */
#ifndef CONFIG_OWN_NAMES_H
#define CONFIG_OWN_NAMES_H

/*
 * host_name, the system's own name, both also up to their first dot, and those
 * that every host has, "localhost" and "localhost.localdomain": mail to a name
 * there is for somebody here. Ends in NULL; the list and its texts are the
 * caller's to free.
 */
char **own_names(const char *host_name);

#endif
