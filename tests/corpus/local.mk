# SPDX-License-Identifier: ISC
# What the tests in this folder ask; they are run by pytest, not by make.
check_PROGRAMS += tests/corpus/mend tests/corpus/judge_addresses

CORPUS_LIBS = libpillarbox.a $(IDN_LIBS) $(NETTLE_LIBS) $(UNISTRING_LIBS) $(ZLIB_LIBS)
tests_corpus_mend_SOURCES = tests/corpus/mend.c tests/fuzz/whole.c tests/fuzz/whole.h
tests_corpus_mend_LDADD = $(CORPUS_LIBS)
tests_corpus_judge_addresses_SOURCES = tests/corpus/judge_addresses.c
tests_corpus_judge_addresses_LDADD = $(CORPUS_LIBS)

EXTRA_DIST += tests/corpus/messages tests/corpus/address-exceptions.tsv \
	tests/corpus/conftest.py tests/corpus/mender.py tests/corpus/mutants.py \
	tests/corpus/pytest.ini tests/corpus/reference.py tests/corpus/rules.py \
	tests/corpus/test_addresses.py tests/corpus/test_corpus.py
