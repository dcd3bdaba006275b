# SPDX-License-Identifier: ISC
# fish completion of pillarbox, and of its names sendmail and mailq.

function __pillarbox_words --description 'The command line so far, without the word at the cursor'
    commandline -opc
end

# The file of -C or --config, if there is one.
function __pillarbox_given_config
    set -l words (__pillarbox_words)
    for i in (seq (count $words))
        switch $words[$i]
            case -C --config
                set -l next (math $i + 1)
                test $next -le (count $words)
                and string replace -r '^~/' "$HOME/" -- $words[$next]
                return
            case '--config=*'
                string replace -- --config= '' $words[$i]
                return
        end
    end
end

function __pillarbox_config --description 'The configuration that the command line so far would use'
    set -l config (__pillarbox_given_config)
    set -l own $HOME/.config
    set -q XDG_CONFIG_HOME
    and set own $XDG_CONFIG_HOME
    if test -n "$config"
        echo $config
    else if set -q PILLARBOX_CONFIG[1]
        echo $PILLARBOX_CONFIG
    else if test -e $own/pillarbox/pillarbox.conf
        echo $own/pillarbox/pillarbox.conf
    else
        echo /etc/pillarbox/pillarbox.conf
    end
end

function __pillarbox_relays
    set -l config (__pillarbox_config)
    test -f $config -a -r $config
    and string replace -rf '^\s*relay\s*["\']?([^"\'{\s]+).*' '$1' <$config
end

function __pillarbox_ids
    set -l program (string replace -r '^~/' "$HOME/" -- (__pillarbox_words)[1])
    set -l config (__pillarbox_given_config)
    test -n "$config"
    and set config --config $config
    $program $config --list </dev/null 2>/dev/null |
        string replace -rf '^([0-9A-F]{19})[*! ].*' '$1'
end

function __pillarbox_verb --description 'Is this the verb of the command line so far?'
    set -l words (__pillarbox_words)
    set -l verb submit
    string match -qr '(^|/)mailq$' -- $words[1]
    and set verb list
    for word in $words[2..]
        switch $word
            case --flush '-q*'
                set verb flush
            case --list -bp
                set verb list
            case --show
                set verb show
            case --hold --release --remove --bounce
                set verb steer
            case --probe
                set verb probe
            case --authorize
                set verb authorize
            case --version --help --check
                set verb none
        end
    end
    test $verb = $argv[1]
end

for name in pillarbox sendmail mailq
    complete -c $name -f
    complete -c $name -l config -s C -r -F -d 'Use this configuration'

    set -l verb -n '__pillarbox_verb submit'
    complete -c $name $verb -l flush -d 'Send what is due, or the messages named'
    complete -c $name $verb -l list -d 'Show the queue'
    complete -c $name $verb -l show -d 'Show one message and what happened to it'
    complete -c $name $verb -l hold -d 'Keep messages from being sent'
    complete -c $name $verb -l release -d 'Let them be sent again'
    complete -c $name $verb -l remove -d 'Throw messages away'
    complete -c $name $verb -l bounce -d 'Return messages to their senders'
    complete -c $name $verb -l check -d 'Say what is wrong here'
    complete -c $name $verb -l probe -d 'Try a relay, or all, and say what it can do'
    complete -c $name $verb -l authorize -d 'Have a relay\'s token authorized (OAuth2)'
    complete -c $name -n '__pillarbox_verb authorize' -a '(__pillarbox_relays)'
    complete -c $name $verb -l relay -x -a '(__pillarbox_relays)' -d 'Use this relay'
    complete -c $name $verb -l dry-run -d 'Print what would be sent'
    complete -c $name $verb -l require-tls -d 'Have it relayed over TLS, or not at all'
    complete -c $name $verb -l explain -d 'Say what becomes of addresses; with --dry-run: what was mended'
    complete -c $name $verb -l version -d 'Print the version'
    complete -c $name $verb -l help -d 'Print the long options'
    complete -c $name $verb -s t -d 'Take recipients from the header'
    complete -c $name $verb -s i -d 'A lone dot does not end the message'
    complete -c $name $verb -s f -x -d 'Envelope sender'
    complete -c $name $verb -s F -x -d 'Full name'
    complete -c $name $verb -s v -d 'Show the dialogue with the relay'
    complete -c $name $verb -s q -d 'Send what is due'
    complete -c $name $verb -o odb -d 'Deliver in the background'
    complete -c $name $verb -o odi -d 'Deliver in the foreground'
    complete -c $name $verb -o odq -d 'Queue only'
    complete -c $name $verb -o bp -d 'Show the queue'
    complete -c $name $verb -o bm -d 'Take a message from the standard input'
    complete -c $name $verb -o bs -d 'Speak SMTP on the standard input'
    complete -c $name $verb -o bi -d 'Nothing: there is no database of aliases'

    set verb -n '__pillarbox_verb flush'
    complete -c $name $verb -l force -d 'Also what is not due yet'
    complete -c $name $verb -l every -x -a '30s 60s 5m 15m' -d 'Stay, and flush as often'
    complete -c $name $verb -l json -d 'Log to standard error, one JSON object a line'
    complete -c $name $verb -l relay -x -a '(__pillarbox_relays)' -d 'Only what goes to this relay'
    complete -c $name $verb -s v -d 'Show the dialogue with the relay'
    complete -c $name $verb -a '(__pillarbox_ids)' -d 'Queued message'

    set verb -n '__pillarbox_verb probe'
    complete -c $name $verb -l json -d 'One JSON object a line'
    complete -c $name $verb -s v -d 'Show the dialogue with the relay'
    complete -c $name $verb -a '(__pillarbox_relays)' -d 'Relay'

    set verb -n '__pillarbox_verb show'
    complete -c $name $verb -a '(__pillarbox_ids)' -d 'Queued message'

    set verb -n '__pillarbox_verb steer'
    complete -c $name $verb -l to -x -d 'Those to addresses like this'
    complete -c $name $verb -l from -x -d 'Those from addresses like this'
    complete -c $name $verb -l relay -x -a '(__pillarbox_relays)' -d 'Those that go to this relay'
    complete -c $name $verb -s v -d 'Say how many'
    complete -c $name $verb -a 'all (__pillarbox_ids)' -d 'Queued message'

    set verb -n '__pillarbox_verb list'
    complete -c $name $verb -l json -d 'One JSON object a line'
end
