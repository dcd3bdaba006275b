/* SPDX-License-Identifier: ISC */
/* Locks of the kernel on open files. */
#include "queue/lock.h"

#include <fcntl.h>
#include <unistd.h>

bool
lock_try(int fd)
{
	struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return fcntl(fd, F_OFD_SETLK, &all) == 0;
}

bool
lock_try_octet(int fd, long octet)
{
	struct flock one = {.l_type = F_WRLCK,
	    .l_whence = SEEK_SET,
	    .l_start = octet,
	    .l_len = 1};

	return fcntl(fd, F_OFD_SETLK, &one) == 0;
}

bool
lock_is_held_octet(int fd, long octet)
{
	struct flock one = {.l_type = F_RDLCK,
	    .l_whence = SEEK_SET,
	    .l_start = octet,
	    .l_len = 1};

	return fcntl(fd, F_OFD_GETLK, &one) == 0 && one.l_type != F_UNLCK;
}

bool
lock_is_held(int fd)
{
	struct flock all = {.l_type = F_RDLCK, .l_whence = SEEK_SET};

	return fcntl(fd, F_OFD_GETLK, &all) == 0 && all.l_type != F_UNLCK;
}
