# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034,SC2154
# Sourced by try and check, which set $top and $tmp: the packages they need,
# and what both do.

# The names are Debian 12's.
BUILD_PACKAGES="gcc libc6-dev make autoconf automake pkg-config
	libcurl4-gnutls-dev libgnutls28-dev libconfuse-dev libgsasl-dev libidn2-dev libjansson-dev libunistring-dev nettle-dev zlib1g-dev"
RELAY_PACKAGES="python3 python3-aiosmtpd openssl"
CHECK_PACKAGES="binutils gnutls-bin softhsm2 clang clang-format libc-bin libcmocka-dev libseccomp-dev mandoc
	e2fsprogs monitoring-plugins-standard python3-pytest python3-pytest-xdist shellcheck strace universal-ctags util-linux xfsprogs
	xz-utils"
LONG_PACKAGES="fuse3 libfuse3-dev valgrind"
CALLERS_PACKAGES="debootstrap make util-linux"

export PYTHONDONTWRITEBYTECODE=1

# say TEXT: the heading of what comes now.
say() {
	printf '\n== %s\n' "$1"
}

# lacking PACKAGE...: those that are not installed.
lacking() {
	for package; do
		case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null) in
		installed) ;;
		*) printf '%s ' "$package" ;;
		esac
	done
}

# install_missing COMMAND PACKAGE...: as root installs what is missing; else
# says how to, for the sake of COMMAND, and fails.
install_missing() {
	command=$1
	shift
	command -v dpkg-query > /dev/null || {
		echo "This is no Debian, so nothing is installed. Needed here, by Debian's names: $*"
		return 0
	}
	missing=$(lacking "$@")
	missing=${missing% }
	[ -n "$missing" ] || return 0
	install="apt-get install -y --no-install-recommends $missing"
	if [ "$(id -u)" -ne 0 ]; then
		if command -v sudo > /dev/null; then
			line="sudo $install"
		else
			line="su -c '$install'"
		fi
		printf '%s\n\n    %s\n\n%s\n' "Some packages are missing. Please run" "$line" \
			"and then $command again (or $command as root, which installs them itself)."
		return 1
	fi
	say "Installing $missing"
	export DEBIAN_FRONTEND=noninteractive
	# shellcheck disable=SC2086
	{ apt-get -q update && $install; } < /dev/null > "$tmp/apt.log" 2>&1 && return
	cat "$tmp/apt.log"
	echo "apt-get could not install all of: $missing"
	return 1
}

# start_relay FOLDER [OPTION...]: tests/tools/relay.py; sets $relay and $port.
# FOLDER gets its certificate, relay.log with the transcript, and the mail.
start_relay() {
	relay_folder=$1
	shift
	/usr/bin/python3 "$top/tests/tools/relay.py" --dir "$relay_folder" "$@" \
		< /dev/null > "$relay_folder/relay.log" 2>&1 &
	relay=$!
	tries=100
	until grep -q '^port ' "$relay_folder/relay.log"; do
		tries=$((tries - 1))
		if [ $tries -eq 0 ] || ! kill -0 "$relay" 2> /dev/null; then
			echo "The relay did not start:"
			cat "$relay_folder/relay.log"
			return 1
		fi
		sleep 0.1
	done
	port=$(sed -n 's/^port //p' "$relay_folder/relay.log")
}

stop_relay() {
	[ -n "${relay:-}" ] || return 0
	kill "$relay" 2> /dev/null
	wait "$relay" 2> /dev/null
	relay=
}

# configure_for_relay FILE QUEUE: a configuration for what start_relay started.
configure_for_relay() {
	(
		umask 077
		cat > "$1" <<EOF
queue {
    path = "$2"
}
relay "loopback" {
    host        = "localhost"
    port        = $port
    tls         = starttls
    tls-ca-file = "$relay_folder/ca.pem"
    user        = "alice@example.com"
    password    = "open sesame"
}
EOF
	)
}
