/* SPDX-License-Identifier: ISC */
/* The memory of libcurl, wiped when it is given back, and searched. */
#include "delivery/memory.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct block {
	struct block *next, *before;
	size_t size;
	_Alignas(max_align_t) char at[];
};

/* libcurl looks names up in a thread of its own. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct block *first;

static struct block *
block_of(void *given)
{
	return (
	    struct block *)(void *)((char *)given - offsetof(struct block, at));
}

static void *
add(struct block *b, size_t size)
{
	b->size = size;
	b->before = NULL;
	pthread_mutex_lock(&lock);
	b->next = first;
	if (first != NULL)
		first->before = b;
	first = b;
	pthread_mutex_unlock(&lock);
	return b->at;
}

static void
drop(struct block *b)
{
	pthread_mutex_lock(&lock);
	if (b->before != NULL)
		b->before->next = b->next;
	else
		first = b->next;
	if (b->next != NULL)
		b->next->before = b->before;
	pthread_mutex_unlock(&lock);
}

void *
memory_malloc(size_t size)
{
	struct block *b =
	    size <= SIZE_MAX - sizeof *b ? malloc(sizeof *b + size) : NULL;

	return b != NULL ? add(b, size) : NULL;
}

void *
memory_calloc(size_t count, size_t size)
{
	void *made = size == 0 || count <= SIZE_MAX / size
			 ? memory_malloc(count * size)
			 : NULL;

	return made != NULL ? memset(made, 0, count * size) : NULL;
}

void
memory_free(void *old)
{
	struct block *b;

	if (old == NULL)
		return;
	b = block_of(old);
	drop(b);
	explicit_bzero(b, sizeof *b + b->size);
	free(b);
}

/* One that is moved leaves nothing behind. */
void *
memory_realloc(void *old, size_t size)
{
	size_t had = old != NULL ? block_of(old)->size : 0;
	void *new = memory_malloc(size);

	if (new != NULL && old != NULL) {
		memcpy(new, old, had < size ? had : size);
		memory_free(old);
	}
	return new;
}

char *
memory_strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = memory_malloc(size);

	return copy != NULL ? memcpy(copy, text, size) : NULL;
}

static void
hide(struct block *b, struct span secret)
{
	char *end = b->at + b->size, *at = b->at;

	while ((at = memmem(at, (size_t)(end - at), secret.at, secret.len)) !=
	       NULL) {
		memset(at, '*', secret.len);
		at += secret.len;
	}
}

void
memory_forget(struct span secret)
{
	pthread_mutex_lock(&lock);
	for (struct block *b = first; b != NULL; b = b->next)
		hide(b, secret);
	pthread_mutex_unlock(&lock);
}
