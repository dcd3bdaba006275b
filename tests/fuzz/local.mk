# SPDX-License-Identifier: ISC
# The fuzz targets, run over their corpora: a bug that was found stays found.
FUZZ_REPLAYS = \
	tests/fuzz/replay_header \
	tests/fuzz/replay_address \
	tests/fuzz/replay_aliases \
	tests/fuzz/replay_mime \
	tests/fuzz/replay_intake \
	tests/fuzz/replay_entry \
	tests/fuzz/replay_report \
	tests/fuzz/replay_smtpd \
	tests/fuzz/replay_oauth \
	tests/fuzz/replay_reply \
	tests/fuzz/replay_netrc \
	tests/fuzz/replay_tlsa \
	tests/fuzz/replay_dialog \
	tests/fuzz/replay_sasl

check_PROGRAMS += $(FUZZ_REPLAYS)
TESTS += $(FUZZ_REPLAYS)

FUZZ_SOURCES = tests/fuzz/replay.c tests/fuzz/target.h \
	tests/fuzz/strict.c tests/fuzz/strict.h
FUZZ_LIBS = libpillarbox.a $(IDN_LIBS) $(NETTLE_LIBS) $(UNISTRING_LIBS) $(ZLIB_LIBS)

tests_fuzz_replay_header_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"header"'
tests_fuzz_replay_header_SOURCES = $(FUZZ_SOURCES) tests/fuzz/fuzz_header.c
tests_fuzz_replay_header_LDADD = $(FUZZ_LIBS)
tests_fuzz_replay_address_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"address"'
tests_fuzz_replay_address_SOURCES = $(FUZZ_SOURCES) tests/fuzz/fuzz_address.c
tests_fuzz_replay_address_LDADD = $(FUZZ_LIBS)
tests_fuzz_replay_aliases_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"aliases"'
tests_fuzz_replay_aliases_SOURCES = $(FUZZ_SOURCES) tests/fuzz/fuzz_aliases.c
tests_fuzz_replay_aliases_LDADD = $(FUZZ_LIBS)
tests_fuzz_replay_mime_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"mime"'
tests_fuzz_replay_mime_SOURCES = $(FUZZ_SOURCES) tests/fuzz/fuzz_mime.c \
	tests/fuzz/decode.c tests/fuzz/decode.h tests/fuzz/whole.c tests/fuzz/whole.h
tests_fuzz_replay_mime_LDADD = $(FUZZ_LIBS)
tests_fuzz_replay_intake_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"intake"'
tests_fuzz_replay_intake_SOURCES = $(FUZZ_SOURCES) tests/fuzz/fuzz_intake.c
tests_fuzz_replay_intake_LDADD = $(FUZZ_LIBS)
tests_fuzz_replay_entry_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"entry"'
tests_fuzz_replay_entry_SOURCES = $(FUZZ_SOURCES) tests/fuzz/fuzz_entry.c
tests_fuzz_replay_entry_LDADD = $(FUZZ_LIBS)
tests_fuzz_replay_report_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"report"'
tests_fuzz_replay_report_SOURCES = $(FUZZ_SOURCES) tests/fuzz/fuzz_report.c \
	tests/fuzz/strict_report.c tests/fuzz/strict_report.h
tests_fuzz_replay_report_LDADD = $(FUZZ_LIBS)
tests_fuzz_replay_smtpd_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"smtpd"'
tests_fuzz_replay_smtpd_SOURCES = $(FUZZ_SOURCES) tests/fuzz/fuzz_smtpd.c
tests_fuzz_replay_smtpd_LDADD = $(FUZZ_LIBS)

tests_fuzz_replay_reply_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"reply"'
tests_fuzz_replay_reply_SOURCES = $(FUZZ_SOURCES) tests/fuzz/fuzz_reply.c
tests_fuzz_replay_reply_LDADD = $(FUZZ_LIBS)
tests_fuzz_replay_oauth_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"oauth"'
tests_fuzz_replay_oauth_SOURCES = $(FUZZ_SOURCES) tests/fuzz/fuzz_oauth.c
tests_fuzz_replay_oauth_LDADD = $(FUZZ_LIBS) $(CURL_LIBS) $(GNUTLS_LIBS) $(CONFUSE_LIBS) $(JANSSON_LIBS)
tests_fuzz_replay_dialog_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"dialog"'
tests_fuzz_replay_dialog_SOURCES = $(FUZZ_SOURCES) tests/fuzz/fuzz_dialog.c
tests_fuzz_replay_dialog_LDADD = $(FUZZ_LIBS)

tests_fuzz_replay_sasl_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"sasl"'
tests_fuzz_replay_sasl_SOURCES = $(FUZZ_SOURCES) tests/fuzz/fuzz_sasl.c
tests_fuzz_replay_sasl_LDADD = $(FUZZ_LIBS) $(GSASL_LIBS)

tests_fuzz_replay_netrc_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"netrc"'
tests_fuzz_replay_netrc_SOURCES = $(FUZZ_SOURCES) tests/fuzz/fuzz_netrc.c
tests_fuzz_replay_netrc_LDADD = $(FUZZ_LIBS)

tests_fuzz_replay_tlsa_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"tlsa"'
tests_fuzz_replay_tlsa_SOURCES = $(FUZZ_SOURCES) tests/fuzz/fuzz_tlsa.c
tests_fuzz_replay_tlsa_LDADD = $(FUZZ_LIBS) $(RESOLV_LIBS)

EXTRA_DIST += tests/fuzz/corpus tests/fuzz/run.sh tests/fuzz/words.dict
