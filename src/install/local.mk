# SPDX-License-Identifier: ISC
# What makes it the system's: user, queue, units. The real paths go into each.
INSTALL_DIR = src/install
INSTALL_TEMPLATES = \
	src/install/pillarbox.sysusers.in \
	src/install/pillarbox.tmpfiles.in \
	src/install/pillarbox.socket.in \
	src/install/pillarbox@.service.in \
	src/install/pillarbox-smtp.socket.in \
	src/install/pillarbox-smtp@.service.in \
	src/install/pillarbox-flush.service.in \
	src/install/pillarbox-flush.timer.in \
	src/install/pillarbox-flush.path.in \
	src/install/pillarbox.cron.in \
	src/install/pillarbox.nm-dispatcher.in
INSTALL_MADE = $(INSTALL_TEMPLATES:.in=)
EXTRA_DIST += $(INSTALL_TEMPLATES) src/install/pillarbox.conf src/install/rights.sh
CLEANFILES += $(INSTALL_MADE)
spooldir = $(localstatedir)/spool/pillarbox
owner = $$(case '$(SYSTEM_USER)' in no) echo pillarbox ;; *) echo '$(SYSTEM_USER)' ;; esac)

$(INSTALL_MADE): $(INSTALL_DIR)/local.mk Makefile
	$(AM_V_GEN)$(MKDIR_P) $(INSTALL_DIR) && sed \
		-e "s|@user@|$(owner)|g" \
		-e 's|@bin@|$(bindir)|g' \
		-e 's|@libexec@|$(pkglibexecdir)|g' \
		-e 's|@spool@|$(spooldir)|g' \
		-e 's|@sysconf@|$(sysconfdir)/pillarbox|g' \
		-e 's|@socket@|$(SOCKET_PATH)|g' \
		$(srcdir)/$@.in > $@.new && mv $@.new $@

# Where both systemd and NetworkManager look; below /usr/local only the first.
unitdir = $(prefix)/lib/systemd/system
unit_DATA = \
	src/install/pillarbox.socket \
	src/install/pillarbox@.service \
	src/install/pillarbox-smtp.socket \
	src/install/pillarbox-smtp@.service \
	src/install/pillarbox-flush.service \
	src/install/pillarbox-flush.timer \
	src/install/pillarbox-flush.path
dispatcherdir = $(prefix)/lib/NetworkManager/dispatcher.d
INSTALL_RENAMED = \
	$(prefix)/lib/sysusers.d/pillarbox.conf \
	$(prefix)/lib/tmpfiles.d/pillarbox.conf \
	$(dispatcherdir)/pillarbox
doc_DATA = src/install/pillarbox.cron

.PHONY: install-renamed install-sample install-rights install-say \
	uninstall-system uninstall-folders
all-local: $(INSTALL_MADE)
install-data-local: install-renamed install-sample
install-renamed: $(INSTALL_MADE)
	$(MKDIR_P) '$(DESTDIR)$(prefix)/lib/sysusers.d' \
		'$(DESTDIR)$(prefix)/lib/tmpfiles.d' '$(DESTDIR)$(dispatcherdir)'
	$(INSTALL_DATA) src/install/pillarbox.sysusers \
		'$(DESTDIR)$(prefix)/lib/sysusers.d/pillarbox.conf'
	$(INSTALL_DATA) src/install/pillarbox.tmpfiles \
		'$(DESTDIR)$(prefix)/lib/tmpfiles.d/pillarbox.conf'
	$(INSTALL_SCRIPT) src/install/pillarbox.nm-dispatcher \
		'$(DESTDIR)$(dispatcherdir)/pillarbox'

# A configuration is its owner's from then on.
install-sample:
	$(MKDIR_P) '$(DESTDIR)$(sysconfdir)/pillarbox'
	test -e '$(DESTDIR)$(sysconfdir)/pillarbox/pillarbox.conf' || \
		$(INSTALL_DATA) $(srcdir)/src/install/pillarbox.conf \
		'$(DESTDIR)$(sysconfdir)/pillarbox/pillarbox.conf'

RIGHTS = DESTDIR='$(DESTDIR)' sh $(srcdir)/src/install/rights.sh
RIGHTS_OF = '$(SYSTEM_USER)' '$(pkglibexecdir)' '$(spooldir)' \
	'$(sysconfdir)/pillarbox/pillarbox.conf' \
	'$(abs_builddir)/src/install/pillarbox.sysusers' '$(docdir)/pillarbox.cron'
install-exec-hook: install-rights
install-rights: $(INSTALL_MADE)
	@$(RIGHTS) do $(RIGHTS_OF)
install-data-hook: install-say
install-say: install-man-paths
	@$(RIGHTS) say $(RIGHTS_OF)

# Not the user, nor the queue, nor a configuration that somebody has written.
uninstall-hook: uninstall-folders
uninstall-folders:
	-rmdir '$(DESTDIR)$(docdir)' '$(DESTDIR)$(pkglibexecdir)' 2> /dev/null
uninstall-local: uninstall-system
uninstall-system:
	for file in $(INSTALL_RENAMED); do rm -f "$(DESTDIR)$$file"; done
	! cmp -s $(srcdir)/src/install/pillarbox.conf \
		'$(DESTDIR)$(sysconfdir)/pillarbox/pillarbox.conf' || \
		rm -f '$(DESTDIR)$(sysconfdir)/pillarbox/pillarbox.conf'
