/* SPDX-License-Identifier: ISC */
/*
 * Giving up what a process will not need, so that whoever takes it over has no
 * use of it: Landlock, where the kernel has it (5.19 and later).
 */
#ifndef BASE_CONFINE_H
#define BASE_CONFINE_H

#include <stdbool.h>

/*
 * From now on this process and its children read files only beneath the
 * readable paths, and read and write, make and remove them only beneath the
 * writable ones; they start no program, listen on no TCP port (with binds: on
 * none of their choice), and gain no privileges. What is open stays open. Both
 * lists end in NULL; a path that is not there counts for nothing, so make it
 * first. A symbolic link counts for what it leads to.
 *
 * False, and nothing is given up, where the kernel cannot do it: it is a second
 * line of defence, and never a reason not to work.
 */
bool confine(
    const char *const readable[], const char *const writable[], bool binds);

#endif
