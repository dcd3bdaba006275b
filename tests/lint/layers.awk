# SPDX-License-Identifier: ISC
# The rules of layers.sh. Each file of src/ is an argument, as ./FOLDER/NAME.
function fault(text) {
	printf "src/%s:%d: %s\n", file, FNR, text
	faults++
}

function folder_of(path) {
	return path ~ /\// ? substr(path, 1, length(path) - length(last_of(path)) - 1) : ""
}

function last_of(path) {
	sub(/.*\//, "", path)
	return path
}

function has(list, word) {
	return index(" " list " ", " " word " ") > 0
}

BEGIN {
	below["base"] = ""
	below["message"] = "base"
	below["alias"] = "base message"
	below["config"] = "base message"
	below["queue"] = "base message"
	below["delivery"] = "base message config"
	below["oauth"] = "base message config queue delivery"
	below["smtpd"] = "base message"
	below["cli"] = "base message queue"

	door["confuse.h"] = "config/config.c config/fill.h config/fill_oauth.h config/fill_relay.h config/values.h config/settings.h config/checks.h"
	door["curl/*"] = "delivery/stream_state.h delivery/fault.c delivery/fault_proxy.c oauth/https.c"
	door["gnutls/*"] = "delivery/alert.c delivery/binding.c delivery/memory_tls.c delivery/trust.c delivery/trust_crl.c delivery/trust_token.c delivery/trust_certificate.c delivery/trust_files.c delivery/trust_chain.h delivery/trust_match.c"
	door["gsasl.h"] = "delivery/sasl.c"
	door["jansson.h"] = "cli/listing_json.c cli/probed_json.c oauth/members.c"
	door["resolv.h"] = "delivery/dns.c"
	door["arpa/nameser.h"] = "delivery/dns.c"
	door["idn2.h"] = "message/idn.c"
	door["nettle/*"] = "message/base64.c oauth/pkce.c"
	door["seccomp.h"] = "base/syscalls.c"
	door["unistr.h"] = "message/utf8.c"
	door["zlib.h"] = "base/checksum.c"

	# What such a header opens stays in its folder.
	private = "alias/list_file.h config/settings.h config/checks.h config/check_queue.h config/check_oauth.h config/fill.h config/fill_oauth.h config/fill_relay.h config/values.h delivery/stream_state.h"

	system_headers = "assert.h ctype.h errno.h inttypes.h limits.h locale.h" \
	    " math.h setjmp.h signal.h stdarg.h stdatomic.h stdbool.h stddef.h stdint.h" \
	    " stdio.h stdlib.h stdnoreturn.h string.h strings.h time.h" \
	    " arpa/* dirent.h err.h fcntl.h fnmatch.h ftw.h getopt.h glob.h" \
	    " grp.h libgen.h linux/* malloc.h net/* netdb.h netinet/* poll.h pthread.h" \
	    " pwd.h regex.h sched.h search.h spawn.h sys/* sysexits.h syslog.h" \
	    " termios.h unistd.h"
}

FNR == 1 {
	file = FILENAME
	sub(/^\.\//, "", file)
	own = folder_of(file)
	if (own != "" && !(own in below))
		fault("the folder " own "/ has no layer; see layers.awk")
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, part, "\"")
	name = part[2]
	folder = folder_of(name)
	if (own == "") {
		if (folder != "" && !(folder in below))
			fault("\"" name "\" is in no layer")
	} else if (folder == "")
		fault("\"" name "\" must be written with its folder," \
		    " and the top of src/ is above " own "/")
	else if (folder != own && !has(below[own], folder))
		fault(own "/ must not include \"" name "\"")
	if (folder != own && has(private, name))
		fault("\"" name "\" is private to " folder "/")
	next
}

/^[ \t]*#[ \t]*include[ \t]*</ {
	split($0, part, /[<>]/)
	name = part[2]
	sub(/^[ \t]+/, "", name)
	any = name
	sub(/\/.*/, "/*", any)
	if (name in door)
		any = name
	if (any in door) {
		if (!has(door[any], file))
			fault("<" name "> may only be included by " door[any])
	} else if (!has(system_headers, any))
		fault("<" name "> is neither libc nor has it a door; see layers.awk")
	next
}

/^[ \t]*#[ \t]*include/ {
	fault("an include that layers.sh cannot follow")
}

END {
	printf "%d files, %d out of layer\n", ARGC - 1, faults
	exit faults > 0
}
