/* SPDX-License-Identifier: ISC */
/*
 * What went wrong, said once. A function that can fail takes a struct error *
 * as its last parameter and returns -1 after error_set(); it never prints.
 * Only verbs print, and only cli/exitcode.c knows the numbers.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

enum error_kind {
	ERR_NONE,
	ERR_USAGE,      /* the command line */
	ERR_DATA,       /* the message */
	ERR_SIZE,       /* the message, too large */
	ERR_RECIPIENT,  /* an address that nobody can deliver to */
	ERR_REFUSED,    /* the relay refused it for good */
	ERR_LOOP,       /* the message, going round */
	ERR_INTERNAL,   /* a bug of ours */
	ERR_IO,         /* reading or writing failed */
	ERR_TEMPORARY,  /* the same may work later */
	ERR_PERMISSION, /* rights of this user, or the relay's login */
	ERR_CONFIG,     /* the configuration */
};

struct error {
	enum error_kind kind;
	char text[1024];
};

/*
 * Records kind and text (cut to fit, controls made harmless) and returns -1,
 * so that a failure is one line: return error_set(err, ERR_IO, "...").
 * Never allocates.
 */
int error_set(struct error *err, enum error_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with ": " and the text of errno behind it. */
int error_errno(struct error *err, enum error_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "prefix: " before the text of an error already set; returns -1. */
int error_prefix(struct error *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Puts more behind it; returns -1. */
int error_append(struct error *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
