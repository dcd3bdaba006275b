# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# bash-completion of pillarbox, and of its names sendmail and mailq.

# The configuration that the command line so far names, if it names one.
_pillarbox_given() {
	local i file
	for ((i = 1; i < cword; i++)); do
		case ${words[i]} in
		-C | --config) file=${words[i + 1]} ;;
		--config=*) file=${words[i]#*=} ;;
		esac
	done
	[[ ! ${file-} ]] || printf '%s' "${file/#\~\//$HOME/}"
}

# The configuration that it would use.
_pillarbox_config() {
	local own=${XDG_CONFIG_HOME:-$HOME/.config}/pillarbox/pillarbox.conf
	local given
	given=$(_pillarbox_given)
	if [[ $given ]]; then
		printf '%s' "$given"
	elif [[ ${PILLARBOX_CONFIG-} ]]; then
		printf '%s' "$PILLARBOX_CONFIG"
	elif [[ -e $own ]]; then
		printf '%s' "$own"
	else
		printf '%s' /etc/pillarbox/pillarbox.conf
	fi
}

_pillarbox_relays() {
	local config
	config=$(_pillarbox_config)
	[[ -f $config && -r $config ]] || return
	sed -nE "s/^[[:blank:]]*relay[[:blank:]]*[\"']?([^\"'{[:blank:]]+).*/\1/p" \
		"$config"
}

_pillarbox_ids() {
	local given
	given=$(_pillarbox_given)
	"${words[0]/#\~\//$HOME/}" ${given:+--config "$given"} --list \
		< /dev/null 2> /dev/null |
		sed -nE 's/^([0-9A-F]{19})[*! ].*/\1/p'
}

_pillarbox() {
	local cur prev words cword split
	_init_completion -s || return

	case $prev in
	-C | --config)
		_filedir
		return
		;;
	--relay)
		mapfile -t COMPREPLY < <(compgen -W "$(_pillarbox_relays)" -- "$cur")
		return
		;;
	-f | -r | -F | --to | --from)
		return
		;;
	esac
	$split && return

	local verb=submit word
	[[ ${words[0]##*/} == mailq ]] && verb=list
	for word in "${words[@]:1:cword-1}"; do
		case $word in
		--flush | -q*) verb=flush ;;
		--list | -bp) verb=list ;;
		--show) verb=show ;;
		--hold | --release | --remove | --bounce) verb=steer ;;
		--check) verb=check ;;
		--probe) verb=probe ;;
		--authorize) verb=authorize ;;
		--version | --help | --) return ;;
		esac
	done

	local options
	case $verb in
	submit)
		options='-t -i -f -F -C -v -odb -odi -odq -bp -bm -bi -bs -bv -q
			--relay --require-tls --config --dry-run --explain --flush --list --show --hold --release
			--remove --bounce --check --probe --authorize --version --help'
		;;
	flush) options='--force --every --json --relay --config -v' ;;
	list) options='--json --config' ;;
	show | check | authorize) options='--config' ;;
	probe) options='--json --config -v' ;;
	steer) options='--to --from --relay --config -v' ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
	elif [[ $verb == steer ]]; then
		mapfile -t COMPREPLY < <(compgen -W "all $(_pillarbox_ids)" -- "$cur")
	elif [[ $verb == probe || $verb == authorize ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_pillarbox_relays)" -- "$cur")
	elif [[ $verb == flush || $verb == show ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_pillarbox_ids)" -- "$cur")
	elif [[ ! $cur && $cword -eq 1 && ${words[0]##*/} == pillarbox ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--flush --list --show --hold
			--release --remove --bounce --check --explain --probe --authorize --version --help')
	fi
} &&
	complete -F _pillarbox pillarbox sendmail mailq
