# SPDX-License-Identifier: ISC
include tests/unit/local.mk
include tests/lint/local.mk
include tests/fuzz/local.mk
include tests/corpus/local.mk

AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir;

if HAVE_CMOCKA
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
else
check-local:
	@echo 'NOT RUN: the unit tests; cmocka is missing.' \
		'On Debian: apt-get install libcmocka-dev, then configure again.' >&2
	@false
endif

EXTRA_DIST += tests/README.md tests/lib.sh tests/bench tests/integration tests/dialog tests/servers tests/crash \
	tests/callers tests/tools

# Those are whole folders; and ./check bears the name of a target, so that as
# one of EXTRA_DIST it would have all tests run first.
dist-hook:
	rm -rf $(distdir)/tests/*/__pycache__
	cp -p $(top_srcdir)/check $(distdir)/check
