# SPDX-License-Identifier: ISC
# Everything but the three mains is in one library, for programs and tests;
# each program takes from it what it uses, and links no more than that.
noinst_LIBRARIES += libpillarbox.a
libpillarbox_a_SOURCES = \
	src/base/behind.c src/base/behind.h \
	src/base/buf.c src/base/buf.h \
	src/base/checksum.c src/base/checksum.h \
	src/base/clock.c src/base/clock.h \
	src/base/confine.c src/base/confine.h \
	src/base/error.c src/base/error.h \
	src/base/id.c src/base/id.h \
	src/base/io.c src/base/io.h \
	src/base/limits.h \
	src/base/log.c src/base/log.h \
	src/base/logline.c src/base/logline.h \
	src/base/logsocket.c src/base/logsocket.h \
	src/base/logtext.c src/base/logtext.h \
	src/base/process.c src/base/process.h \
	src/base/process_rights.c \
	src/base/quota.h \
	src/base/session.c src/base/session.h \
	src/base/span.h \
	src/base/syscalls.c src/base/syscalls.h \
	src/base/text.c src/base/text.h \
	src/message/address.c src/message/address.h \
	src/message/address_check.c \
	src/message/address_set.c src/message/address_set.h \
	src/message/address_text.c \
	src/message/atom.h \
	src/message/author_list.c src/message/author_list.h \
	src/message/authors.c src/message/authors.h \
	src/message/complete.c src/message/complete.h \
	src/message/envelope.c src/message/envelope.h \
	src/message/envelope_make.c \
	src/message/extract.c src/message/extract.h \
	src/message/head.c src/message/head.h \
	src/message/header.c src/message/header.h \
	src/message/identity.c src/message/identity.h \
	src/message/idn.c src/message/idn.h \
	src/message/intake.c src/message/intake.h \
	src/message/resent.c src/message/resent.h \
	src/message/rules.c src/message/rules.h \
	src/message/scan.c src/message/scan.h \
	src/message/singles.c src/message/singles.h \
	src/message/spool.c src/message/spool.h \
	src/message/utf8.c src/message/utf8.h \
	src/message/base64.c src/message/base64.h \
	src/message/content.c src/message/content.h \
	src/message/date.c src/message/date.h \
	src/message/dkim.c src/message/dkim.h \
	src/message/dsn.c src/message/dsn.h \
	src/message/encoded.c src/message/encoded.h \
	src/message/enhanced_code.c src/message/enhanced_code.h \
	src/message/facts.c src/message/facts.h \
	src/message/field.c src/message/field.h \
	src/message/fold.c src/message/fold.h \
	src/message/leaf.c src/message/leaf.h \
	src/message/lexeme.c src/message/lexeme.h \
	src/message/media.c src/message/media.h \
	src/message/mailbox.c src/message/mailbox.h \
	src/message/mends.c src/message/mends.h \
	src/message/message_id.c src/message/message_id.h \
	src/message/mime.c src/message/mime.h \
	src/message/outgoing.c src/message/outgoing.h \
	src/message/parameters.c src/message/parameters.h \
	src/message/pattern.c src/message/pattern.h \
	src/message/phrase.c src/message/phrase.h \
	src/message/qualify.c src/message/qualify.h \
	src/message/quoted.c src/message/quoted.h \
	src/message/reader.c src/message/reader.h \
	src/message/report.c src/message/report.h \
	src/message/report_letter.c src/message/report_letter.h \
	src/message/report_original.c src/message/report_original.h \
	src/message/report_status.c src/message/report_status.h \
	src/message/report_text.c src/message/report_text.h \
	src/message/token.c src/message/token.h \
	src/message/walk.c src/message/walk.h \
	src/message/wire.c src/message/wire.h \
	src/alias/aliases.c src/alias/aliases.h \
	src/alias/expand.c src/alias/expand.h \
	src/alias/list_file.c src/alias/list_file.h \
	src/alias/parse.c \
	src/alias/targets.c \
	src/config/check_names.c src/config/check_names.h \
	src/config/check_oauth.c src/config/check_oauth.h \
	src/config/check_queue.c src/config/check_queue.h \
	src/config/fill.c src/config/fill.h \
	src/config/fill_oauth.c src/config/fill_oauth.h \
	src/config/fill_relay.c src/config/fill_relay.h \
	src/config/oauth.h \
	src/config/check_relay.c src/config/check_relay.h \
	src/config/check_session.c src/config/check_session.h \
	src/config/check_tls.c src/config/check_tls.h \
	src/config/checks.c src/config/checks.h \
	src/config/config.c src/config/config.h \
	src/config/mechanism.c src/config/mechanism.h \
	src/config/netrc.c src/config/netrc.h \
	src/config/own_names.c src/config/own_names.h \
	src/config/paths.c src/config/paths.h \
	src/config/provider.c src/config/provider.h \
	src/config/proxy.c src/config/proxy.h \
	src/config/remarks.c src/config/remarks.h \
	src/config/route.c \
	src/config/secret.c src/config/secret.h \
	src/config/secret_file.c src/config/secret_file.h \
	src/config/secret_command.c src/config/secret_command.h \
	src/config/settings.c src/config/settings.h \
	src/config/units.c src/config/units.h \
	src/config/values.c src/config/values.h \
	src/config/words.c src/config/words.h \
	src/queue/bound.c src/queue/bound.h \
	src/queue/accept.c src/queue/accept.h \
	src/queue/alias.c \
	src/queue/entry.c src/queue/entry.h \
	src/queue/entry_file.c \
	src/queue/entry_append.c \
	src/queue/entry_read.c src/queue/entry_read.h \
	src/queue/entry_state.c \
	src/queue/folder.c src/queue/folder.h \
	src/queue/frame.h \
	src/queue/keyword.c src/queue/keyword.h \
	src/queue/lock.c src/queue/lock.h \
	src/queue/look.c src/queue/look.h \
	src/queue/pause.c src/queue/pause.h \
	src/queue/pause_text.c src/queue/pause_text.h \
	src/queue/slot.c src/queue/slot.h \
	src/queue/rate.c src/queue/rate.h \
	src/queue/place.c src/queue/place.h \
	src/queue/place_mend.c \
	src/queue/put.c \
	src/queue/record.c src/queue/record.h \
	src/queue/room.c src/queue/room.h \
	src/queue/schedule.c src/queue/schedule.h \
	src/queue/steer.c src/queue/steer.h \
	src/queue/store.c src/queue/store.h \
	src/queue/sweep.c \
	src/queue/walk.c src/queue/walk.h \
	src/delivery/blank.c src/delivery/blank.h \
	src/delivery/answer.c src/delivery/answer.h \
	src/delivery/answer_early.c \
	src/delivery/answer_end.c \
	src/delivery/asked.c src/delivery/asked.h \
	src/delivery/alert.c src/delivery/alert.h \
	src/delivery/bearer.c src/delivery/bearer.h \
	src/delivery/binding.c src/delivery/binding.h \
	src/delivery/body.c src/delivery/body.h \
	src/delivery/capability.c src/delivery/capability.h \
	src/delivery/chunks.c src/delivery/chunks.h \
	src/delivery/command.c src/delivery/command.h \
	src/delivery/connect.c \
	src/delivery/connect_fault.c \
	src/delivery/connect_options.c \
	src/delivery/fault.c src/delivery/fault.h \
	src/delivery/fault_hint.c src/delivery/fault_hint.h \
	src/delivery/fault_login.c src/delivery/fault_login.h \
	src/delivery/fault_pin.c src/delivery/fault_pin.h \
	src/delivery/fault_proxy.c src/delivery/fault_proxy.h \
	src/delivery/fault_tls.c src/delivery/fault_tls.h \
	src/delivery/findings.c src/delivery/findings.h \
	src/delivery/flight.c src/delivery/flight.h \
	src/delivery/greeting.c src/delivery/greeting.h \
	src/delivery/hear.c src/delivery/hear.h \
	src/delivery/judge.c src/delivery/judge.h \
	src/delivery/hide.c src/delivery/hide.h \
	src/delivery/lhlo.c src/delivery/lhlo.h \
	src/delivery/login.c src/delivery/login.h \
	src/delivery/login_bound.c src/delivery/login_bound.h \
	src/delivery/memory.c src/delivery/memory.h \
	src/delivery/memory_tls.c \
	src/delivery/peer.c src/delivery/peer.h \
	src/delivery/prove.c \
	src/delivery/push.c src/delivery/push.h \
	src/delivery/reply.c src/delivery/reply.h \
	src/delivery/sasl.c src/delivery/sasl.h \
	src/delivery/scram.c src/delivery/scram.h \
	src/delivery/session.c src/delivery/session.h \
	src/delivery/dane.c src/delivery/dane.h \
	src/delivery/dane_text.c \
	src/delivery/dns.c src/delivery/dns.h \
	src/delivery/fault_dane.c src/delivery/fault_dane.h \
	src/delivery/srv.c src/delivery/srv.h \
	src/delivery/srv_order.c \
	src/delivery/stream.c src/delivery/stream.h \
	src/delivery/stream_state.h \
	src/delivery/target.c src/delivery/target.h \
	src/delivery/talk.c src/delivery/talk.h \
	src/delivery/transaction.c src/delivery/transaction.h \
	src/delivery/transcript.c src/delivery/transcript.h \
	src/delivery/trust.c src/delivery/trust.h \
	src/delivery/trust_crl.c \
	src/delivery/trust_token.c \
	src/delivery/trust_files.c src/delivery/trust_files.h \
	src/delivery/trust_chain.c src/delivery/trust_chain.h \
	src/delivery/trust_dane.c src/delivery/trust_dane.h \
	src/delivery/trust_match.c \
	src/delivery/tlsa.c src/delivery/tlsa.h \
	src/delivery/trust_certificate.c \
	src/delivery/verdict.c src/delivery/verdict.h \
	src/delivery/wording.c src/delivery/wording.h \
	src/oauth/cache.c src/oauth/cache.h \
	src/oauth/cache_read.c \
	src/oauth/code.c src/oauth/code.h \
	src/oauth/command.c src/oauth/command.h \
	src/oauth/device.c src/oauth/device.h \
	src/oauth/form.c src/oauth/form.h \
	src/oauth/grant.c src/oauth/grant.h \
	src/oauth/https.c src/oauth/https.h \
	src/oauth/look.c src/oauth/look.h \
	src/oauth/members.c src/oauth/members.h \
	src/oauth/oauth.c src/oauth/oauth.h \
	src/oauth/pkce.c src/oauth/pkce.h \
	src/oauth/redirect.c src/oauth/redirect.h \
	src/oauth/renew.c src/oauth/renew.h \
	src/oauth/token.c src/oauth/token.h \
	src/smtpd/commands.c src/smtpd/commands.h \
	src/smtpd/content.c \
	src/smtpd/dialogue.c src/smtpd/dialogue.h \
	src/smtpd/input.c src/smtpd/input.h \
	src/smtpd/mail_rcpt.c \
	src/smtpd/parameters.c \
	src/smtpd/path.c src/smtpd/path.h \
	src/smtpd/reply.c src/smtpd/reply.h \
	src/smtpd/smtpd.c src/smtpd/smtpd.h \
	src/smtpd/unstuff.c src/smtpd/unstuff.h \
	src/cli/effects.c src/cli/effects.h \
	src/cli/exitcode.c src/cli/exitcode.h \
	src/cli/letters.c src/cli/letters.h \
	src/cli/listing.c src/cli/listing.h \
	src/cli/listing_json.c \
	src/cli/options.c src/cli/options.h \
	src/cli/options_check.c src/cli/options_check.h \
	src/cli/picks.c src/cli/picks.h \
	src/cli/probed.c src/cli/probed.h \
	src/cli/probed_json.c \
	src/cli/visible.c src/cli/visible.h
libpillarbox_a_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS) $(GNUTLS_CFLAGS) \
	$(CONFUSE_CFLAGS) $(GSASL_CFLAGS) $(JANSSON_CFLAGS) $(IDN_CFLAGS) $(NETTLE_CFLAGS) $(SECCOMP_CFLAGS) \
	$(UNISTRING_CFLAGS) $(ZLIB_CFLAGS)

bin_PROGRAMS = pillarbox
pillarbox_SOURCES = src/pillarbox.c \
	src/authorize.c src/authorize.h \
	src/check.c src/check.h src/check_aliases.c src/check_files.c src/check_files.h \
	src/check_relay_files.c \
	src/flush.c src/flush.h \
	src/gate.c src/gate.h \
	src/gate_answer.c \
	src/attempt.c src/attempt.h \
	src/handover.c src/handover.h \
	src/list.c src/list.h \
	src/probe.c src/probe.h \
	src/resolve.c src/resolve.h \
	src/backlog.c src/backlog.h \
	src/show.c src/show.h \
	src/selection.c src/selection.h \
	src/explain.c src/explain.h \
	src/steering.c src/steering.h \
	src/serve_smtp.c src/serve_smtp.h \
	src/submission.c src/submission.h \
	src/submit.c src/submit.h
pillarbox_LDADD = libpillarbox.a $(CONFUSE_LIBS) $(JANSSON_LIBS) \
	$(IDN_LIBS) $(NETTLE_LIBS) $(UNISTRING_LIBS) $(ZLIB_LIBS)

pkglibexec_PROGRAMS = pillarbox-queue pillarbox-deliver
pillarbox_queue_SOURCES = src/pillarbox-queue.c \
	src/patience.c src/patience.h \
	src/second.c src/second.h \
	src/serve.c src/serve.h \
	src/verbs.c src/verbs.h \
	src/verbs_list.c src/verbs_list.h
pillarbox_queue_LDADD = libpillarbox.a $(ZLIB_LIBS)

pillarbox_deliver_SOURCES = src/pillarbox-deliver.c \
	src/allowance.c src/allowance.h \
	src/attempt_log.c src/attempt_log.h \
	src/bounce.c src/bounce.h \
	src/call.c src/call.h \
	src/consent.c src/consent.h \
	src/crew.c src/crew.h \
	src/courier.c src/courier_open.c src/courier_report.c src/deliver.c src/deliver.h src/settle.c src/settle.h \
	src/parcel.c src/parcel.h \
	src/parcel_end.c src/parcel_end.h \
	src/direct.c src/direct.h \
	src/downgrade.c src/downgrade.h \
	src/due.c src/due.h src/due_flush.h src/due_caller.c \
	src/due_all.c src/due_take.c src/due_end.c \
	src/due_one.c src/due_listed.c src/due_new.c \
	src/fence.c src/fence.h \
	src/giveback.c src/giveback.h \
	src/inspect.c src/inspect.h \
	src/news.c src/news.h \
	src/note.c src/note.h \
	src/outage.c src/outage.h \
	src/outcome.c src/outcome.h \
	src/password.c src/password.h \
	src/pin.c src/pin.h \
	src/progress.c src/progress.h \
	src/resolve.c src/resolve.h \
	src/resident.c src/resident.h \
	src/rewrite.c src/rewrite.h \
	src/secrets.c src/secrets.h \
	src/share.c src/share.h \
	src/turns.c src/turns.h
pillarbox_deliver_LDADD = libpillarbox.a $(CONFUSE_LIBS) $(CURL_LIBS) \
	$(GNUTLS_LIBS) $(GSASL_LIBS) $(JANSSON_LIBS) $(IDN_LIBS) $(NETTLE_LIBS) $(RESOLV_LIBS) \
	$(SECCOMP_LIBS) \
	$(UNISTRING_LIBS) $(ZLIB_LIBS)

EXTRA_DIST += src/README.md
include src/install/local.mk

# The names that the world calls us by; relative, so that DESTDIR moves them.
install-exec-hook:
	$(MKDIR_P) $(DESTDIR)$(sbindir) $(DESTDIR)$(prefix)/lib
	cd $(DESTDIR)$(bindir) && ln -sf pillarbox mailq && \
		ln -sf pillarbox newaliases
	ln -sfr $(DESTDIR)$(bindir)/pillarbox $(DESTDIR)$(sbindir)/sendmail
	ln -sfr $(DESTDIR)$(bindir)/pillarbox $(DESTDIR)$(prefix)/lib/sendmail

uninstall-hook:
	rm -f $(DESTDIR)$(sbindir)/sendmail $(DESTDIR)$(bindir)/mailq \
		$(DESTDIR)$(bindir)/newaliases $(DESTDIR)$(prefix)/lib/sendmail
