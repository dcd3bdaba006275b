#!/bin/sh
# SPDX-License-Identifier: ISC
# What "make install" does as root and into this very system: the user, the
# queue, and the rights of the helpers (rights.sh do); and then says, or else
# says what is left to be done (rights.sh say).
# usage: rights.sh do|say USER LIBEXEC SPOOL CONFIGURATION SYSUSERS-FILE CRON-FILE
set -eu
verb=$1
user=$2
libexec=$3
spool=$4
conf=$5
sysusers=$6
cron=$7

[ "$user" != no ] || exit 0
ours=yes
if [ -n "${DESTDIR:-}" ] || [ "$(id -u)" -ne 0 ]; then
	ours=no
fi
if [ "$verb$ours" = sayno ]; then
	echo "pillarbox works for users with a configuration of their own. For the system's queue, as root:
    a user \"$user\", and $spool with queue, tmp, corrupt and relays in it, all its own and mode 0700;
    in $libexec: chown $user:$user *; chmod 4755 pillarbox-queue; chmod 6755 pillarbox-deliver"
fi
if [ "$verb$ours" = sayyes ]; then
	echo "pillarbox is installed. Name your relay in $conf; and let a flush come by:"
	if [ -d /run/systemd/system ]; then
		echo "    systemctl daemon-reload
    systemctl enable --now pillarbox-flush.timer pillarbox.socket pillarbox-flush.path"
	else
		echo "    cp $cron /etc/cron.d/pillarbox
or, where there is no cron, have this run: pillarbox --flush --every 60s"
	fi
	echo "Then see what is left to do: pillarbox --check"
fi
[ "$verb$ours" = doyes ] || exit 0

if ! getent passwd "$user" > /dev/null; then
	if command -v systemd-sysusers > /dev/null; then
		systemd-sysusers "$sysusers"
	elif command -v useradd > /dev/null; then
		useradd --system --user-group --no-create-home --home-dir / --shell /usr/sbin/nologin "$user"
	else
		addgroup -S "$user"
		adduser -S -D -H -h / -s /sbin/nologin -G "$user" "$user"
	fi
fi
# A queue that was root's, of an earlier version, goes with all it has.
if [ -d "$spool" ] && [ ! -L "$spool" ]; then
	chown -hR "$user:$user" "$spool"
fi
for folder in "$spool" "$spool/queue" "$spool/tmp" "$spool/corrupt" "$spool/relays"; do
	install -d -m 0700 -o "$user" -g "$user" "$folder"
done
chown "$user:$user" "$libexec/pillarbox-queue" "$libexec/pillarbox-deliver"
chmod 4755 "$libexec/pillarbox-queue"
chmod 6755 "$libexec/pillarbox-deliver"
