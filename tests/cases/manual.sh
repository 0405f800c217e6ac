#!/bin/bash
# --help and the man page name the same options.
manual=$TESTS/../docs/tcplog.1
for command in convert validate schema codes; do
    for option in $("$TCPLOG" $command --help | grep -oE '^ +(-., )?--[a-z]+' | grep -oE -- '--[a-z]+' | grep -vE 'help|version'); do
        if grep -qE "Fl -${option#--}( |$)" "$manual"; then echo "ok - $command $option is in the man page"; else echo "not ok - $command $option is not in the man page"; fi
    done
done
all=$(for command in convert validate schema codes; do "$TCPLOG" $command --help; done)
for option in $(grep -oE '^\.It .*Fl -[a-z]+' "$manual" | grep -oE '[a-z]+$' | sort -u); do
    if grep -q -- "--$option" <<<"$all"; then echo "ok - --$option is in --help"; else echo "not ok - --$option is only in the man page"; fi
done
