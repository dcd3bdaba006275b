# SPDX-License-Identifier: ISC
# Each shell finds a completion by the name of its file, so sendmail and mailq
# are links; zsh reads the names in the file's first line.
EXTRA_DIST += completions/pillarbox.bash completions/_pillarbox \
	completions/pillarbox.fish

bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/site-functions
fishcompletiondir = $(datadir)/fish/vendor_completions.d

.PHONY: install-completions uninstall-completions
install-data-local: install-completions
install-completions:
	$(MKDIR_P) $(DESTDIR)$(bashcompletiondir) \
		$(DESTDIR)$(zshcompletiondir) $(DESTDIR)$(fishcompletiondir)
	umask 022; $(REAL_PATHS) $(srcdir)/completions/pillarbox.bash \
		> $(DESTDIR)$(bashcompletiondir)/pillarbox
	umask 022; $(REAL_PATHS) $(srcdir)/completions/_pillarbox \
		> $(DESTDIR)$(zshcompletiondir)/_pillarbox
	umask 022; $(REAL_PATHS) $(srcdir)/completions/pillarbox.fish \
		> $(DESTDIR)$(fishcompletiondir)/pillarbox.fish
	for name in sendmail mailq; do \
		ln -sf pillarbox $(DESTDIR)$(bashcompletiondir)/$$name && \
		ln -sf pillarbox.fish \
			$(DESTDIR)$(fishcompletiondir)/$$name.fish || exit 1; \
	done

uninstall-local: uninstall-completions
uninstall-completions:
	for name in pillarbox sendmail mailq; do \
		rm -f $(DESTDIR)$(bashcompletiondir)/$$name \
			$(DESTDIR)$(fishcompletiondir)/$$name.fish; \
	done
	rm -f $(DESTDIR)$(zshcompletiondir)/_pillarbox
