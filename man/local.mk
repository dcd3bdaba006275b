# SPDX-License-Identifier: ISC
# The pages name the paths of --prefix=/usr --sysconfdir=/etc
# --localstatedir=/var; what is installed names the real ones.
dist_man_MANS = man/pillarbox.1 man/pillarbox.conf.5 man/pillarbox-queue.5 \
	man/pillarbox-oauth.7

REAL_PATHS = sed \
	-e 's|/usr/libexec/pillarbox|$(pkglibexecdir)|g' \
	-e 's|/usr/bin/pillarbox|$(bindir)/pillarbox|g' \
	-e 's|/etc/pillarbox/|$(sysconfdir)/pillarbox/|g' \
	-e 's|/var/spool/pillarbox|$(localstatedir)/spool/pillarbox|g' \
	-e 's|/run/pillarbox/queue.sock|$(SOCKET_PATH)|g'

# The other names of pillarbox(1). They are written here, since mandoc(1)
# finds fault with any page that is no more than a reference.
MAN_LINKS = man8/sendmail.8 man1/mailq.1 man1/newaliases.1

.PHONY: install-man-paths uninstall-man-links
install-data-hook: install-man-paths
install-man-paths:
	$(REAL_PATHS) $(srcdir)/man/pillarbox.1 \
		> $(DESTDIR)$(man1dir)/pillarbox.1
	$(REAL_PATHS) $(srcdir)/man/pillarbox.conf.5 \
		> $(DESTDIR)$(man5dir)/pillarbox.conf.5
	$(REAL_PATHS) $(srcdir)/man/pillarbox-queue.5 \
		> $(DESTDIR)$(man5dir)/pillarbox-queue.5
	$(REAL_PATHS) $(srcdir)/man/pillarbox-oauth.7 \
		> $(DESTDIR)$(man7dir)/pillarbox-oauth.7
	$(MKDIR_P) $(DESTDIR)$(mandir)/man8
	umask 022; for page in $(MAN_LINKS); do \
		echo '.so man1/pillarbox.1' > $(DESTDIR)$(mandir)/$$page || exit 1; \
	done

uninstall-local: uninstall-man-links
uninstall-man-links:
	for page in $(MAN_LINKS); do rm -f $(DESTDIR)$(mandir)/$$page; done
