/* SPDX-License-Identifier: ISC */
/*
 * Runs a target over the files of folders, or files, without libFuzzer. With
 * no argument: over the corpus of this target. FUZZ_TARGET is its name.
 */
#include "target.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static size_t count;

static int
run_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct stat status;
	uint8_t *data;
	size_t size;

	if (file == NULL || fstat(fileno(file), &status) != 0) {
		perror(path);
		return -1;
	}
	/* Exactly as long as it is, so that a sanitizer sees its end. */
	size = (size_t)status.st_size;
	data = malloc(size > 0 ? size : 1);
	if (data == NULL || fread(data, 1, size, file) != size) {
		perror(path);
		fclose(file);
		free(data);
		return -1;
	}
	fclose(file);
	printf("%s\n", path);
	fflush(stdout);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	count++;
	return 0;
}

static int
run_folder(const char *path)
{
	struct dirent **entries;
	int rc = 0, n = scandir(path, &entries, NULL, alphasort);

	if (n < 0)
		return run_file(path);
	for (int i = 0; i < n; i++) {
		char file[4096];

		snprintf(file, sizeof file, "%s/%s", path, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.' && run_file(file) != 0)
			rc = -1;
		free(entries[i]);
	}
	free(entries);
	return rc;
}

int
main(int argc, char *argv[])
{
	const char *top = getenv("top_srcdir");
	char folder[4096];
	int rc = 0;

	for (int i = 1; i < argc; i++)
		if (run_folder(argv[i]) != 0)
			rc = -1;
	if (argc == 1) {
		snprintf(folder, sizeof folder, "%s/tests/fuzz/corpus/%s",
		    top != NULL ? top : ".", FUZZ_TARGET);
		rc = run_folder(folder);
	}
	printf("%zu files\n", count);
	return rc == 0 && count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
