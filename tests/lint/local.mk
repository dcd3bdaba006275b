# SPDX-License-Identifier: ISC
# Each is one check, by hand as well as here. None writes anything.
LINT_TESTS = \
	tests/lint/format.sh \
	tests/lint/hardening.sh \
	tests/lint/layers.sh \
	tests/lint/man.sh \
	tests/lint/options.sh \
	tests/lint/shell.sh \
	tests/lint/sizes.sh \
	tests/lint/symbols.sh

TESTS += $(LINT_TESTS)
EXTRA_DIST += $(LINT_TESTS) tests/lint/common.sh tests/lint/layers.awk
