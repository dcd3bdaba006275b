/* SPDX-License-Identifier: ISC */
/* The passwords of a relay and its key, and what of them is kept. */
#include "password.h"

#include "config/secret.h"
#include "oauth/command.h"

#include <sys/mman.h>

/* Where to keep what a command says; NULL: nowhere, or there is none. */
static char *
keep(char *const *command)
{
	void *shared;

	if (command == NULL)
		return NULL;
	shared = mmap(NULL, SECRET_MAX + 1, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	/* Without it, the command runs for every session. */
	if (shared == MAP_FAILED)
		return NULL;
	madvise(shared, SECRET_MAX + 1, MADV_DONTDUMP);
	return shared;
}

static void
forget(const struct courier *c, char *kept)
{
	if (kept != NULL && !c->copy)
		explicit_bzero(kept, SECRET_MAX + 1);
}

static void
drop(struct buf *secret, char **kept)
{
	buf_wipe(secret);
	buf_release(secret);
	if (*kept != NULL)
		munmap(*kept, SECRET_MAX + 1);
	*kept = NULL;
}

void
password_init(struct post *post)
{
	const struct relay *relay = post->relay;

	buf_init(&post->password, SECRET_MAX);
	post->kept_password =
	    keep(relay->oauth != NULL ? relay->oauth->token_command
				      : relay->password_command);
	buf_init(&post->key, SECRET_MAX);
	post->kept_key = keep(relay->tls_key_password_command);
}

/* One of those below: from kept, if it is there and counts
 * (1), else anew. */
static int
get(const struct courier *c, const struct post *post, char *kept, bool anew,
    int (*read)(const struct relay *, struct buf *, struct error *),
    struct buf *to, struct error *err)
{
	buf_wipe(to);
	if (kept != NULL && kept[0] != '\0' && !anew) {
		buf_add_text(to, kept);
		return 1;
	}
	if (read(post->relay, to, err) != 0)
		return -1;
	if (kept != NULL && !c->copy)
		strcpy(kept, buf_text(to));
	return 0;
}

int
password_get(
    const struct courier *c, struct post *post, bool anew, struct error *err)
{
	return get(c, post, post->kept_password, anew,
	    post->relay->oauth != NULL ? command_token : secret_read,
	    &post->password, err);
}

void
password_forget(const struct courier *c, struct post *post)
{
	forget(c, post->kept_password);
}

int
password_get_key(const struct courier *c, struct post *post, struct error *err)
{
	buf_wipe(&post->key);
	if (secret_check_key(post->relay, err) != 0)
		return -1;
	return get(c, post, post->kept_key, false, secret_read_key, &post->key,
		   err) < 0
		   ? -1
		   : 0;
}

void
password_forget_key(const struct courier *c, struct post *post)
{
	forget(c, post->kept_key);
}

void
password_release(struct post *post)
{
	drop(&post->password, &post->kept_password);
	drop(&post->key, &post->kept_key);
}
