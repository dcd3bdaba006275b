# SPDX-License-Identifier: ISC
# One program for each module. A test is its one source file and the library;
# those with fake_stream.c have that in place of libcurl's.
UNIT_TESTS = \
	tests/unit/test_buf \
	tests/unit/test_span \
	tests/unit/test_text \
	tests/unit/test_error \
	tests/unit/test_io \
	tests/unit/test_clock \
	tests/unit/test_id \
	tests/unit/test_log \
	tests/unit/test_logline \
	tests/unit/test_checksum \
	tests/unit/test_process \
	tests/unit/test_confine \
	tests/unit/test_child \
	tests/unit/test_behind \
	tests/unit/test_address \
	tests/unit/test_authors \
	tests/unit/test_identity \
	tests/unit/test_header \
	tests/unit/test_intake \
	tests/unit/test_spool \
	tests/unit/test_complete \
	tests/unit/test_envelope \
	tests/unit/test_message_id \
	tests/unit/test_wire \
	tests/unit/test_dkim \
	tests/unit/test_dsn \
	tests/unit/test_smtpd \
	tests/unit/test_resent \
	tests/unit/test_facts \
	tests/unit/test_reader \
	tests/unit/test_report \
	tests/unit/test_utf8 \
	tests/unit/test_base64 \
	tests/unit/test_quoted \
	tests/unit/test_encoded \
	tests/unit/test_phrase \
	tests/unit/test_qualify \
	tests/unit/test_mechanism \
	tests/unit/test_media \
	tests/unit/test_probed \
	tests/unit/test_field \
	tests/unit/test_token \
	tests/unit/test_singles \
	tests/unit/test_mime \
	tests/unit/test_mime_back \
	tests/unit/test_outgoing \
	tests/unit/test_alias_parse \
	tests/unit/test_alias_expand \
	tests/unit/test_entry_alias \
	tests/unit/test_config \
	tests/unit/test_config_error \
	tests/unit/test_config_file \
	tests/unit/test_proxy \
	tests/unit/test_units \
	tests/unit/test_paths \
	tests/unit/test_netrc \
	tests/unit/test_secret \
	tests/unit/test_secret_command \
	tests/unit/test_route \
	tests/unit/test_record \
	tests/unit/test_entry \
	tests/unit/test_entry_head \
	tests/unit/test_entry_state \
	tests/unit/test_entry_file \
	tests/unit/test_entry_corrupt \
	tests/unit/test_peek \
	tests/unit/test_steer \
	tests/unit/test_store \
	tests/unit/test_accept \
	tests/unit/test_place \
	tests/unit/test_put \
	tests/unit/test_room \
	tests/unit/test_pause \
	tests/unit/test_slot \
	tests/unit/test_rate \
	tests/unit/test_scram \
	tests/unit/test_schedule \
	tests/unit/test_lock \
	tests/unit/test_reply \
	tests/unit/test_capability \
	tests/unit/test_greeting \
	tests/unit/test_verdict \
	tests/unit/test_memory \
	tests/unit/test_trust \
	tests/unit/test_transcript \
	tests/unit/test_srv \
	tests/unit/test_tlsa \
	tests/unit/test_session \
	tests/unit/test_talk \
	tests/unit/test_lmtp \
	tests/unit/test_pipeline \
	tests/unit/test_transaction \
	tests/unit/test_body \
	tests/unit/test_fault \
	tests/unit/test_options \
	tests/unit/test_exitcode \
	tests/unit/test_listing \
	tests/unit/test_visible \
	tests/unit/test_turns \
	tests/unit/test_redirect \
	tests/unit/test_tokens \
	tests/unit/test_crew
if HAVE_SECCOMP
UNIT_TESTS += tests/unit/test_syscalls
endif

UNIT_LIBS = libpillarbox.a $(CONFUSE_LIBS) $(CURL_LIBS) $(GNUTLS_LIBS) $(GSASL_LIBS) \
	$(JANSSON_LIBS) $(IDN_LIBS) $(NETTLE_LIBS) $(UNISTRING_LIBS) $(ZLIB_LIBS) $(CMOCKA_LIBS)

tests_unit_test_buf_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_buf_SOURCES = tests/unit/test_buf.c
tests_unit_test_buf_LDADD = $(UNIT_LIBS)
tests_unit_test_span_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_span_SOURCES = tests/unit/test_span.c
tests_unit_test_span_LDADD = $(UNIT_LIBS)
tests_unit_test_text_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_text_SOURCES = tests/unit/test_text.c
tests_unit_test_text_LDADD = $(UNIT_LIBS)
tests_unit_test_error_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_error_SOURCES = tests/unit/test_error.c
tests_unit_test_error_LDADD = $(UNIT_LIBS)
tests_unit_test_io_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_io_SOURCES = tests/unit/test_io.c
tests_unit_test_io_LDADD = $(UNIT_LIBS)
tests_unit_test_clock_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_clock_SOURCES = tests/unit/test_clock.c
tests_unit_test_clock_LDADD = $(UNIT_LIBS)
tests_unit_test_id_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_id_SOURCES = tests/unit/test_id.c
tests_unit_test_id_LDADD = $(UNIT_LIBS)
tests_unit_test_log_SOURCES = tests/unit/test_log.c
tests_unit_test_log_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_log_LDADD = $(UNIT_LIBS)
tests_unit_test_logline_SOURCES = tests/unit/test_logline.c
tests_unit_test_logline_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_logline_LDADD = $(UNIT_LIBS)
tests_unit_test_checksum_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_checksum_SOURCES = tests/unit/test_checksum.c
tests_unit_test_checksum_LDADD = $(UNIT_LIBS)
tests_unit_test_process_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_process_SOURCES = tests/unit/test_process.c
tests_unit_test_process_LDADD = $(UNIT_LIBS)
tests_unit_test_confine_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_confine_SOURCES = tests/unit/test_confine.c tests/unit/scratch_folder.h
tests_unit_test_confine_LDADD = $(UNIT_LIBS)
tests_unit_test_syscalls_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_syscalls_SOURCES = tests/unit/test_syscalls.c
tests_unit_test_syscalls_LDADD = $(UNIT_LIBS) $(SECCOMP_LIBS)
tests_unit_test_child_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_child_SOURCES = tests/unit/test_child.c
tests_unit_test_child_LDADD = $(UNIT_LIBS)
tests_unit_test_behind_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_behind_SOURCES = tests/unit/test_behind.c tests/unit/scratch_folder.h
tests_unit_test_behind_LDADD = $(UNIT_LIBS)
tests_unit_test_address_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_address_SOURCES = tests/unit/test_address.c tests/unit/address_cases.h
tests_unit_test_address_LDADD = $(UNIT_LIBS)
tests_unit_test_authors_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_authors_SOURCES = tests/unit/test_authors.c tests/unit/author_cases.h
tests_unit_test_authors_LDADD = $(UNIT_LIBS)
tests_unit_test_identity_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_identity_SOURCES = tests/unit/test_identity.c
tests_unit_test_identity_LDADD = $(UNIT_LIBS)
tests_unit_test_header_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_header_SOURCES = tests/unit/test_header.c
tests_unit_test_header_LDADD = $(UNIT_LIBS)
tests_unit_test_intake_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_intake_SOURCES = tests/unit/test_intake.c tests/unit/intake_cases.h
tests_unit_test_intake_LDADD = $(UNIT_LIBS)
tests_unit_test_spool_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_spool_SOURCES = tests/unit/test_spool.c tests/unit/scratch_folder.h
tests_unit_test_spool_LDADD = $(UNIT_LIBS)
tests_unit_test_outgoing_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_outgoing_SOURCES = tests/unit/test_outgoing.c
tests_unit_test_outgoing_LDADD = $(UNIT_LIBS)
tests_unit_test_complete_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_complete_SOURCES = tests/unit/test_complete.c
tests_unit_test_complete_LDADD = $(UNIT_LIBS)
tests_unit_test_envelope_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_envelope_SOURCES = tests/unit/test_envelope.c tests/unit/envelope_cases.h
tests_unit_test_envelope_LDADD = $(UNIT_LIBS)
tests_unit_test_wire_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_wire_SOURCES = tests/unit/test_wire.c
tests_unit_test_wire_LDADD = $(UNIT_LIBS)
tests_unit_test_message_id_SOURCES = tests/unit/test_message_id.c
tests_unit_test_message_id_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_message_id_LDADD = $(UNIT_LIBS)
tests_unit_test_facts_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_facts_SOURCES = tests/unit/test_facts.c
tests_unit_test_facts_LDADD = $(UNIT_LIBS)
tests_unit_test_reader_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_reader_SOURCES = tests/unit/test_reader.c
tests_unit_test_reader_LDADD = $(UNIT_LIBS)
tests_unit_test_utf8_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_utf8_SOURCES = tests/unit/test_utf8.c
tests_unit_test_utf8_LDADD = $(UNIT_LIBS)
tests_unit_test_base64_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_base64_SOURCES = tests/unit/test_base64.c tests/unit/decode.h
tests_unit_test_base64_LDADD = $(UNIT_LIBS)
tests_unit_test_quoted_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_quoted_SOURCES = tests/unit/test_quoted.c tests/unit/decode.h
tests_unit_test_quoted_LDADD = $(UNIT_LIBS)
tests_unit_test_encoded_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_encoded_SOURCES = tests/unit/test_encoded.c tests/unit/decode.h
tests_unit_test_encoded_LDADD = $(UNIT_LIBS)
tests_unit_test_phrase_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_phrase_SOURCES = tests/unit/test_phrase.c
tests_unit_test_phrase_LDADD = $(UNIT_LIBS)
tests_unit_test_qualify_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_qualify_SOURCES = tests/unit/test_qualify.c
tests_unit_test_qualify_LDADD = $(UNIT_LIBS)
tests_unit_test_mechanism_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_mechanism_SOURCES = tests/unit/test_mechanism.c
tests_unit_test_mechanism_LDADD = $(UNIT_LIBS)
tests_unit_test_media_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_media_SOURCES = tests/unit/test_media.c
tests_unit_test_media_LDADD = $(UNIT_LIBS)
tests_unit_test_field_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_field_SOURCES = tests/unit/test_field.c
tests_unit_test_field_LDADD = $(UNIT_LIBS)
tests_unit_test_token_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_token_SOURCES = tests/unit/test_token.c
tests_unit_test_token_LDADD = $(UNIT_LIBS)
tests_unit_test_singles_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_singles_SOURCES = tests/unit/test_singles.c
tests_unit_test_singles_LDADD = $(UNIT_LIBS)
tests_unit_test_mime_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_mime_SOURCES = tests/unit/test_mime.c tests/unit/decode.h tests/unit/mime_cases.h tests/unit/mime_run.h
tests_unit_test_mime_LDADD = $(UNIT_LIBS)
tests_unit_test_mime_back_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_mime_back_SOURCES = tests/unit/test_mime_back.c tests/unit/decode.h tests/unit/mime_run.h
tests_unit_test_mime_back_LDADD = $(UNIT_LIBS)
tests_unit_test_config_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_config_SOURCES = tests/unit/test_config.c tests/unit/scratch_folder.h
tests_unit_test_config_LDADD = $(UNIT_LIBS)
tests_unit_test_config_error_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_config_error_SOURCES = tests/unit/test_config_error.c tests/unit/scratch_folder.h
tests_unit_test_config_error_LDADD = $(UNIT_LIBS)
tests_unit_test_config_file_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_config_file_SOURCES = tests/unit/test_config_file.c tests/unit/scratch_folder.h
tests_unit_test_config_file_LDADD = $(UNIT_LIBS)
tests_unit_test_proxy_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_proxy_SOURCES = tests/unit/test_proxy.c
tests_unit_test_proxy_LDADD = $(UNIT_LIBS)
tests_unit_test_units_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_units_SOURCES = tests/unit/test_units.c
tests_unit_test_units_LDADD = $(UNIT_LIBS)
tests_unit_test_paths_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_paths_SOURCES = tests/unit/test_paths.c tests/unit/scratch_folder.h
tests_unit_test_paths_LDADD = $(UNIT_LIBS)
tests_unit_test_netrc_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_netrc_SOURCES = tests/unit/test_netrc.c
tests_unit_test_netrc_LDADD = $(UNIT_LIBS)
tests_unit_test_secret_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_secret_SOURCES = tests/unit/test_secret.c tests/unit/scratch_folder.h tests/unit/secret_cases.h
tests_unit_test_secret_LDADD = $(UNIT_LIBS)
tests_unit_test_secret_command_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_secret_command_SOURCES = tests/unit/test_secret_command.c tests/unit/secret_cases.h
tests_unit_test_secret_command_LDADD = $(UNIT_LIBS)
tests_unit_test_route_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_route_SOURCES = tests/unit/test_route.c
tests_unit_test_route_LDADD = $(UNIT_LIBS)
tests_unit_test_record_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_record_SOURCES = tests/unit/test_record.c
tests_unit_test_record_LDADD = $(UNIT_LIBS)
tests_unit_test_entry_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_entry_SOURCES = tests/unit/test_entry.c tests/unit/head_cases.h
tests_unit_test_entry_LDADD = $(UNIT_LIBS)
tests_unit_test_entry_head_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_entry_head_SOURCES = tests/unit/test_entry_head.c tests/unit/head_cases.h
tests_unit_test_entry_head_LDADD = $(UNIT_LIBS)
tests_unit_test_entry_state_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_entry_state_SOURCES = tests/unit/test_entry_state.c
tests_unit_test_entry_state_LDADD = $(UNIT_LIBS)
tests_unit_test_entry_file_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_entry_file_SOURCES = tests/unit/test_entry_file.c tests/unit/scratch_queue.c tests/unit/scratch_queue.h tests/unit/scratch_entry.h
tests_unit_test_entry_file_LDADD = $(UNIT_LIBS)
tests_unit_test_entry_corrupt_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_entry_corrupt_SOURCES = tests/unit/test_entry_corrupt.c tests/unit/scratch_queue.c tests/unit/scratch_queue.h tests/unit/scratch_entry.h tests/unit/scratch_spoil.h
tests_unit_test_entry_corrupt_LDADD = $(UNIT_LIBS)
tests_unit_test_peek_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_peek_SOURCES = tests/unit/test_peek.c tests/unit/scratch_queue.c tests/unit/scratch_queue.h tests/unit/scratch_entry.h tests/unit/scratch_spoil.h
tests_unit_test_peek_LDADD = $(UNIT_LIBS)
tests_unit_test_steer_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_steer_SOURCES = tests/unit/test_steer.c tests/unit/scratch_queue.c tests/unit/scratch_queue.h
tests_unit_test_steer_LDADD = $(UNIT_LIBS)
tests_unit_test_store_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_store_SOURCES = tests/unit/test_store.c tests/unit/scratch_queue.c tests/unit/scratch_queue.h
tests_unit_test_store_LDADD = $(UNIT_LIBS)
tests_unit_test_accept_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_accept_SOURCES = tests/unit/test_accept.c tests/unit/scratch_queue.c tests/unit/scratch_queue.h
tests_unit_test_accept_LDADD = $(UNIT_LIBS)
tests_unit_test_pause_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_pause_SOURCES = tests/unit/test_pause.c tests/unit/scratch_queue.c tests/unit/scratch_queue.h
tests_unit_test_pause_LDADD = $(UNIT_LIBS)

tests_unit_test_slot_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_slot_SOURCES = tests/unit/test_slot.c tests/unit/scratch_queue.c tests/unit/scratch_queue.h
tests_unit_test_slot_LDADD = $(UNIT_LIBS)

tests_unit_test_smtpd_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_smtpd_SOURCES = tests/unit/test_smtpd.c tests/unit/smtpd_cases.h
tests_unit_test_smtpd_LDADD = $(UNIT_LIBS)
tests_unit_test_dsn_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_dsn_SOURCES = tests/unit/test_dsn.c
tests_unit_test_dsn_LDADD = $(UNIT_LIBS)
tests_unit_test_rate_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_rate_SOURCES = tests/unit/test_rate.c tests/unit/scratch_queue.c tests/unit/scratch_queue.h
tests_unit_test_rate_LDADD = $(UNIT_LIBS)
tests_unit_test_place_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_place_SOURCES = tests/unit/test_place.c tests/unit/scratch_queue.c tests/unit/scratch_queue.h tests/unit/scratch_entry.h
tests_unit_test_place_LDADD = $(UNIT_LIBS)
tests_unit_test_put_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_put_SOURCES = tests/unit/test_put.c tests/unit/scratch_queue.c tests/unit/scratch_queue.h
tests_unit_test_put_LDADD = $(UNIT_LIBS)
tests_unit_test_room_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_room_SOURCES = tests/unit/test_room.c tests/unit/scratch_queue.c tests/unit/scratch_queue.h
tests_unit_test_room_LDADD = $(UNIT_LIBS)
tests_unit_test_report_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_report_SOURCES = tests/unit/test_report.c
tests_unit_test_report_LDADD = $(UNIT_LIBS)
tests_unit_test_schedule_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_schedule_SOURCES = tests/unit/test_schedule.c
tests_unit_test_schedule_LDADD = $(UNIT_LIBS)
tests_unit_test_lock_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_lock_SOURCES = tests/unit/test_lock.c
tests_unit_test_lock_LDADD = $(UNIT_LIBS)
tests_unit_test_reply_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_reply_SOURCES = tests/unit/test_reply.c
tests_unit_test_reply_LDADD = $(UNIT_LIBS)
tests_unit_test_capability_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_capability_SOURCES = tests/unit/test_capability.c
tests_unit_test_capability_LDADD = $(UNIT_LIBS)
tests_unit_test_greeting_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_greeting_SOURCES = tests/unit/test_greeting.c
tests_unit_test_greeting_LDADD = $(UNIT_LIBS)
tests_unit_test_verdict_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_verdict_SOURCES = tests/unit/test_verdict.c
tests_unit_test_verdict_LDADD = $(UNIT_LIBS)
tests_unit_test_srv_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_srv_SOURCES = tests/unit/test_srv.c
tests_unit_test_srv_LDADD = $(UNIT_LIBS) $(RESOLV_LIBS)
tests_unit_test_tlsa_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_tlsa_SOURCES = tests/unit/test_tlsa.c
tests_unit_test_tlsa_LDADD = $(UNIT_LIBS) $(RESOLV_LIBS)
tests_unit_test_session_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_session_SOURCES = tests/unit/test_session.c tests/unit/offer.c tests/unit/offer.h tests/unit/fake_stream.c tests/unit/fake_stream.h
tests_unit_test_session_LDADD = $(UNIT_LIBS)
tests_unit_test_talk_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_talk_SOURCES = tests/unit/test_talk.c tests/unit/offer.c tests/unit/offer.h tests/unit/fake_stream.c tests/unit/fake_stream.h
tests_unit_test_talk_LDADD = $(UNIT_LIBS)
tests_unit_test_lmtp_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_lmtp_SOURCES = tests/unit/test_lmtp.c tests/unit/offer.c tests/unit/offer.h tests/unit/fake_stream.c tests/unit/fake_stream.h
tests_unit_test_lmtp_LDADD = $(UNIT_LIBS)
tests_unit_test_pipeline_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_pipeline_SOURCES = tests/unit/test_pipeline.c tests/unit/offer.c tests/unit/offer.h tests/unit/fake_stream.c tests/unit/fake_stream.h
tests_unit_test_pipeline_LDADD = $(UNIT_LIBS)
tests_unit_test_transaction_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_transaction_SOURCES = tests/unit/test_transaction.c tests/unit/offer.c tests/unit/offer.h tests/unit/fake_stream.c tests/unit/fake_stream.h
tests_unit_test_transaction_LDADD = $(UNIT_LIBS)
tests_unit_test_body_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_body_SOURCES = tests/unit/test_body.c tests/unit/offer.c tests/unit/offer.h tests/unit/fake_stream.c tests/unit/fake_stream.h
tests_unit_test_body_LDADD = $(UNIT_LIBS)
tests_unit_test_fault_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_fault_SOURCES = tests/unit/test_fault.c
tests_unit_test_fault_LDADD = $(UNIT_LIBS)
tests_unit_test_options_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_options_SOURCES = tests/unit/test_options.c
tests_unit_test_options_LDADD = $(UNIT_LIBS)
tests_unit_test_exitcode_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_exitcode_SOURCES = tests/unit/test_exitcode.c
tests_unit_test_exitcode_LDADD = $(UNIT_LIBS)
tests_unit_test_probed_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_probed_SOURCES = tests/unit/test_probed.c
tests_unit_test_probed_LDADD = $(UNIT_LIBS)
tests_unit_test_listing_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_listing_SOURCES = tests/unit/test_listing.c
tests_unit_test_listing_LDADD = $(UNIT_LIBS)
tests_unit_test_visible_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_visible_SOURCES = tests/unit/test_visible.c
tests_unit_test_visible_LDADD = $(UNIT_LIBS)
tests_unit_test_turns_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_turns_SOURCES = tests/unit/test_turns.c src/turns.c src/turns.h
tests_unit_test_turns_LDADD = $(UNIT_LIBS)
tests_unit_test_transcript_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_transcript_SOURCES = tests/unit/test_transcript.c
tests_unit_test_transcript_LDADD = $(UNIT_LIBS)
tests_unit_test_scram_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_scram_SOURCES = tests/unit/test_scram.c
tests_unit_test_scram_LDADD = $(UNIT_LIBS)
tests_unit_test_memory_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_memory_SOURCES = tests/unit/test_memory.c
tests_unit_test_memory_LDADD = $(UNIT_LIBS)
tests_unit_test_trust_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_trust_SOURCES = tests/unit/test_trust.c
tests_unit_test_trust_LDADD = $(UNIT_LIBS)
tests_unit_test_resent_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_resent_SOURCES = tests/unit/test_resent.c
tests_unit_test_resent_LDADD = $(UNIT_LIBS)
tests_unit_test_dkim_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_dkim_SOURCES = tests/unit/test_dkim.c
tests_unit_test_dkim_LDADD = $(UNIT_LIBS)

EXTRA_DIST += tests/unit/unit.h

tests_unit_test_crew_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_crew_SOURCES = tests/unit/test_crew.c \
	src/crew.c src/crew.h src/share.c src/share.h
tests_unit_test_crew_LDADD = $(UNIT_LIBS)

tests_unit_test_alias_parse_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_alias_parse_SOURCES = tests/unit/test_alias_parse.c tests/unit/alias_cases.h
tests_unit_test_alias_parse_LDADD = $(UNIT_LIBS)
tests_unit_test_alias_expand_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_alias_expand_SOURCES = tests/unit/test_alias_expand.c
tests_unit_test_alias_expand_LDADD = $(UNIT_LIBS)
tests_unit_test_entry_alias_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_entry_alias_SOURCES = tests/unit/test_entry_alias.c
tests_unit_test_entry_alias_LDADD = $(UNIT_LIBS)

tests_unit_test_redirect_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_redirect_SOURCES = tests/unit/test_redirect.c
tests_unit_test_redirect_LDADD = $(UNIT_LIBS)
tests_unit_test_tokens_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_tokens_SOURCES = tests/unit/test_tokens.c tests/unit/scratch_folder.h
tests_unit_test_tokens_LDADD = $(UNIT_LIBS)
