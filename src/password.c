/* SPDX-License-Identifier: ISC */
/* The password of a relay, and what of it is kept. */
#include "password.h"

#include "config/secret.h"

#include <sys/mman.h>

void
password_init(struct post *post)
{
	void *shared;

	buf_init(&post->password, SECRET_MAX);
	post->kept_password = NULL;
	if (post->relay->password_command == NULL)
		return;
	shared = mmap(NULL, SECRET_MAX + 1, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	/* Without it, the command runs for every session. */
	if (shared == MAP_FAILED)
		return;
	madvise(shared, SECRET_MAX + 1, MADV_DONTDUMP);
	post->kept_password = shared;
}

int
password_get(
    const struct courier *c, struct post *post, bool anew, struct error *err)
{
	char *kept = post->kept_password;

	buf_wipe(&post->password);
	if (kept != NULL && kept[0] != '\0' && !anew) {
		buf_add_text(&post->password, kept);
		return 1;
	}
	if (secret_read(post->relay, &post->password, err) != 0)
		return -1;
	if (kept != NULL && !c->copy)
		strcpy(kept, buf_text(&post->password));
	return 0;
}

void
password_forget(const struct courier *c, struct post *post)
{
	if (post->kept_password != NULL && !c->copy)
		explicit_bzero(post->kept_password, SECRET_MAX + 1);
}

void
password_release(struct post *post)
{
	buf_wipe(&post->password);
	buf_release(&post->password);
	if (post->kept_password != NULL)
		munmap(post->kept_password, SECRET_MAX + 1);
	post->kept_password = NULL;
}
