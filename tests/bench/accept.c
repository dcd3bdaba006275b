/* SPDX-License-Identifier: ISC */
/*
 * What acceptance costs: starts a program COUNT times with a message on its
 * stdin, PARALLEL at once, and prints the times from start to end. Alone, so
 * that it can be copied into a chroot: gcc -O2 -static accept.c -o accept
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

struct run {
	pid_t pid;
	double begin;
};

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static struct run
start(const char *message, char **argv)
{
	struct run r = {.begin = now_ms()};
	posix_spawn_file_actions_t actions;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, message, O_RDONLY, 0);
	if (posix_spawn(&r.pid, argv[0], &actions, NULL, argv, environ) != 0) {
		perror(argv[0]);
		exit(EXIT_FAILURE);
	}
	posix_spawn_file_actions_destroy(&actions);
	return r;
}

/* Waits for any; its time goes to *took. */
static void
finish(struct run *runs, size_t n, double *took, size_t *failed)
{
	int status;
	pid_t pid = wait(&status);

	for (size_t i = 0; i < n; i++)
		if (runs[i].pid == pid) {
			*took = now_ms() - runs[i].begin;
			runs[i].pid = 0;
		}
	*failed += status != 0;
}

int
main(int argc, char **argv)
{
	size_t count, parallel, started = 0, done = 0, failed = 0;
	struct run *runs;
	double *took, begin;

	if (argc < 5) {
		fprintf(stderr, "usage: accept COUNT PARALLEL MESSAGE "
				"PROGRAM [ARGUMENT...]\n");
		return 64;
	}
	count = strtoul(argv[1], NULL, 10);
	parallel = strtoul(argv[2], NULL, 10);
	runs = calloc(count, sizeof *runs);
	took = calloc(count, sizeof *took);
	if (runs == NULL || took == NULL || count == 0)
		return EXIT_FAILURE;
	begin = now_ms();
	while (done < count) {
		while (started < count && started - done < parallel) {
			runs[started] = start(argv[3], argv + 4);
			started++;
		}
		finish(runs, started, &took[done], &failed);
		done++;
	}
	begin = now_ms() - begin;
	qsort(took, count, sizeof *took, by_size);
	printf("%zu, %zu at once: p50 %.1f ms, p99 %.1f ms, %.0f a second, "
	       "%zu failed\n",
	    count, parallel, took[count / 2], took[count * 99 / 100],
	    (double)count / begin * 1e3, failed);
	return failed > 0;
}
